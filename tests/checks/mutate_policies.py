#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Removes every single condition of every built-in policy, one at a time, and says for which of them no case fails.

Not a part of the tests: it takes minutes. Survivors are explained in docs/policies/decisions.md.
usage: mutate_policies.py TFREADY SOURCE_DIR [ID...]
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile


def mutants(text):
    """Texts without one item of an `and` or `or`: the items are lines that begin with a dash, and what is below them."""
    lines = text.split("\n")
    start = next(i for i in range(1, len(lines)) if lines[i] and not lines[i].startswith(" "))
    for i in range(start, len(lines)):
        match = re.match(r"( *)- ", lines[i])
        if not match:
            continue
        indent = len(match.group(1))
        end = i + 1
        while end < len(lines) and lines[end] and len(lines[end]) - len(lines[end].lstrip()) > indent:
            end += 1
        siblings = [line for line in lines[start:] if line.startswith(" " * indent + "- ")]
        if len(siblings) > 1:
            yield lines[i].strip(), "\n".join(lines[:i] + lines[end:])


def main():
    tool = sys.argv[1]
    root = pathlib.Path(sys.argv[2])
    wanted = sys.argv[3:]
    files = [f for f in sorted(root.glob("policies/catalog/*/TFR-*.yaml")) if not f.name.endswith(".test.yaml")]
    made = survived = 0
    for file in files:
        if wanted and file.stem not in wanted:
            continue
        for what, text in mutants(file.read_text(encoding="utf-8")):
            with tempfile.TemporaryDirectory() as folder:
                pathlib.Path(folder, file.name).write_text(text, encoding="utf-8")
                shutil.copy(file.with_suffix(".test.yaml"), folder)
                done = subprocess.run([tool, "policies", "test", folder], capture_output=True, check=False)
            made += 1
            if done.returncode == 0:
                survived += 1
                print(f"{file.stem}: survives without {what[:160]}")
    print(f"{made} mutants, {survived} survive")


if __name__ == "__main__":
    main()
