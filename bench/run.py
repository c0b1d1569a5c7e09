#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures tfready beside bare yajl, jq and other tools, and says which targets hold.

    run.py --tfready FILE --tools DIR --inputs DIR [--only CASE,...] [--rounds N] [--no-peers] [--json FILE] [--markdown FILE]

Every case runs its commands in alternation, so that load on the machine hits all of them. Times are CPU time (user and
system); a ratio is the median over rounds of one run by the other of the same round.
"""
import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import measure
import policy_files
from inputs import STATES, Inputs

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(HERE)

ONE_LINER = ('[.resource_changes[]|select(.change.actions|index("delete"))'
             '|select(.type|test("db_instance|dynamodb|s3_bucket$"))|.address]|length')
SIZES = ("plan-1", "plan-22", "plan-116", "plan-500")
READING = ("read", "text check", "parse", "skim")
NO_POLICIES = (*READING, "unpack", "start and end", "graph", "report", "total")
WORST = ("one-module", "deep", "long-string", "for-each", "deleted", "findings")
PEER_FILES = os.path.join(HERE, "peers")
PEERS = {
    "conftest": lambda plan: ["conftest", "test", "--parser", "json", "--policy", os.path.join(PEER_FILES, "conftest"), plan],
    # Of an absolute path it evaluates nothing.
    "checkov": lambda plan: ["sh", "-c", 'cd "$(dirname "$0")" && exec checkov "$@" -f "$(basename "$0")"', plan,
                             "--framework", "terraform_plan", "--quiet", "--compact", "--soft-fail", "--skip-download",
                             "--check", "CKV_AWS_16,CKV_AWS_17,CKV_AWS_27,CKV_AWS_26,CKV_AWS_28"],
    "terraform-compliance": lambda plan: ["terraform-compliance", "-p", plan, "-f", os.path.join(PEER_FILES, "compliance")],
    "tf-summarize": lambda plan: ["tf-summarize", plan],
    "trivy": lambda plan: ["trivy", "config", "--quiet", plan],
}
QUICK_PEERS = ("conftest", "tf-summarize")  # a run of the others takes most of a minute


class Bench:
    def __init__(self, args):
        self.args = args
        self.inputs = Inputs(args.inputs)
        self.spender = os.path.join(args.tools, "bench_spend")
        self.cases = {}
        self.targets = []

    def tool(self, name):
        return os.path.join(self.args.tools, name)

    def wanted(self, case):
        return not self.args.only or case in self.args.only.split(",")

    def run(self, case, commands, rounds=None, size=0):
        """@return {label: runs}"""
        print(f"{case}: {', '.join(commands)}", file=sys.stderr)
        runs = measure.alternate(self.spender, commands, rounds or self.args.rounds)
        for label, spent in runs.items():
            if label == "tfready" and any(run.code not in (0, 1, 3) for run in spent):
                sys.exit(f"{case}: tfready ended with {spent[0].code}")
        self.cases[case] = {"bytes": size, "runs": runs}
        return runs

    def ours(self, *words, stdin=None):
        return ([self.args.tfready, *words], stdin)

    def yajl(self, mode, path):
        return ([self.tool("bench_yajl_alone"), mode, path], None)

    def target(self, what, value, most, unit=""):
        self.targets.append({"what": what, "value": value, "most": most, "unit": unit, "holds": value <= most})

    # ---- cases ---------------------------------------------------------------------------------------------------------

    def plan(self, name):
        if not self.wanted(name):
            return
        path = self.inputs.path(name)
        size = os.path.getsize(path)
        commands = {"yajl null": self.yajl("null", path), "yajl count": self.yajl("count", path),
                    "tfready": self.ours(path), "tfready stdin": self.ours("-", stdin=path)}
        runs = self.run(name, commands, max(3, self.args.rounds // 3) if name == "plan-500" else None, size)
        part = measure.ratio(runs["tfready"], runs["yajl null"])
        if name in ("plan-116", "plan-116-modules"):
            self.target(f"{name}: CPU of tfready by yajl null", part, 0.6 if name == "plan-116" else 0.8)
        if name in ("plan-116", "plan-500"):
            self.target(f"{name}: peak memory by size of the input", measure.median(runs["tfready"], "memory") / size, 0.15)

    def jq(self):
        if not self.wanted("jq") or shutil.which("jq") is None:
            return
        path = self.inputs.path("plan-116")
        runs = self.run("jq", {"tfready": self.ours(path), "jq length": (["jq", ".resource_changes|length", path], None),
                               "jq one-liner": (["jq", ONE_LINER, path], None)}, 3, os.path.getsize(path))
        for label in ("jq length", "jq one-liner"):
            self.target(f"plan-116: CPU of tfready by {label}", measure.ratio(runs["tfready"], runs[label]), 1 / 20)

    def packed(self, ending):
        case = "plan-116" + ending
        if not self.wanted(case):
            return
        plain, path = self.inputs.path("plan-116"), self.inputs.path(case)
        runs = self.run(case, {"unpack": ([self.tool("bench_unpack_alone"), path], None), "plain": self.ours(plain),
                               "tfready": self.ours(path)}, None, os.path.getsize(path))
        for spent, unpack, plain_run in zip(runs["tfready"], runs["unpack"], runs["plain"]):
            spent.by_parts = spent.cpu / (unpack.cpu + plain_run.cpu)
        self.target(f"{case}: CPU by unpacking alone + plain", measure.median(runs["tfready"], "by_parts"), 1.1)

    def states(self):
        for name in ("state", "raw-state"):
            if self.wanted(name):
                path = self.inputs.path(name)
                self.run(name, {"yajl null": self.yajl("null", path), "tfready": self.ours(path)}, None, os.path.getsize(path))

    def fleet(self):
        if not self.wanted("states"):
            return
        folder = self.inputs.path("states")
        size = sum(entry.stat().st_size for entry in os.scandir(folder))
        runs = self.run("states", {"tfready": self.ours("audit", "-j", "1", folder),
                                   "tfready --no-across": self.ours("audit", "-j", "1", "--no-across", folder)}, None, size)
        for label, spent in runs.items():
            self.target(f"states: milliseconds of CPU a document, {label}", measure.median(spent) / STATES * 1000, 0.2, " ms")

    def start(self):
        if not self.wanted("start"):
            return
        path = self.inputs.path("plan-one")
        runs = self.run("start", {"tfready": self.ours(path)}, self.args.rounds * 5, os.path.getsize(path))
        self.target("start: CPU to the verdict", measure.median(runs["tfready"]) * 1000, 5, " ms")
        self.target("start: clock to the verdict", measure.median(runs["tfready"], "clock") * 1000, 5, " ms")
        self.target("start: peak memory", measure.median(runs["tfready"], "memory") / 2**20, 8, " MiB")

    def worst(self):
        for name in WORST:
            if not self.wanted(name):
                continue
            path, ordinary = self.inputs.path(name), self.inputs.path("plan-22")
            size = os.path.getsize(path)
            commands = {"ordinary": self.ours(ordinary), "tfready": self.ours(path)}
            if name != "long-string":  # yajl begins anew at the start of a string with each piece of it
                commands["yajl null"] = self.yajl("null", path)
            runs = self.run(name, commands, None, size)
            part = measure.ratio(runs["tfready"], runs["ordinary"]) * os.path.getsize(ordinary) / size
            self.target(f"{name}: CPU a byte by that of the ordinary plan", part, 3)

    def graph(self):
        """Time and memory by --timing: 20,000 objects with 200,000 edges, and the plan of the targets."""
        for name in ("connected", "plan-116"):
            path = self.inputs.path(name) if self.wanted("graph") else None
            parts, kept = [], 0
            for _ in range(self.args.rounds if path else 0):
                done = subprocess.run([self.args.tfready, "--timing", "-o", "json", path], capture_output=True, text=True, check=False)
                said = stage_seconds(done.stderr)
                parts.append(said["graph"] / reading(said))
                edges = json.loads(done.stdout)["graph"]["edges"]
                kept = int(re.search(r"(?m)^graph +(\d+) bytes$", done.stderr).group(1)) / edges
            if parts:
                self.target(f"graph of {name}: its time by that of reading", statistics.median(parts), 1)
                self.target(f"graph of {name}: bytes kept for an edge", kept, 200)

    def growth(self):
        if not self.wanted("growth"):
            return
        small, large = (self.inputs.path(name) for name in ("plan-22", "plan-500"))
        by_size = os.path.getsize(large) / os.path.getsize(small)
        runs = self.run("growth", {"22 MB": self.ours(small), "500 MB": self.ours(large)}, None, os.path.getsize(large))
        self.target("growth: CPU a byte of 500 MB by that of 22 MB", measure.ratio(runs["500 MB"], runs["22 MB"]) / by_size, 1.15)

    def policies(self):
        """1,000 policies and 20,000 resources, by --timing; what it costs to load files of policies, by the smallest plan."""
        if not self.wanted("policies"):
            return
        said = subprocess.run([self.args.tfready, "policies", "list"], capture_output=True, text=True, check=True).stdout
        own = len(re.findall(r"(?m)^TFR-", said))
        many, few = (os.path.join(self.inputs.folder, name) for name in ("policies-many", "policies-few"))
        whose, different = policy_files.write(many, 1000 - own)
        policy_files.write(few, different)
        print(f"policies: {own} built-in ones, {different} of {whose}", file=sys.stderr)
        plan, one = self.inputs.path("plan-116"), self.inputs.path("plan-one")
        parts = {f"the {own} built-in ones": [], "1,000": ["--external-checks-dir", many],
                 "1,000 as Checkov sees them": ["--external-checks-dir", many, "--policy-mode", "checkov"]}
        ratios = {label: [] for label in parts}
        for _ in range(self.args.rounds):
            for label, words in parts.items():
                done = subprocess.run([self.args.tfready, "--timing", *words, plan], stdout=subprocess.DEVNULL,
                                      stderr=subprocess.PIPE, text=True, check=False)
                spent = stage_seconds(done.stderr)
                asked = sum(seconds for stage, seconds in spent.items() if stage not in NO_POLICIES)
                ratios[label].append(asked / reading(spent))
        for label, found in ratios.items():
            self.target(f"policies: evaluating {label}, by reading the plan", statistics.median(found), 0.5)
        runs = self.run("load", {"without": self.ours(one), "with": self.ours(one, "--external-checks-dir", few)},
                        self.args.rounds, os.path.getsize(one))
        more = (measure.median(runs["with"]) - measure.median(runs["without"])) * 1000
        self.target(f"load: CPU for {different} files of policies", more, 50, " ms")

    def peers(self):
        path = None
        for name, command in PEERS.items():
            if self.args.no_peers or not self.wanted(name) or shutil.which(name) is None:
                continue
            path = path or self.inputs.named("plan-22", "plan-22.json")  # some go by the name
            try:
                runs = self.run(name, {"tfready": self.ours(path), name: (command(path), None)}, 5 if name in QUICK_PEERS else 1,
                                os.path.getsize(path))
            except RuntimeError as error:
                print(f"{name} is left out: {error}", file=sys.stderr)
                continue
            part = measure.ratio(runs["tfready"], runs[name])
            self.target(f"plan-22: CPU of tfready by {name}", part, {"conftest": 1 / 30, "checkov": 1 / 1000}.get(name, 1))

    def all(self):
        self.start()
        for name in SIZES + ("plan-116-modules",):
            self.plan(name)
        self.growth()
        self.policies()
        self.graph()
        self.states()
        for ending in (".gz", ".zst"):
            self.packed(ending)
        self.fleet()
        self.worst()
        self.jq()
        self.peers()


# ---- what --timing says --------------------------------------------------------------------------------------------------


def stage_seconds(said):
    """@return {stage: seconds}"""
    return {stage: float(seconds) for stage, seconds in re.findall(r"(?m)^(.*?) +([\d.]+) s$", said)}


def reading(seconds):
    return sum(seconds.get(stage, 0) for stage in READING)


# ---- what is written ------------------------------------------------------------------------------------------------------


def stages(args, inputs):
    """The lines of --timing for the plan of the targets."""
    path = inputs.path("plan-116")
    # By a shell between: a process begins with the peak of the one that it was forked from, and this one holds all runs.
    command = ["sh", "-c", '"$0" --timing "$1"; exit $?', args.tfready, path]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr if done.returncode in (0, 1, 3) else ""


def table(rows):
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "| " + " | ".join("-" * width for width in widths) + " |")
    return "\n".join(lines) + "\n"


def runs_table(cases):
    rows = [("case", "MB", "command", "CPU s", "spread", "by the first", "peak MB", "rounds")]
    for name, case in cases.items():
        first = next(iter(case["runs"].values()))
        for label, runs in case["runs"].items():
            rows.append((name, f"{case['bytes'] / 1e6:.2f}", label, f"{measure.median(runs):.4f}",
                         f"{100 * measure.spread(runs):.1f} %", f"{measure.ratio(runs, first):.3f}",
                         f"{measure.median(runs, 'memory') / 1e6:.1f}", str(len(runs))))
    return table(rows)


def targets_table(targets):
    rows = [("target", "measured", "at most", "holds")]
    for target in targets:
        rows.append((target["what"], f"{target['value']:.4g}{target['unit']}", f"{target['most']:.4g}{target['unit']}",
                     "yes" if target["holds"] else "NO"))
    return table(rows)


def as_json(bench, head):
    cases = {name: {"bytes": case["bytes"], "runs": {label: {
        "cpu_s": [run.cpu for run in runs], "clock_s": [run.clock for run in runs],
        "peak_bytes": [run.memory for run in runs], "exit": runs[0].code} for label, runs in case["runs"].items()}}
        for name, case in bench.cases.items()}
    return json.dumps({**head, "cases": cases, "targets": bench.targets}, indent=1) + "\n"


def main():
    parser = argparse.ArgumentParser(description="Measures tfready beside bare yajl, jq and other tools.")
    parser.add_argument("--tfready", required=True)
    parser.add_argument("--tools", required=True, help="where bench_spend, bench_yajl_alone and bench_unpack_alone are")
    parser.add_argument("--inputs", default=os.path.join(tempfile.gettempdir(), "tfready-bench"))
    parser.add_argument("--only", default="", help="cases: start, plan-1 ... plan-500, plan-116-modules, plan-116.gz, state, ...")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--json")
    parser.add_argument("--markdown")
    args = parser.parse_args()
    bench = Bench(args)
    bench.all()
    if not bench.cases and not bench.targets:
        sys.exit("there is no such case")
    head = {"commit": measure.commit(SOURCE), "machine": measure.machine()}
    page = f"Commit {head['commit']}; {head['machine']}.\n\n{targets_table(bench.targets) if bench.targets else ''}\n{runs_table(bench.cases)}"
    said = stages(args, bench.inputs) if "plan-116" in bench.cases else ""
    page += f"\n`tfready --timing` on the 116 MB plan:\n\n```\n{said}```\n" if said else ""
    print(page, end="")
    for name, content in ((args.json, as_json(bench, head)), (args.markdown, page)):
        if name:
            with open(name, "w") as out:
                out.write(content)


if __name__ == "__main__":
    main()
