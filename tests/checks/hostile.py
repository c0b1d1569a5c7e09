#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names that try to break out of every format: in every place of a document that may reach a report, in names of
files, in waivers, settings and policies. Each format stays well-formed, and all hold the same findings.

usage: hostile.py TFREADY SCHEMA
"""
import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

import reading

NAMES = {
    "ascii": "".join(chr(point) for point in range(0x20, 0x7f)),
    "controls": "".join(chr(point) for point in range(1, 0x20)) + "\x7f\x80\x85\x9b\x9f",
    "terminal": "\x1b[2J\x1b]0;owned\x07\x1b[31mred\x9b1A\r\b\b",
    "lines": "a\nb\r\nc\vd\fe\x85f\u2028g\u2029h",
    "bidi": "\u202edesrever\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u202a\u202b\u202c\u202d",
    "hidden": "a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\U000e0041h",
    "four-bytes": "\U0001f600\U0001f1e9\U0001f1ea\U00020000\U0010fffd",
    "right-to-left": "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "no-characters": "\ufffe\uffff\ufdd0\U0001fffe\ufffd\ufff9\ufffb",
    "combining": "e" + "\u0301" * 200,
    "cdata": "]]>",
    "comment": "--><!-- x --!> <!--->",
    "script": "<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>",
    "attribute": "\" onmouseover=alert(1) x='y' `z` =>",
    "entity": "&lt;&amp;&#x3c;&#0;&unknown;<!ENTITY x SYSTEM 'file:///etc/passwd'>&x;",
    "instruction": "<?xml version='1.0'?><?php x ?><!DOCTYPE x>",
    "formula": "=cmd()|' /C calc'!A0",
    "formula-plus": "+1+1",
    "formula-minus": "-2+3",
    "formula-at": "@SUM(A1:A9)",
    "formula-tab": "\t=1+1",
    "formula-wide": "\uff1d1+1",
    "comma": ",\"a\"\"b\",;\t\r\n\"",
    "command": "%0A::error::owned%0D%0A::set-output name=x::y",
    "command-raw": "\n::error file=a,line=1::owned\n##[error]owned\n::add-mask::x",
    "per-cent": "100%25 %3A %2C %s %n %d %%",
    "backticks": "`` ` ``` ```sh\nrm\n```",
    "markdown": "[x](javascript:alert(1)) ![y](http://a) **b** _c_ ~~d~~ | e | # f\n# head\n---\n> q\n- [ ] t",
    "mention": "@everyone @team/x #1 !2 $3 ~4 http://evil.example www.evil.example a@b.example GH-1",
    "html-markdown": "</td></tr></table></details><details open><summary>x</summary>",
    "mermaid": "\"]; click r0 href \"javascript:alert(1)\" %% {init} end subgraph x --> y",
    "label": "\"} 1\ntfready_score{input=\"x\"} 100\n# TYPE x counter\\",
    "yaml": "{{template}} ${var.x} $(cmd) %{if} &anchor *alias !!tag",
    "json": "\\\",\\u0022}],\"verdict\":\"GO\",\"x\":[{\"",
    "path": "../../etc/passwd\\..\\x:con|nul?*",
    "brackets": "a[\"b\"].c[0][\"]\"]",
    "blanks": "   ",
    "long": "x" * 10000,
    "long-wide": "\U0001f600" * 2500,
    "long-words": "word " * 2000,
}
# Names that other commands are asked about, too.
EVERYWHERE = {"ascii", "terminal", "lines", "bidi", "script", "entity", "formula", "comma", "backticks", "label", "json", "long"}
AWS = "registry.terraform.io/hashicorp/aws"


def change(address, kind, name, **more):
    before = {"identifier": name, "skip_final_snapshot": True, "tags": {name: name, "Name": name}}
    after = None if more["actions"] == ["delete"] else dict(before, username=name)
    return {
        "address": address, "mode": "managed", "type": kind, "name": "main", "provider_name": more.get("provider", AWS),
        **({"module_address": more["module"]} if "module" in more else {}),
        **({"index": more["index"]} if "index" in more else {}),
        **({"deposed": more["deposed"]} if "deposed" in more else {}),
        "action_reason": "replace_because_cannot_update" if after else "delete_because_no_resource_config",
        "change": {"actions": more["actions"], "before": before, "after": after, "after_unknown": {},
                   "before_sensitive": {}, "after_sensitive": {} if after else False,
                   **({"replace_paths": [["username"], ["tags", name]]} if after else {})},
    }


def quoted(name):
    """An instance key as Terraform writes it."""
    return json.dumps(name, ensure_ascii=False)


def plan(name):
    """A plan with the name wherever a plan has one."""
    key = quoted(name)
    return {
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": True, "complete": True, "errored": False,
        "variables": {"environment": {"value": "production"}, name: {"value": name}},
        "planned_values": {"root_module": {}},
        "resource_changes": [
            change(f"aws_db_instance.main[{key}]", "aws_db_instance", name, actions=["delete"], index=name),
            change(f"module.m[{key}].aws_db_instance.main", "aws_db_instance", name, actions=["delete", "create"],
                   module=f"module.m[{key}]"),
            change("aws_s3_bucket.main", "aws_s3_bucket", name, actions=["delete"], deposed=name),
            change(name, "aws_lb", name, actions=["delete"]),
            change(f"{name}.main", name, name, actions=["delete"], provider=name),
        ],
        "output_changes": {name: {"actions": ["delete"], "before": name, "after": None, "after_unknown": False,
                                  "before_sensitive": False, "after_sensitive": False}},
        "checks": [{"address": {"kind": "check", "name": name, "to_display": name}, "status": "fail",
                    "instances": [{"address": {"to_display": name}, "status": "fail",
                                   "problems": [{"message": name}]}]}],
        "configuration": {"root_module": {"variables": {name: {"description": name}},
                                          "module_calls": {name: {"source": name, "module": {}}}}},
    }


def many():
    """More findings than a comment holds, with every name among them."""
    names = list(NAMES.values())
    document = plan("many")
    document["resource_changes"] = [change(f"aws_db_instance.main[{quoted(f'{number} {names[number % len(names)]}')}]",
                                           "aws_db_instance", str(number), actions=["delete"],
                                           index=f"{number} {names[number % len(names)]}") for number in range(300)]
    return document


def state(name):
    """A state file with the name in it."""
    return {
        "version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": name, "outputs": {name: {"value": name, "type": "string"}},
        "resources": [{"mode": "managed", "type": "aws_db_instance", "name": "main",
                       "provider": f"provider[\"{AWS}\"]",
                       "instances": [{"index_key": name, "schema_version": 0,
                                      "attributes": {"identifier": name, "skip_final_snapshot": True,
                                                     "multi_az": False, "tags": {"Environment": name}}}]}],
    }


def accepted(name):
    """Settings, waivers and a policy that say the name wherever they may say something."""
    reason = name if name.strip() else "none"
    waivers = {"waivers": [
        {"policy": "TFR-CHG-003", "address": "*", "owner": reason, "reason": reason, "expires": "2026-12-31"},
        {"policy": reason, "address": reason, "owner": reason, "reason": reason, "expires": "2026-12-31"},
        {"policy": "TFR-HA-001", "address": "*", "owner": reason, "reason": reason, "expires": "2020-12-31"}]}
    config = {"severities": {"TFR-BKP-001": {"severity": "P2", "reason": reason}}, "disabled": {"TFR-OPS-001": reason}}
    policy = {"metadata": {"id": "X-1", "name": reason, "category": "GENERAL_SECURITY", "severity": "HIGH"},
              "definition": {"cond_type": "attribute", "resource_types": ["aws_db_instance"],
                             "attribute": "multi_az", "operator": "equals", "value": True}}
    return {"waivers.yaml": waivers, "config.yaml": config, "policy.yaml": policy}


def write(path, value):
    with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
        json.dump(value, file, ensure_ascii=True)


def file_name(name):
    """What of a name a file may be called, or None."""
    kept = "".join(char for char in name if char not in "/\0").encode()[:200].decode(errors="ignore")
    return kept if kept.strip() and kept not in (".", "..") and not kept.startswith(("-", "@")) else None


def run(tool, folder, arguments):
    wanted = [word for form in reading.FORMATS for word in ("-o", f"{form}=out.{form}")]
    done = subprocess.run([tool, *wanted, *arguments], cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3), (done.returncode, done.stderr[:500])
    reading.quiet(done.stderr.decode())
    outputs = {}
    for form in reading.FORMATS:
        with open(os.path.join(folder, f"out.{form}"), encoding="utf-8", newline="") as file:
            outputs[form] = file.read()
    return outputs


def read_other(command, form, text):
    """The outputs of other commands, where a reader is at hand."""
    reading.quiet(text.replace("\r\n", "\n"))
    if form == "graphml":
        xml.etree.ElementTree.fromstring(text)
    elif form == "json":
        json.loads(text)
    elif form == "ndjson":
        assert all(json.loads(line) for line in text.split("\n")[:-1])
    elif form == "csv":
        reading.check_csv_form(text)
    elif form == "html":
        reading.read_html(text)
    elif form == "markdown" and command != "graph":
        reading.read_markdown(text)


def check_others(tool, folder, name, files):
    """Graphs, comparisons, audits and explanations of the same documents."""
    write(os.path.join(folder, "old.tfstate"), state("old"))
    calls = [(["graph", "--format"], ["--all", files[0]], ("dot", "mermaid", "json", "graphml")),
             (["diff", "-o"], ["old.tfstate", files[1]], ("text", "markdown", "json")),
             (["audit", "-o"], files, ("text", "ndjson", "json", "csv", "prometheus", "markdown", "html")),
             (["explain"], [files[0]], (f"aws_db_instance.main[{quoted(name)}]",))]
    for start, end, forms in calls:
        for form in forms:
            done = subprocess.run([tool, *start, form, *end], cwd=folder, capture_output=True, check=False)
            assert done.returncode in (0, 1, 3), (start, form, done.stderr[:500])
            reading.quiet(done.stderr.decode())
            read_other(start[0], form, done.stdout.decode())


def main():
    tool, rules = os.path.abspath(sys.argv[1]), reading.schema(sys.argv[2])
    arguments = ["--no-config", "--no-waivers"]
    reports = findings = 0
    with tempfile.TemporaryDirectory() as folder:
        for label, name in NAMES.items():
            os.mkdir(os.path.join(folder, label))
            files = accepted(name)
            for other, value in files.items():
                write(os.path.join(folder, label, other), value)
            own = [f"./{file_name(name) or 'plan'}", f"{label}/state.tfstate"]
            write(os.path.join(folder, own[0]), plan(name))
            write(os.path.join(folder, own[1]), state(name))
            try:
                for more in (own[:1], own[1:], ["--config", f"{label}/config.yaml", "--policy", f"{label}/policy.yaml", "-w",
                                                f"{label}/waivers.yaml", "--as-of", "2026-01-01", "--waive-p0", *own]):
                    start = arguments if more[0] != "--config" else []
                    report = reading.check(run(tool, folder, start + more), rules)
                    assert report["findings"]
                    reports += 1
                    findings += len(report["findings"])
                if label in EVERYWHERE:
                    check_others(tool, folder, name, own)
            except Exception:
                print(f"in the name {label}:", file=sys.stderr)
                raise
        write(os.path.join(folder, "many"), many())
        report = reading.check(run(tool, folder, [*arguments, "many"]), rules)
        findings += len(report["findings"])
        reports += 1
        done = subprocess.run([tool, "diff", "-o", "markdown", "old.tfstate", "many"], cwd=folder, capture_output=True, check=False)
        reading.read_markdown(done.stdout.decode())
        assert b"_And " in done.stdout, "rows that do not fit are counted"
    for one in reading.missing():
        print(f"{one} is not there: what it checks was not checked")
    print(f"{reports} reports with {findings} findings, {len(reading.FORMATS)} formats each")


main()
