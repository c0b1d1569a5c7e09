#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Rules for Prometheus and the panel for Grafana are well-formed and ask for metrics that an audit writes.

usage: dashboard.py TFREADY DOCS_FOLDER FLEET
"""
import json
import pathlib
import re
import subprocess
import sys

try:
    import yaml
except ImportError:
    yaml = None

SAMPLE = re.compile(r'^(tfready_\w+)(?:\{(\w+)="((?:[^"\\\n]|\\.)*)"\})? (\d+)$')


def samples(text):
    """The series of an exposition, and the labels that each has."""
    series = {}
    typed = set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            typed.add(line.split()[2])
        if line.startswith("#"):
            continue
        match = SAMPLE.match(line)
        assert match, line
        assert match.group(1) in typed, f"no type before {line}"
        series.setdefault(match.group(1), set()).add((match.group(2), match.group(3)))
    return series


def check_expression(expression, series):
    """Every metric is written, and every label that is asked for has that value."""
    names = re.findall(r"tfready_\w+", expression)
    assert names, expression
    for name in names:
        assert name in series, f"no audit writes {name}"
    for name, label, value in re.findall(r'(tfready_\w+)\{(\w+)="([^"]*)"\}', expression):
        assert (label, value) in series[name], f"no {label}={value} of {name}"
    assert expression.count("(") == expression.count(")") and expression.count("{") == expression.count("}"), expression


def check_rules(text, series):
    groups = yaml.safe_load(text)["groups"]
    alerts = set()
    for group in groups:
        assert group["name"]
        for rule in group["rules"]:
            assert rule["alert"] not in alerts and rule["labels"]["severity"] and rule["annotations"]["summary"], rule
            assert re.fullmatch(r"\d+[smhdw]", rule.get("for", "0s")), rule
            alerts.add(rule["alert"])
            check_expression(rule["expr"], series)
    assert alerts


def main():
    tool, docs, fleet = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
    done = subprocess.run([tool, "audit", "-o", "prometheus", fleet], capture_output=True, check=False)
    series = samples(done.stdout.decode("utf-8"))
    panel = json.loads((docs / "grafana-panel.json").read_text(encoding="utf-8"))
    assert panel["type"] and panel["title"]
    references = [target["refId"] for target in panel["targets"]]
    assert references and len(references) == len(set(references))
    for target in panel["targets"]:
        check_expression(target["expr"], series)
    if yaml is not None:
        check_rules((docs / "tfready.rules.yml").read_text(encoding="utf-8"), series)


if __name__ == "__main__":
    main()
