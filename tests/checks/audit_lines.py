#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Lines of an audit and its summary follow their schemas, and no planted secret is in either.

usage: audit_lines.py TFREADY LINE_SCHEMA SUMMARY_SCHEMA FOLDER...
"""
import json
import subprocess
import sys

try:
    import jsonschema
except ImportError:
    jsonschema = None


def audit(tool, *words):
    done = subprocess.run([tool, "audit", *words], capture_output=True, check=False)
    assert b"canary-" not in (done.stdout + done.stderr).lower(), f"a secret: {words}"
    return done.stdout.decode("utf-8")


def main():
    tool, line_schema, summary_schema, *folders = sys.argv[1:]
    with open(line_schema, encoding="utf-8") as file:
        schema = json.load(file)
    with open(summary_schema, encoding="utf-8") as file:
        whole = json.load(file)
    lines = audit(tool, "-o", "ndjson", *folders).splitlines()
    assert len(lines) > 10
    for line in lines:
        one = json.loads(line)
        assert one["exit_code"] == 2 or "findings" in one, line[:200]
        if jsonschema is not None:
            jsonschema.validate(one, schema)
    summary = json.loads(audit(tool, "-o", "json", *folders))
    assert set(summary) == set(whole["properties"])
    if jsonschema is not None:
        jsonschema.validate(summary, whole)
    assert summary["documents"] == len(lines) == len(summary["rows"])
    for form in ("text", "csv", "prometheus", "markdown", "html"):
        audit(tool, "-o", form, *folders)


if __name__ == "__main__":
    main()
