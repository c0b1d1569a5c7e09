#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every format of every document is well-formed, holds the same findings, and no planted secret.

usage: formats.py TFREADY SCHEMA DOCUMENT...
"""
import hashlib
import json
import subprocess
import sys

import reading


def run(tool, form, documents):
    """The report as text, and the exit code."""
    done = subprocess.run([tool, "-o", form, *documents], capture_output=True, check=False)
    assert b"canary-" not in done.stdout + done.stderr, f"{form}: a secret"
    return done.stdout.decode("utf-8"), done.returncode


def check_documents(tool, rules, documents):
    out = {form: run(tool, form, documents) for form in reading.FORMATS}
    code = out["json"][1]
    assert all(other == code for _, other in out.values())
    report = reading.check({form: text for form, (text, _) in out.items()}, rules)
    assert report["exit_code"] == code
    assert out["ndjson"][0].count("\n") == len(report["inputs"])


def judge(tool, text):
    """What counts of a report on a document: neither its size nor the order of its parts."""
    done = subprocess.run([tool, "-o", "json", "-"], input=text.encode(), capture_output=True, check=False)
    report = json.loads(done.stdout)
    findings = [(one["policy"], one["address"], one["severity"], one["state"], one["fingerprint"])
                for one in report["findings"]]
    return report["verdict"], report.get("score"), report["changes"], sorted(findings)


def check_order(tool, document):
    """The same document says the same, and its resources may stand in any order."""
    with open(document, encoding="utf-8") as file:
        text = file.read()
    plan = json.loads(text)
    assert run(tool, "json", [document]) == run(tool, "json", [document])
    expected = judge(tool, text)
    for seed in range(3):
        changes = sorted(plan.get("resource_changes", []), key=lambda one: hashlib.sha256(f"{seed}{one['address']}".encode()).digest())
        assert judge(tool, json.dumps(dict(plan, resource_changes=changes))) == expected, seed


def main():
    tool, schema_file, documents = sys.argv[1], sys.argv[2], sys.argv[3:]
    rules = reading.schema(schema_file)
    for some in [[document] for document in documents] + [documents]:
        try:
            check_documents(tool, rules, some)
            if len(some) == 1 and some[0].endswith("plan.json"):
                check_order(tool, some[0])
        except Exception:
            print(f"in {some}:", file=sys.stderr)
            raise
    for name in reading.missing():
        print(f"{name} is not there: what it checks was not checked")
    print(f"{len(documents)} documents, {len(reading.FORMATS)} formats each")


main()
