#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A plan of many resources and one very long string comes through a pipe and is judged: nothing of it is kept as a whole.

One that is longer than the limit is refused.
usage: streaming.py TFREADY RESOURCES [MOST_MEMORY_BYTES]
"""
import json
import resource
import subprocess
import sys

CHUNK = 1 << 20


def write(out, resources, string):
    """Buckets that stay as they are; one of the containers has a command that is far too long."""
    bucket = {"bucket": "b", "force_destroy": False}
    out.write(b'{"format_version":"1.2","terraform_version":"1.11.4","complete":true,"errored":false,"resource_changes":[')
    for i in range(resources):
        change = {"address": f"aws_s3_bucket.b[{i}]", "mode": "managed", "type": "aws_s3_bucket", "name": "b", "index": i,
                  "provider_name": "registry.terraform.io/hashicorp/aws",
                  "change": {"actions": ["no-op"], "before": bucket, "after": bucket, "after_unknown": {}}}
        out.write(json.dumps(change).encode() + b",")
    head, tail = json.dumps({"address": "aws_ecs_task_definition.t", "mode": "managed", "type": "aws_ecs_task_definition", "name": "t",
                             "provider_name": "registry.terraform.io/hashicorp/aws",
                             "change": {"actions": ["create"], "before": None, "after": {"container_definitions": "HERE"},
                                        "after_unknown": {}}}).encode().split(b"HERE")
    out.write(head)
    for _ in range(string // CHUNK):
        out.write(b"x" * CHUNK)
    out.write(tail + b"]}\n")


def run(tool, resources, string):
    """Exit code, what was said, and the most memory of it and of those before it, bytes."""
    child = subprocess.Popen([tool, "--no-config", "--quiet", "--check", "TFR-CHG-*", "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        write(child.stdin, resources, string)
        child.stdin.close()
    except BrokenPipeError:
        pass  # it has heard enough
    said = (child.stdout.read() + child.stderr.read()).decode()
    return child.wait(), said, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def main():
    tool, resources = sys.argv[1], int(sys.argv[2])
    most = int(sys.argv[3]) if len(sys.argv) > 3 else None
    code, said, _ = run(tool, 10, 1 << 30)
    if code != 2 or "64" not in said:
        sys.exit(f"a string of 1 GiB: exit {code}, {said}")
    code, said, peak = run(tool, resources, 16 * CHUNK)
    print(said.strip(), f"exit {code}, {peak >> 20} MiB at most")
    if code != 0 or f"{resources + 1} resources" not in said.replace(",", ""):
        sys.exit("not judged")
    if most is not None and peak > most:
        sys.exit(f"more than {most >> 20} MiB")


if __name__ == "__main__":
    main()
