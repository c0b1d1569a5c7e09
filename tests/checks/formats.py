#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every format of every document is well-formed, holds the same findings, and no planted secret.

usage: formats.py TFREADY SCHEMA DOCUMENT...
"""
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


def main():
    tool, schema_file, documents = sys.argv[1], sys.argv[2], sys.argv[3:]
    rules = reading.schema(schema_file)
    for some in [[document] for document in documents] + [documents]:
        try:
            check_documents(tool, rules, some)
        except Exception:
            print(f"in {some}:", file=sys.stderr)
            raise
    for name in reading.missing():
        print(f"{name} is not there: what it checks was not checked")
    print(f"{len(documents)} documents, {len(reading.FORMATS)} formats each")


main()
