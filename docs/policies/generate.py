#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes docs/policies/catalogue.md and a page per policy out of the policy files and their cases.

usage: generate.py SOURCE_DIR [OUTPUT_DIR]
"""
import json
import pathlib
import re
import sys

GROUPS = {"CHG": "Change safety", "DRF": "Drift", "ORP": "Left-overs", "HA": "Availability", "BKP": "Backups",
          "SEC": "Security", "WIR": "Wiring", "PRF": "Performance", "OPS": "Operations", "CST": "Cost"}


def plain(text):
    text = text.strip()
    return json.loads(text) if text.startswith('"') else text


def metadata(text):
    """The flat keys below `metadata:`; the files of the catalogue write each on a line of its own."""
    found = {}
    for line in text.split("\n"):
        match = re.match(r"  ([a-z_]+): (.*)", line)
        if match and match.group(1) not in found:
            found[match.group(1)] = plain(match.group(2))
    return found


def decided(text):
    """What stands behind the metadata."""
    lines = text.rstrip("\n").split("\n")
    start = next(i for i in range(1, len(lines)) if lines[i] and not lines[i].startswith(" "))
    return "\n".join(lines[start:])


def cases(text):
    """The cases as (name, text), as they are written."""
    parts = re.split(r"^  - name: ", text, flags=re.MULTILINE)[1:]
    found = []
    for part in parts:
        name, _, rest = part.partition("\n")
        found.append((plain(name), "\n".join(line[4:] for line in rest.rstrip("\n").split("\n"))))
    return found


def first(all_cases, near, *words):
    for name, text in all_cases:
        expect = text.rsplit("expect:", 1)[-1]
        if ("near_miss: true" in text) == near and any(re.search(rf"\b{word}\b", expect) for word in words):
            return name, text
    return None


def severity(text):
    words = re.findall(r"(production|staging|development): (P0|P1|P2|info|none)", text)
    if len({word for _, word in words}) == 1:
        return words[0][1]
    return ", ".join(f"{word} in {where}" for where, word in words) if words else text


def example(title, case):
    if case is None:
        return ""
    name, text = case
    return f"## {title}\n\n{name[0].upper()}{name[1:]}:\n\n```yaml\n{text}\n```\n\n"


def page(file):
    text = file.read_text(encoding="utf-8")
    about = metadata(text)
    tests = cases(file.with_suffix(".test.yaml").read_text(encoding="utf-8"))
    out = f"# {about['id']}: {about['name']}\n\n"
    out += f"{about['category']}; {severity(about['severity'])}.\n\n"
    out += f"**Why.** {about['why']}\n\n**What to do.** {about['fix']}\n\n"
    if about.get("verify"):
        out += f"**Verify.**\n\n    {about['verify']}\n\n"
    others = about.get("maps_to", "[]").strip("[]")
    if others:
        out += f"Other scanners call it {others}.\n\n"
    out += example("A case that fails", first(tests, False, "fail"))
    out += example("A case that passes", first(tests, False, "pass"))
    out += example("Not known before the apply", first(tests, False, "undecided"))
    out += example("Looks like it, and is not", first(tests, True, "pass", "none", "undecided"))
    out += f"## How it is decided\n\n```yaml\n{decided(text)}\n```\n"
    return about, out


def main():
    root = pathlib.Path(sys.argv[1])
    out = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else root / "docs/policies"
    (out / "catalogue").mkdir(parents=True, exist_ok=True)
    files = [file for file in root.glob("policies/catalog/*/TFR-*.yaml") if not file.name.endswith(".test.yaml")]
    rows = {}
    for file in sorted(files, key=lambda file: file.name):
        about, text = page(file)
        (out / "catalogue" / f"{about['id']}.md").write_text(text, encoding="utf-8")
        group = about["id"].split("-")[1]
        rows.setdefault(group, []).append(
            f"| [{about['id']}](catalogue/{about['id']}.md) | {about['name']} | {severity(about['severity'])} |")
    text = f"# The built-in policies\n\n{len(files)} of them, made from `policies/catalog/` by `docs/policies/generate.py`.\n"
    for group, title in GROUPS.items():
        if group in rows:
            text += f"\n## {title}\n\n| policy | finds | severity |\n|---|---|---|\n" + "\n".join(rows[group]) + "\n"
    (out / "catalogue.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
