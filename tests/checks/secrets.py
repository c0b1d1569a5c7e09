#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Secrets planted where documents, policies, settings and waivers may hold them, marked and not, stand in no output:
in none of the formats, in no message, of no command.

usage: secrets.py TFREADY
"""
import base64
import json
import os
import subprocess
import sys
import tempfile

import reading

AWS = "registry.terraform.io/hashicorp/aws"
AUDIT = ["text", "ndjson", "json", "csv", "prometheus", "markdown", "html"]
planted = set()


def secret(what, shape="{}"):
    """A value that must not be seen again, told apart by what it stands for."""
    word = f"canary{len(planted)}{what.replace('_', '')}"
    planted.add(word)
    return shape.format(word)


def database():
    """Attributes that give themselves away by their names or by their shape."""
    return {
        "identifier": "main", "skip_final_snapshot": True, "multi_az": False, "deletion_protection": False,
        **{name: secret(name) for name in ("password", "master_password", "secret_string", "auth_token", "api_key",
                                           "private_key", "user_data", "secret_key", "access_key",
                                           "connection_string", "passphrase", "master_user_secret")},
        "url": secret("url", "postgres://app:{}@db.example:5432/app"),
        "tags": {"token": secret("tag"), "Shape": secret("shape", "AKIA{}")},
        "pem": secret("pem", "-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----"),
        "github": secret("github", "ghp_{}"), "jwt": secret("jwt", "eyJhbGciOiJIUzI1NiJ9.{}.x"),
        "marked": secret("marked"), "nested": [{"marked": secret("nested")}], "whole": {"inner": secret("whole")},
    }


MARKS = {"marked": True, "nested": [{"marked": True}], "whole": True}


def task():
    """Secrets in JSON within a string."""
    containers = [{"name": "app", "image": "app:latest",
                   "environment": [{"name": "DB_PASSWORD", "value": secret("environment")},
                                   {"name": "DATABASE_URL", "value": secret("env_url", "redis://:{}@cache:6379")}],
                   "command": ["run", "--token", secret("command", "sk-{}")]}]
    return {"family": "app", "container_definitions": json.dumps(containers), "skip_destroy": False}


def resource(address, actions, before, after, marks):
    kind, name = address.split(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": AWS,
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": {},
                       "before_sensitive": marks if before else False, "after_sensitive": marks if after else False,
                       **({"replace_paths": [["password"], ["marked"], ["tags", "token"]]} if len(actions) > 1 else {})}}


def values(address, attributes, marks):
    kind, name = address.split(".")
    return {"address": address, "mode": "managed", "type": kind, "name": name, "provider_name": AWS,
            "schema_version": 0, "values": attributes, "sensitive_values": marks}


def output(name, sensitive):
    return {name: {"sensitive": sensitive, "type": "string", "value": secret(name)}}


def plan():
    return {
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": True, "complete": True, "errored": False,
        "variables": {"environment": {"value": "production"}, "token": {"value": secret("variable")},
                      "db_password": {"value": secret("db_variable")}},
        "planned_values": {"outputs": output("planned_output", True),
                           "root_module": {"resources": [values("aws_db_instance.kept", database(), MARKS)]}},
        "resource_changes": [
            resource("aws_db_instance.gone", ["delete"], database(), None, MARKS),
            resource("aws_db_instance.made", ["create"], None, database(), MARKS),
            resource("aws_db_instance.again", ["delete", "create"], database(), database(), MARKS),
            resource("aws_db_instance.other", ["update"], database(), database(), MARKS),
            resource("aws_ecs_task_definition.app", ["delete", "create"], task(), task(), {}),
            resource("aws_secretsmanager_secret_version.a", ["delete"], database(), None, True),
        ],
        "resource_drift": [resource("aws_db_instance.other", ["update"], database(), database(), MARKS)],
        "output_changes": {"secret_output": {"actions": ["update"], "before": secret("output_before"),
                                             "after": secret("output_after"), "after_unknown": False,
                                             "before_sensitive": True, "after_sensitive": True}},
        "prior_state": {"format_version": "1.0", "terraform_version": "1.11.4", "values": {
            "outputs": output("prior_output", True),
            "root_module": {"resources": [values("aws_db_instance.gone", database(), MARKS)]}}},
        "configuration": {
            "provider_config": {"aws": {"name": "aws", "full_name": AWS, "expressions": {
                "access_key": {"constant_value": secret("provider", "AKIA{}")},
                "secret_key": {"constant_value": secret("provider_secret")}}}},
            "root_module": {
                "variables": {"token": {"default": secret("default"), "sensitive": True}},
                "outputs": {"secret_output": {"sensitive": True, "expression": {"constant_value": secret("expression")}}},
                "resources": [{"address": "aws_db_instance.made", "mode": "managed", "type": "aws_db_instance",
                               "name": "made", "provider_config_key": "aws", "schema_version": 0,
                               "expressions": {"password": {"constant_value": secret("constant")}}}]}},
        "checks": [{"address": {"kind": "output_value", "name": "secret_output", "to_display": "output.secret_output"},
                    "status": "fail", "instances": [{"address": {"to_display": "output.secret_output"}, "status": "fail",
                                                     "problems": [{"message": secret("problem", "password {}")}]}]}],
    }


def state():
    return {"format_version": "1.0", "terraform_version": "1.11.4", "values": {
        "outputs": {**output("state_output", True), **output("db_password", False)},
        "root_module": {"resources": [values("aws_db_instance.main", database(), MARKS),
                                      values("aws_ecs_task_definition.app", task(), {})]}}}


def raw_state():
    private = base64.b64encode(secret("private").encode()).decode()
    return {"version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "a", "outputs": {
        "secret_output": {"value": secret("raw_output"), "type": "string", "sensitive": True}},
        "resources": [{"mode": "managed", "type": "aws_db_instance", "name": "main", "provider": f'provider["{AWS}"]',
                       "instances": [{"schema_version": 2, "attributes": database(), "private": private,
                                      "sensitive_attributes": [[{"type": "get_attr", "value": "marked"}],
                                                               [{"type": "get_attr", "value": "whole"}],
                                                               [{"type": "get_attr", "value": "nested"}]]}]}]}


def policy(attribute, operator):
    """A policy that looks at a secret, and wants another one."""
    return {"metadata": {"id": f"X-{attribute}-{operator}", "name": "Looks at a secret", "severity": "HIGH",
                         "category": "GENERAL_SECURITY"},
            "definition": {"cond_type": "attribute", "resource_types": ["aws_db_instance"], "attribute": attribute,
                           "operator": operator, "value": secret("wanted")}}


POLICIES = [(name, operator) for name in ("password", "marked", "tags.token", "url", "whole.inner", "nested.0.marked", "jwt")
            for operator in ("equals", "contains", "regex_match")]
# Files that are refused: the message says where, and nothing of what stands there.
REFUSED = {
    "config.yaml": ["fail-on: {}", "token: {}", "severities: {{TFR-CHG-001: {{severity: {}, reason: x}}}}",
                    "disabled: {{TFR-CHG-001: [{}]}}", "coverage: \"{}", "environments: {{production: {{a: {}}}}}"],
    "waivers.yaml": ["waivers: [{{policy: X, address: a, owner: b, reason: c, expires: {}}}]", "waivers: {}",
                     "waivers: [{{policy: X, password: {}}}]", "waivers: [\"{}"],
    "policy.yaml": ["metadata: {{id: {}}}", "definition: \"{}", "metadata: {{id: X-1, name: x}}\ndefinition: {{cond_type: {}}}"],
    "plan.json": ["{{\"format_version\": \"1.2\", \"password\": \"{}", "password = \"{}\"\n", "{{\"password\": \"{}\" \"x\"}}",
                  "[\"{}\"]",
                  "{{\"format_version\": \"1.2\", \"resource_changes\": \"{}\"}}", "password: {}\n"],
}


def seen(text):
    """What of the planted stands in an output, also as base64."""
    found = [word for word in planted if word in text]
    return found + (["base64"] if base64.b64encode(b"canary")[:7].decode() in text else [])


def run(tool, arguments, codes=(0, 1, 3)):
    done = subprocess.run([tool, *arguments], capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert done.returncode in codes, (arguments, done.returncode, done.stderr[:500])
    for part in (done.stdout, done.stderr):
        assert not seen(part.decode()), (arguments, seen(part.decode()))
    return 2


def write(name, value):
    with open(name, "w", encoding="utf-8") as file:
        file.write(value if isinstance(value, str) else json.dumps(value))


def whole_ones(tool):
    """Commands over documents that can be read."""
    write("plan.json", plan())
    write("state.json", state())
    write("raw.tfstate", raw_state())
    os.mkdir("policies")
    for number, (attribute, operator) in enumerate(POLICIES):
        write(f"policies/{number}.yaml", policy(attribute, operator))
    names = ["plan.json", "state.json", "raw.tfstate"]
    outputs = 0
    for form in reading.FORMATS:
        for name in names:
            outputs += run(tool, ["-o", form, "--show-passed", name])
            outputs += run(tool, ["-o", form, "--policy", "policies", "--policy-mode", "checkov", name])
        outputs += run(tool, ["-o", form, "--policy", "policies", *names])
    for form in AUDIT:
        outputs += run(tool, ["audit", "-o", form, *names])
    for form in ("text", "markdown", "json"):
        outputs += run(tool, ["diff", "-o", form, "--policy", "policies", "state.json", "raw.tfstate"])
        outputs += run(tool, ["diff", "-o", form, "plan.json", "raw.tfstate"])
    for form in ("dot", "mermaid", "json", "graphml"):
        outputs += run(tool, ["graph", "--format", form, "--all", "plan.json"])
    for name in names:
        address = "aws_db_instance.other" if name == "plan.json" else "aws_db_instance.main"
        outputs += run(tool, ["explain", address, name])
    told = subprocess.run([tool, "-o", "csv", "--policy", "policies", *names], capture_output=True, check=False).stdout.decode()
    assert all(f"X-{attribute}-{operator}," in told for attribute, operator in POLICIES if operator == "equals"), told
    return outputs


def refused_ones(tool):
    """Commands over files that are refused."""
    options = {"config.yaml": ["--config", "refused"], "waivers.yaml": ["-w", "refused", "--as-of", "2026-01-01"],
               "policy.yaml": ["--policy", "refused"], "plan.json": []}
    outputs = 0
    for name, texts in REFUSED.items():
        for text in texts:
            write("refused", text.format(secret("refused")))
            for form in ("text", "json", "markdown", "sarif"):
                outputs += run(tool, [*options[name], "-o", form, "refused" if name == "plan.json" else "plan.json"], (2,))
    return outputs


def main():
    tool = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        outputs = whole_ones(tool) + refused_ones(tool)
        os.chdir("/")
    assert seen(next(iter(planted))), "the search finds nothing at all"
    print(f"{len(planted)} secrets, {outputs} outputs, none of them in one")


main()
