#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Removes every single condition of every built-in policy, one at a time, and says for which of them no case fails.

A condition is an item of an `and`, `or` or `adjust`, however the list is written: one item per line, or all in one line; and the whole
of an `applies_when`. A policy that cannot be loaded without it is counted by itself: that shows nothing about the cases.
Not a part of the tests; needs PyYAML. Survivors are explained in docs/policies/decisions.md.
usage: mutate_policies.py TFREADY SOURCE_DIR [ID...]
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

import yaml


def items(node):
    """The items of every `and`, `or` and `adjust` below a node of YAML, with two items or more."""
    todo = [node]
    while todo:
        at = todo.pop()
        if isinstance(at, yaml.SequenceNode):
            todo += at.value
        elif isinstance(at, yaml.MappingNode):
            for key, value in at.value:
                if key.value in ("and", "or", "adjust") and isinstance(value, yaml.SequenceNode) and len(value.value) > 1:
                    yield from ((value, i) for i in range(len(value.value)))
                todo.append(value)


def without(text, sequence, i):
    """The text without item i of a list."""
    item = sequence.value[i]
    start, end = item.start_mark.index, item.end_mark.index
    if sequence.flow_style:  # [a, b]: with the comma before it, or after the first
        if i > 0:
            start = text.rindex(",", 0, start)
        else:
            end = text.index(",", end) + 1
        return text[:start] + text[end:]
    start = text.rindex("-", 0, start)
    start = text.rindex("\n", 0, start) + 1
    if i + 1 < len(sequence.value):
        end = sequence.value[i + 1].start_mark.index
        end = text.rindex("\n", 0, text.rindex("-", 0, end)) + 1
    else:
        end = sequence.end_mark.index
        end = text.rindex("\n", 0, end) + 1 if "\n" in text[start:end] else len(text)
    return text[:start] + text[end:]


def whole_keys(text):
    """Top-level `applies_when`, and an `adjust` of one item: (key, text without it)."""
    root = yaml.compose(text)
    for i, (key, value) in enumerate(root.value):
        if key.value == "applies_when" or (key.value == "adjust" and len(value.value) == 1):
            end = root.value[i + 1][0].start_mark.index if i + 1 < len(root.value) else len(text)
            yield f"line {key.start_mark.line + 1}: all of {key.value}", text[:key.start_mark.index] + text[end:]


def mutants(text):
    """(what is away, text without it)"""
    yield from whole_keys(text)
    found = sorted(items(yaml.compose(text)), key=lambda found: found[0].value[found[1]].start_mark.index)
    for sequence, i in found:
        item = sequence.value[i]
        changed = without(text, sequence, i)
        kept = yaml.compose(changed)  # an error here is one of this script
        assert sum(1 for _ in items(kept)) < len(found), text[item.start_mark.index:item.end_mark.index]
        yield f"line {item.start_mark.line + 1}: " + " ".join(text[item.start_mark.index:item.end_mark.index].split()), changed


def run(tool, file, text):
    """Exit code of the policy's own cases with another text of it, and what was said."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, file.name).write_text(text, encoding="utf-8")
        shutil.copy(file.with_suffix(".test.yaml"), folder)
        done = subprocess.run([tool, "policies", "test", folder], capture_output=True, text=True, check=False)
    return done.returncode, (done.stderr or done.stdout).strip()


def main():
    tool = sys.argv[1]
    root = pathlib.Path(sys.argv[2])
    wanted = sys.argv[3:]
    files = [f for f in sorted(root.glob("policies/catalog/*/TFR-*.yaml")) if not f.name.endswith(".test.yaml")]
    files = [f for f in files if not wanted or f.stem in wanted]
    if not files:
        sys.exit(f"mutate_policies.py: no policy in {root}/policies/catalog" + (f" is one of {' '.join(wanted)}" if wanted else ""))
    made = survived = unloadable = 0
    for file in files:
        text = file.read_text(encoding="utf-8")
        code, said = run(tool, file, text)
        if code != 0:
            sys.exit(f"{file}: its cases fail as it is: {said}")
        for what, changed in mutants(text):
            made += 1
            code, said = run(tool, file, changed)
            if code == 0:
                survived += 1
                print(f"{file.stem}: survives without {what[:200]}", flush=True)
            elif code != 1:
                unloadable += 1
                print(f"{file.stem}: cannot be loaded without {what[:120]}: {said[:160]}", flush=True)
    print(f"{made} mutants of {len(files)} policies: {survived} survive, {unloadable} cannot be loaded, "
          f"{made - survived - unloadable} are found")


if __name__ == "__main__":
    main()
