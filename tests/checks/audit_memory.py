#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Memory of an audit: at most 200 bytes an object for the questions across documents, and flat without them.

Every object has an address of its own, two identities and a use of another object: what costs most. usage: audit_memory.py TFREADY
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

OBJECTS = 10


def write_lines(path, count):
    """Lines of states as `tfready audit -o ndjson` writes them."""
    source = random.Random(4711)

    def digest():
        return f"{source.getrandbits(64):016x}"

    with open(path, "w", encoding="utf-8") as file:
        for team in range(count):
            names = [f"module.team_{team:05}.aws_instance.server_{number:02}" for number in range(OBJECTS)]
            line = {"schema": "tfready/audit/1", "name": f"teams/{team:05}/terraform.tfstate", "member": None, "exit_code": 0,
                    "kind": "raw-state", "product": "terraform", "product_version": "1.11.4", "verdict": "GO", "score": 100,
                    "resources": OBJECTS, "providers": {}, "findings": [],
                    "facts": {"lineage": digest(), "serial": 3, "digest": digest(), "objects": [
                        [name, digest(), digest(), digest()] for name in names],
                        "uses": [[name, digest()] for name in names], "outputs": ["url"]}}
            file.write(json.dumps(line) + "\n")


def peak(tool, *words):
    """The most memory that a run held at once, bytes, as --timing says. A shell stands between: a process that this one
    starts itself begins with the memory of this one."""
    done = subprocess.run(["sh", "-c", '"$@"; exit $?', "sh", tool, "audit", "merge", "-q", "--timing", *words],
                          capture_output=True, check=True)
    return int(re.search(rb"whole process, at most +(\d+) bytes", done.stderr).group(1))


def main():
    tool = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        few, many = os.path.join(folder, "few"), os.path.join(folder, "many")
        write_lines(few, 1500)
        write_lines(many, 10000)
        flat = peak(tool, "--no-across", many)
        grown = flat - peak(tool, "--no-across", few)
        each = (peak(tool, many) - flat) / (10000 * OBJECTS)
    print(f"{each:.0f} bytes an object; {grown} bytes for ten times the documents without questions across them")
    assert each <= 200
    assert grown < 1 << 20


if __name__ == "__main__":
    main()
