#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Follows docs/policies/writing.md word for word: writes the files it shows, runs the commands it gives, and wants what it says
they print. A plan with the queue of its cases takes the place of the reader's.

usage: guide.py SOURCE_DIR TFREADY
"""
import json
import os
import re
import subprocess
import sys
import tempfile

QUEUE = {"address": "aws_sqs_queue.jobs", "mode": "managed", "type": "aws_sqs_queue", "name": "jobs",
         "provider_name": "registry.terraform.io/hashicorp/aws"}
PLAN = {"format_version": "1.2", "terraform_version": "1.11.4", "resource_changes": [
    {**QUEUE, "change": {"actions": ["create"], "before": None, "after": {"name": "jobs"}, "after_unknown": {"id": True}}}]}
FILE = re.compile(r"Put this into `([^`]+)`.*?```yaml\n(.*?)```", re.S)
COMMAND = re.compile(r"^    ((?:mkdir|cd|terraform|tfready) .*)\n(?:\nprints `([^`]+)`)?", re.M)


def run(command, folder, tfready, wanted):
    """@return what is wrong, or nothing"""
    # What comes before the pipe is Terraform's part.
    words = command.split("|")[-1].split()
    piped = json.dumps(PLAN) if "|" in command else None
    done = subprocess.run([tfready, *words[1:]], cwd=folder, input=piped, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    # A verdict is no failure of the command.
    fine = done.returncode == 0 or (piped is not None and done.returncode in (1, 3))
    return "" if fine and wanted in said else f"{command}: exit code {done.returncode}, `{wanted}` is wanted:\n{said}"


def main(source, tfready):
    with open(os.path.join(source, "docs", "policies", "writing.md"), encoding="utf-8") as page:
        text = page.read()
    wrong, ran = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for step in sorted([*FILE.finditer(text), *COMMAND.finditer(text)], key=lambda step: step.start()):
            words = step[1].split()
            if step.re is FILE:
                with open(os.path.join(folder, step[1]), "w", encoding="utf-8") as file:
                    file.write(step[2])
            elif words[0] == "mkdir":
                os.mkdir(os.path.join(folder, words[1]))
            elif words[0] == "cd":
                folder = os.path.normpath(os.path.join(folder, words[1]))
            elif "tfready" in words:
                wrong.append(run(step[1], folder, os.path.abspath(tfready), step[2] or "has no tag Owner"))
                ran += 1
            elif ">" in words:
                with open(os.path.join(folder, words[-1]), "w", encoding="utf-8") as file:
                    json.dump(PLAN, file)
    print("\n".join(filter(None, wrong)) or f"{ran} commands")
    return int(any(wrong) or ran < 4)


sys.exit(main(*sys.argv[1:]))
