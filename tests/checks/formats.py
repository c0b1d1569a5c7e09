#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every format of every document is well-formed, holds the same findings, and no planted secret.

usage: formats.py TFREADY SCHEMA DOCUMENT...
"""
import csv
import html.parser
import io
import json
import re
import subprocess
import sys
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None

FORMATS = ["text", "json", "ndjson", "sarif", "junit", "markdown", "html", "github", "gitlab",
           "csv", "prometheus", "conftest"]
VOID = {"meta", "br", "link", "rect", "path"}
# What acts on a screen: controls but line ends, and bidirectional overrides.
ACTING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
SAMPLE = re.compile(r'[a-z_]+\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\} -?[0-9]+$')


def run(tool, form, documents):
    """The report as bytes, and the exit code."""
    done = subprocess.run([tool, "-o", form, *documents], capture_output=True, check=False)
    assert b"canary-" not in done.stdout + done.stderr, f"{form}: a secret"
    return done.stdout.decode("utf-8"), done.returncode


class Tags(html.parser.HTMLParser):
    """Checks that tags are closed in order, and that nothing is active."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "object", "img"), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("href", "src") or value.startswith("#"), value
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag


def check_json(text, code, schema):
    report = json.loads(text)
    assert code is None or report["exit_code"] == code
    if jsonschema is not None:
        jsonschema.Draft202012Validator(schema).validate(report)
    return report


def check_sarif(text, count):
    sarif = json.loads(text)
    assert sarif["version"] == "2.1.0"
    results = sarif["runs"][0]["results"]
    rules = [rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    assert len(results) == count
    for result in results:
        assert result["ruleId"] in rules
        assert (result["kind"] == "fail") == (result["level"] != "none")


def check_junit(text, report):
    root = xml.etree.ElementTree.fromstring(text)
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.get("tests")) == len(report["findings"]) + len(report["inputs"])
    assert len(root.findall(".//failure")) == int(root.get("failures"))
    assert len(root.findall(".//skipped")) == sum(int(suite.get("skipped")) for suite in root)


def check_csv(text, report):
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert len(rows) == len(report["findings"])
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    for row, finding in zip(rows, report["findings"]):
        assert None not in row and None not in row.values()
        assert row["fingerprint"] == finding["fingerprint"]
        assert not any(cell[:1] in "=+-@" for cell in row.values() if cell)


def check_github(text, report):
    lines = text.split("\n")[:-1]
    notes = sum(len(one.get("notes", [])) for one in report["inputs"])
    assert len(lines) == len(report["findings"]) + len(report["inputs"]) + notes
    assert all(re.match(r"::(error|warning|notice) [^:]*::", line) for line in lines)


def check_prometheus(text):
    for line in text.split("\n")[:-1]:
        assert line.startswith("# ") or SAMPLE.match(line), line


def check_documents(tool, schema, documents):
    out = {form: run(tool, form, documents) for form in FORMATS}
    code = out["json"][1]
    report = check_json(out["json"][0], code, schema)
    count = len(report["findings"])
    for form, (text, other) in out.items():
        assert other == code, form
        assert form in ("json", "ndjson", "sarif", "gitlab", "conftest") or \
            not ACTING.search(text.replace("\r\n", "\n")), form
    lines = [check_json(line, None, schema) for line in out["ndjson"][0].split("\n")[:-1]]
    assert len(lines) == len(report["inputs"])
    assert sum(len(line["findings"]) for line in lines) == count
    check_sarif(out["sarif"][0], count)
    check_junit(out["junit"][0], report)
    assert len(json.loads(out["gitlab"][0])) == count
    told = json.loads(out["conftest"][0])
    assert sum(len(one[key]) for one in told for key in ("failures", "warnings", "exceptions")) \
        == count + sum("error" in one for one in report["inputs"])
    tags = Tags()
    tags.feed(out["html"][0])
    tags.close()
    assert not tags.open, tags.open
    assert len(out["markdown"][0]) < 65536
    assert out["markdown"][0].count("```mermaid") <= 1
    check_csv(out["csv"][0], report)
    check_github(out["github"][0], report)
    check_prometheus(out["prometheus"][0])
    for finding in report["findings"]:
        assert finding["policy"] in out["text"][0] or finding["policy"] in out["markdown"][0]


def main():
    tool, schema_file, documents = sys.argv[1], sys.argv[2], sys.argv[3:]
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    for some in [[document] for document in documents] + [documents]:
        try:
            check_documents(tool, schema, some)
        except Exception:
            print(f"in {some}:", file=sys.stderr)
            raise
    if jsonschema is None:
        print("python3-jsonschema is not installed: the schema was not checked")
    print(f"{len(documents)} documents, {len(FORMATS)} formats each")


main()
