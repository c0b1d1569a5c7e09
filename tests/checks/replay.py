#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""One replay of a review: what tfready says of a document, against expected.json beside it, member for member.

With TFREADY_UPDATE_GOLDEN=1 the scores are written instead; findings and verdicts never are: they are decided by hand. Scores are
those of the policies of scored.txt beside the folders, so that a policy more in the catalogue does not change them.
usage: replay.py TFREADY REPLAY_DIR

expected.json:
  title       what is replayed
  document    a file of another folder (default: the one in this folder)
  arguments   options; they are meant from within the folder
  verdict     GO, CONDITIONAL GO or NO-GO
  open        {"P0": {policy: [address]}, "P1": ...}: all of them, no other one may be there
  listed      {"cosmetic" or "waived": {policy: [address]}}: all of them
  advice      {policy: [address]}: open P2 that must be there
  undecided   {policy: [address]}: must be there
  silent      [policy]: that have no finding at all
  coverage    [least, most] per cent; p0_coverage the same
  scores      {category: hundredths or null, "overall": 0 to 100}
  awaited     {policy: {"P0", "P1", "P2", "undecided": [address]}}: what a policy that is not in the catalogue yet has to find;
              from the day it is there, it has to. The address "*" is any.
  meanwhile   another verdict that is right as long as something is awaited
  shuffled    true: another order of the resources gives the same findings
  formats     true: no format shows a secret
"""
import difflib
import gzip
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

FORMATS = ["text", "markdown", "html", "json", "ndjson", "sarif", "junit", "gitlab", "csv", "github", "prometheus", "conftest"]
EXIT = {"GO": 0, "NO-GO": 1, "CONDITIONAL GO": 3}
MEMBERS = {"title", "document", "arguments", "verdict", "open", "listed", "advice", "undecided", "silent", "coverage", "p0_coverage", "scores",
           "awaited", "meanwhile", "shuffled", "formats"}


def run(tool, folder, arguments, document):
    done = subprocess.run([tool, "--no-config", "--as-of", "2026-01-15", *arguments, document], cwd=folder, capture_output=True,
                          check=False)
    return done.returncode, done.stdout, done.stderr


def lines(findings):
    """{policy: [address]} as sorted lines."""
    return sorted(f"{policy} {address}" for policy, addresses in findings.items() for address in addresses)


def found(report, state, severity=None):
    return sorted(f"{f['policy']} {f['address']}" for f in report["findings"]
                  if f["state"] == state and severity in (None, f["severity"]))


def is_there(wanted, there):
    policy, _, address = wanted.partition(" ")
    return any(line.startswith(policy + " ") for line in there) if address == "*" else wanted in there


class Replay:
    def __init__(self, tool, folder):
        self.tool, self.folder = tool, folder
        self.file = folder / "expected.json"
        self.want = json.loads(self.file.read_text(encoding="utf-8"))
        self.wrong = [f"expected.json: nobody knows what {key} is" for key in self.want.keys() - MEMBERS]
        names = ("plan.json", "plan.json.gz", "state.json", "state.json.gz")
        self.document = self.want.get("document") or next(name for name in names if (folder / name).exists())
        listing = subprocess.run([tool, "policies", "list"], capture_output=True, text=True, check=True).stdout
        self.catalogue = {line.split()[0] for line in listing.splitlines() if line.startswith("TFR-")}

    def awaited(self):
        """What policies that are there by now have to find, by severity or "undecided"; and those that are not."""
        due, missing = {}, []
        for policy, finds in self.want.get("awaited", {}).items():
            if policy not in self.catalogue:
                missing.append(policy)
                continue
            for kind, addresses in finds.items():
                due.setdefault(kind, []).extend(f"{policy} {address}" for address in addresses)
        return due, missing

    def exactly(self, what, wanted, there):
        there = [line for line in there if not any(w.endswith(" *") and is_there(w, [line]) for w in wanted)]
        wanted = sorted(w for w in set(wanted) if not w.endswith(" *"))
        if wanted != there:
            self.wrong.append(f"{what}:")
            self.wrong += [line for line in difflib.unified_diff(wanted, there, "expected", "tfready", lineterm="", n=0)
                           if not line.startswith("@@")]

    def at_least(self, what, wanted, there):
        self.wrong += [f"{what}: {line} is not there" for line in wanted if not is_there(line, there)]

    def check(self, code, report):
        want, due_missing = self.want, self.awaited()
        due, missing = due_missing
        verdict = report["verdict"]
        if verdict not in (want["verdict"], want.get("meanwhile") if missing else None):
            self.wrong.append(f"verdict: {verdict} instead of {want['verdict']} ({'; '.join(report['reasons'])})")
        if code != EXIT[verdict] and not (code == 4 and verdict == "NO-GO"):
            self.wrong.append(f"exit code: {code}")
        for severity in ("P0", "P1"):
            wanted = lines(want.get("open", {}).get(severity, {})) + due.get(severity, [])
            there = found(report, "open", severity)
            self.at_least(f"open {severity}", [w for w in wanted if w.endswith(" *")], there)
            self.exactly(f"open {severity}", wanted, there)
        for state in ("cosmetic", "waived"):
            self.exactly(state, lines(want.get("listed", {}).get(state, {})), found(report, state))
        self.at_least("advice", lines(want.get("advice", {})) + due.get("P2", []), found(report, "open", "P2"))
        self.at_least("undecided", lines(want.get("undecided", {})) + due.get("undecided", []), found(report, "undecided"))
        self.wrong += [f"{f['policy']} {f['address']}: should say nothing" for f in report["findings"]
                       if f["policy"] in want.get("silent", [])]
        for member, name in (("coverage", "percent"), ("p0_coverage", "p0_percent")):
            least, most = want.get(member, [0, 100])
            value = report["score"]["coverage"][name] if report["score"] else 0
            if not least <= value <= most:
                self.wrong.append(f"{member}: {value} is not within {least} and {most}")

    def scores(self):
        if "scores" not in self.want:
            return
        policies = (self.folder.parent / "scored.txt").read_text(encoding="utf-8").split()
        checks = [word for policy in policies for word in ("--check", policy)]
        _, out, _ = run(self.tool, self.folder, [*self.want.get("arguments", []), *checks, "-o", "json"], self.document)
        score = json.loads(out)["score"]
        there = {c["name"]: c["score"] for c in score["categories"]} | {"overall": score["overall"]} if score else {}
        if os.environ.get("TFREADY_UPDATE_GOLDEN") == "1":
            self.want["scores"] = {name: there[name] for name in self.want["scores"]}
            self.file.write_text(json.dumps(self.want, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
            return
        ledger = {c["name"]: ", ".join(f"{e['policy']} {e['points']} ({e['failing']} of {e['applicable']})" for e in c["ledger"])
                  for c in score["categories"]} if score else {}
        self.wrong += [f"score: {name} is {there.get(name)} instead of {value}; ledger: {ledger.get(name, '')}"
                       for name, value in self.want["scores"].items() if there.get(name) != value]

    def shuffled(self, report):
        """Another order of members of lists that have none."""
        path = self.folder / self.document
        opened = gzip.open(path) if path.suffix == ".gz" else path.open("rb")
        with opened as file:
            document = json.load(file)
        order = random.Random(1)
        order.shuffle(document["resource_changes"])
        for values in (document.get("planned_values"), document.get("prior_state", {}).get("values")):
            order.shuffle((values or {}).get("root_module", {}).get("resources", []))
            order.shuffle((values or {}).get("root_module", {}).get("child_modules", []))
        order.shuffle(document["configuration"]["root_module"]["resources"])
        with tempfile.TemporaryDirectory() as work:
            file = pathlib.Path(work, "plan.json")
            file.write_text(json.dumps(document), encoding="utf-8")
            _, out, _ = run(self.tool, self.folder, [*self.want.get("arguments", []), "-o", "json"], str(file))
        other = json.loads(out)
        for member in ("verdict", "score", "changes", "findings"):
            if json.dumps(other[member]) != json.dumps(report[member]):
                self.wrong.append(f"another order of the resources changes {member}")

    def run(self):
        arguments = self.want.get("arguments", [])
        code, out, err = run(self.tool, self.folder, [*arguments, "-o", "json"], self.document)
        if not out:
            return [err.decode("utf-8", "replace")]
        report = json.loads(out)
        self.check(code, report)
        self.scores()
        if self.want.get("shuffled"):
            self.shuffled(report)
        for form in FORMATS if self.want.get("formats") else ["text"]:
            _, out, err = run(self.tool, self.folder, [*arguments, "-o", form], self.document)
            if b"CANARY" in out + err or not out:
                self.wrong.append(f"{form}: a secret is shown, or nothing at all")
        return self.wrong


def main():
    replay = Replay(str(pathlib.Path(sys.argv[1]).absolute()), pathlib.Path(sys.argv[2]))
    wrong = replay.run()
    if wrong:
        print(f"{replay.folder.name}: {replay.want['title']}", *wrong, sep="\n  ")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
