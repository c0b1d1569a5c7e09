#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Where settings come from, and that the schema of the configuration says what the program takes.

usage: config.py TFREADY SCHEMA TESTDATA
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError:
    jsonschema = None

SECTIONS = {"disabled", "severities", "stateful", "environments", "profile"}


def settings(tool, folder, *args, **variables):
    """Settings by name: value and where it comes from."""
    env = {key: value for key, value in os.environ.items() if not key.startswith("TFREADY_")}
    done = subprocess.run([tool, "--show-config", *args], cwd=folder, env={**env, **variables},
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    rows = {}
    for line in done.stdout.splitlines():
        if line[:1] != "." and "  (" in line:
            left, source = line.rsplit("  (", 1)
            rows[left.split()[0]] = (left.split(None, 1)[1], source.rstrip(")"))
    return rows


def judge(tool, folder, plan, *args):
    """The report of a plan."""
    done = subprocess.run([tool, "-o", "json", *args, plan], cwd=folder, capture_output=True,
                          text=True, check=False)
    return json.loads(done.stdout)


def check_order(tool, root):
    """Flag, then variable, then file, then default."""
    deep = root / "a" / "b"
    deep.mkdir(parents=True)
    (root / ".tfready.yaml").write_text("coverage: 61\nwaive-p0: true\n")
    assert settings(tool, deep)["coverage"] == ("60", "default"), "no repository: here alone"
    (root / ".git").mkdir()
    assert settings(tool, deep)["coverage"] == ("61", "../../.tfready.yaml:1")
    assert settings(tool, deep)["waive-p0"] == ("true", "../../.tfready.yaml:2")
    assert settings(tool, deep, TFREADY_WAIVE_P0="false")["waive-p0"] == \
        ("false", "TFREADY_WAIVE_P0")
    assert settings(tool, deep, TFREADY_COVERAGE="62")["coverage"] == ("62", "TFREADY_COVERAGE")
    assert settings(tool, deep, "--coverage", "63", TFREADY_COVERAGE="62")["coverage"] == \
        ("63", "--coverage")
    assert settings(tool, deep, "--no-config")["coverage"] == ("60", "default")
    (root / "a" / ".tfready.yaml").write_text("coverage: 64\n")
    assert settings(tool, deep)["coverage"] == ("64", "../.tfready.yaml:1"), "the nearest"
    (root / "a" / ".git").write_text("gitdir: elsewhere\n")
    (root / "a" / ".tfready.yaml").unlink()
    assert settings(tool, deep)["coverage"] == ("60", "default"), "not above the repository"
    other = root / "other.yaml"
    other.write_text("coverage: 65\n")
    assert settings(tool, deep, TFREADY_CONFIG=str(other))["coverage"][0] == "65"


def check_words(tool, root, plan):
    """What the sections do to a verdict."""
    config = root / "words.yaml"
    before = judge(tool, root, plan, "--no-config")
    p0 = [one["policy"] for one in before["findings"]
          if one["severity"] == "P0" and one["state"] == "open"]
    config.write_text("disabled:\n" + "".join(f"  {one}: said so\n" for one in sorted(set(p0))))
    after = judge(tool, root, plan, "--config", str(config))
    assert before["verdict"] == "NO-GO" and after["verdict"] == "CONDITIONAL GO", after["verdict"]
    assert len(after["configuration"]) == len(set(p0))
    config.write_text(config.read_text() + "p1-in-production: no-go\n")
    after = judge(tool, root, plan, "--config", str(config))
    assert after["verdict"] == "NO-GO" and after["score"]["overall"] <= 49
    config.write_text("severities:\n  TFR-CHG-002: {production: P2, reason: said so}\n")
    after = judge(tool, root, plan, "--config", str(config))
    assert {one["severity"] for one in after["findings"] if one["policy"] == "TFR-CHG-002"} == \
        {"P2"}
    config.write_text("environments:\n  development: [PRODUCTION]\n")
    after = judge(tool, root, plan, "--config", str(config))
    assert after["environment"]["name"] == "development", after["environment"]
    assert judge(tool, root, plan, "--config", str(config), "--env", "Production")["environment"][
        "name"] == "development"
    config.write_text("stateful:\n  aws_lb: D1\n")
    after = judge(tool, root, plan, "--config", str(config))
    assert any(one["policy"] == "TFR-CHG-002" and one["address"] == "aws_lb.web"
               for one in after["findings"]), "a type of the user is stateful"


def check_schema(tool, schema, files):
    """The schema knows the settings that the program knows, and judges files alike."""
    assert set(schema["properties"]) - SECTIONS == set(settings(tool, "/"))
    if jsonschema is None:
        print("skipped: jsonschema or yaml is missing, no file was validated")
        return
    validator = jsonschema.Draft202012Validator(schema)
    profile = json.loads((pathlib.Path(sys.argv[2]).parent / "profile.schema.json").read_text())
    assert profile["properties"] == schema["properties"]["profile"]["properties"], "one profile"
    for path in files:
        done = subprocess.run([tool, "--show-config", "--config", path], capture_output=True,
                              check=False)
        valid = validator.is_valid(yaml.safe_load(path.read_text()))
        # Ids of policies are not in the schema.
        assert valid == (done.returncode == 0) or path.name == "no-policy.yaml", path


def check_profiles(tool, schema, files):
    """Profiles of their own: lint and schema judge alike, and what they say holds."""
    if jsonschema is None:
        return
    validator = jsonschema.Draft202012Validator(schema)
    for path in files:
        done = subprocess.run([tool, "profile", "lint", path], capture_output=True, check=False)
        valid = validator.is_valid(yaml.safe_load(path.read_text()))
        # Expressions and kinds of components are not in the schema.
        assert valid == (done.returncode == 0) or path.name.startswith("words-"), path


def check_profile(tool, root, plan):
    """What a profile does to a verdict."""
    own = root / "profile.yaml"
    own.write_text("expected: [cdn, load_balancer]\nenvironment: staging\n"
                   "documentation: {runbook: docs/run.md}\n")
    found = judge(tool, root, plan, "--no-config", "--profile", str(own))
    assert [one["severity"] for one in found["findings"] if one["policy"] == "TFR-WIR-029"] == ["P1"]
    assert found["environment"]["name"] == "staging"
    config = root / "with-profile.yaml"
    config.write_text("profile:\n  expected: [audit_trail]\n")
    found = judge(tool, root, plan, "--config", str(config))
    assert [one["address"] for one in found["findings"] if one["policy"] == "TFR-WIR-029"] == \
        ["audit_trail"]
    found = judge(tool, root, plan, "--config", str(config), "--profile", str(own))
    assert [one["address"] for one in found["findings"] if one["policy"] == "TFR-WIR-029"] == \
        ["cdn"], "the file takes the place of the section"


def main():
    tool = os.path.abspath(sys.argv[1])
    schema = json.loads(pathlib.Path(sys.argv[2]).read_text())
    data = pathlib.Path(sys.argv[3]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        check_order(tool, pathlib.Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        check_words(tool, pathlib.Path(folder), str(data / "example" / "plan.json"))
        check_profile(tool, pathlib.Path(folder), str(data / "example" / "plan.json"))
    profiles = sorted((data / "profiles").glob("*.yaml"))
    example = pathlib.Path(sys.argv[2]).parent / "profile.example.yaml"
    check_profiles(tool, json.loads((example.parent / "profile.schema.json").read_text()),
                   [*profiles, example])
    check_schema(tool, schema, sorted((data / "config").glob("*.yaml")))


main()
