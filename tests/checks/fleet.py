#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A fleet of some hundred states and plans with something of everything planted in it: an audit finds each, and nothing else.

usage: fleet.py TFREADY [TEAMS]
"""
import copy
import json
import pathlib
import random
import subprocess
import sys
import tempfile

PROVIDER = 'provider["registry.terraform.io/hashicorp/aws"]'
ACCOUNT = "123456789012"


class Fleet:
    """Documents by name, and what was planted in them."""

    def __init__(self, teams):
        self.teams = teams
        self.random = random.Random(4711)
        self.states = {}
        self.plans = {}
        self.across = set()
        self.left_overs = set()
        self.drifted = set()

    def short_id(self, kind):
        return f"{kind}-{self.random.getrandbits(68):017x}"

    def tell(self, kind, document, address, other, other_address, detail=None):
        self.across.add((kind, document, address, other, other_address, detail))


def resource(kind, name, attributes, mode="managed", provider=PROVIDER):
    return {"mode": mode, "type": kind, "name": name, "provider": provider,
            "instances": [{"schema_version": 0, "attributes": attributes, "sensitive_attributes": []}]}


def state(fleet, resources, outputs=(), version="1.11.4"):
    lineage = f"{fleet.random.getrandbits(128):032x}"
    return {"version": 4, "terraform_version": version, "serial": 5, "lineage": lineage,
            "outputs": {name: {"value": "x", "type": "string"} for name in outputs}, "resources": resources}


def arn(service, rest):
    return f"arn:aws:{service}:eu-central-1:{ACCOUNT}:{rest}"


def network(fleet, team):
    vpc = fleet.short_id("vpc")
    subnets = [fleet.short_id("subnet") for _ in range(2)]
    block = f"10.{team // 200}.{team % 200}"
    return state(fleet, [
        resource("aws_vpc", "main", {"id": vpc, "arn": arn("ec2", f"vpc/{vpc}"), "cidr_block": f"{block}.0/24"}),
        *[resource("aws_subnet", f"s{i}", {"id": subnet, "arn": arn("ec2", f"subnet/{subnet}"), "vpc_id": vpc,
                                         "cidr_block": f"{block}.{128 * i}/25"}) for i, subnet in enumerate(subnets)],
        # of no use as an identity: many have it
        resource("aws_main_route_table_association", "main", {"id": "main", "vpc_id": vpc}),
    ], ["vpc_id", "subnets"])


def queue(fleet, team, name):
    full = f"team-{team}-{name}-{fleet.random.getrandbits(32):08x}"
    return {"id": f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/{full}", "arn": arn("sqs", full), "name": full,
            "url": f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/{full}"}


def bucket(team):
    return {"id": f"team-{team}-data", "arn": f"arn:aws:s3:::team-{team}-data", "bucket": f"team-{team}-data"}


def application(fleet, team):
    """Stands in its team's network: every one of them refers to it by value."""
    vpc = fleet.states[f"net/{team:03}.tfstate"]["resources"][0]["instances"][0]["attributes"]["id"]
    group = fleet.short_id("sg")
    server = fleet.short_id("i")
    data = bucket(team)
    fleet.tell("uses", f"app/{team:03}.tfstate", "aws_security_group.web", f"net/{team:03}.tfstate", "aws_vpc.main")
    return state(fleet, [
        resource("aws_security_group", "web", {"id": group, "arn": arn("ec2", f"security-group/{group}"), "vpc_id": vpc}),
        resource("aws_instance", "web", {"id": server, "arn": arn("ec2", f"instance/{server}"), "vpc_security_group_ids": [group]}),
        resource("aws_s3_bucket", "data", data),
        # the id of its bucket: no second holder
        resource("aws_s3_bucket_versioning", "data", {"id": data["id"], "bucket": data["id"]}),
        resource("aws_sqs_queue", "jobs", queue(fleet, team, "jobs")),
        resource("aws_sqs_queue_policy", "jobs", {"id": "default"}),
        # looks at the network, holds nothing of it
        resource("aws_vpc", "network", {"id": vpc}, mode="data"),
        resource("terraform_remote_state", "network", {
            "backend": "s3", "config": {"bucket": "states", "key": f"net/{team:03}.tfstate"},
            "outputs": {"vpc_id": "x", "subnets": "x"}}, mode="data", provider='provider["terraform.io/builtin/terraform"]'),
    ])


def change(address, kind, name, actions, before, after):
    return {"address": address, "mode": "managed", "type": kind, "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "change": {"actions": actions, "before": before, "after": after, "after_unknown": {},
                       "before_sensitive": False, "after_sensitive": False}}


def plan(changes, drift=()):
    return {"format_version": "1.2", "terraform_version": "1.11.4", "applyable": True, "complete": True, "errored": False,
            "planned_values": {"root_module": {}}, "resource_changes": changes, "resource_drift": list(drift),
            "configuration": {"root_module": {}}}


def attributes(document, address):
    kind, name = address.split(".")
    for one in document["resources"]:
        if (one["type"], one["name"], one["mode"]) == (kind, name, "managed"):
            return one["instances"][0]["attributes"]
    raise KeyError(address)


def show(document):
    """The same as terraform show -json has it: without lineage and serial."""
    return {"format_version": "1.0", "terraform_version": document["terraform_version"], "values": {
        "outputs": {name: {"value": one["value"], "type": "string", "sensitive": False}
                    for name, one in document["outputs"].items()},
        "root_module": {"resources": [{
            "address": ("data." if one["mode"] == "data" else "") + f"{one['type']}.{one['name']}", "mode": one["mode"],
            "type": one["type"], "name": one["name"], "provider_name": "registry.terraform.io/hashicorp/aws",
            "schema_version": 0, "values": one["instances"][0]["attributes"], "sensitive_values": {}}
            for one in document["resources"]]}}}


def renamed(document, address, name):
    """The state with one object under another name."""
    moved = copy.deepcopy(document)
    kind, old = address.split(".")
    for one in moved["resources"]:
        if (one["type"], one["name"], one["mode"]) == (kind, old, "managed"):
            one["name"] = name
    return moved


def plant_twice(fleet, at):
    """The same object in two states: known by ARN, by id alone, by self link."""
    for kind, values in (
            ("aws_sqs_queue", queue(fleet, at, "shared")),
            ("aws_eip", {"id": fleet.short_id("eipalloc"), "vpc": True}),
            ("google_compute_address", {"id": "projects/p/regions/r/addresses/shared", "name": "shared", "self_link":
                                        "https://www.googleapis.com/compute/v1/projects/p/regions/r/addresses/shared"})):
        one, two = f"app/{at:03}.tfstate", f"app/{at + 1:03}.tfstate"
        fleet.states[one]["resources"].append(resource(kind, "mine", values))
        fleet.states[two]["resources"].append(resource(kind, "ours", values))
        fleet.tell("managed-twice", one, f"{kind}.mine", two, f"{kind}.ours")
        at += 2
    return at


def plant_plans(fleet, at):
    """A plan that destroys another state's queue, one that takes another state's name, and one that minds its business."""
    victim = f"app/{at:03}.tfstate"
    held = attributes(fleet.states[victim], "aws_sqs_queue.jobs")
    fleet.plans["plan/destroy.plan.json"] = plan([change("aws_sqs_queue.old", "aws_sqs_queue", "old", ["delete"], held, None)])
    fleet.tell("destroyed-elsewhere", "plan/destroy.plan.json", "aws_sqs_queue.old", victim, "aws_sqs_queue.jobs")
    other = f"app/{at + 1:03}.tfstate"
    taken = attributes(fleet.states[other], "aws_s3_bucket.data")["bucket"]
    fleet.plans["plan/name.plan.json"] = plan(
        [change("aws_s3_bucket.copy", "aws_s3_bucket", "copy", ["create"], None, {"bucket": taken})])
    fleet.tell("name-taken", "plan/name.plan.json", "aws_s3_bucket.copy", other, "aws_s3_bucket.data")
    for name in "one", "two":
        fleet.plans[f"plan/same-{name}.plan.json"] = plan(
            [change(f"aws_s3_bucket.{name}", "aws_s3_bucket", name, ["create"], None, {"bucket": "two-plans-make-this"})])
    fleet.tell("name-taken", "plan/same-two.plan.json", "aws_s3_bucket.two", "plan/same-one.plan.json", "aws_s3_bucket.one")
    own = attributes(fleet.states[f"app/{at + 2:03}.tfstate"], "aws_sqs_queue.jobs")
    fleet.plans["plan/own.plan.json"] = plan([
        change("aws_sqs_queue.jobs", "aws_sqs_queue", "jobs", ["delete"], own, None),
        change("aws_s3_bucket.new", "aws_s3_bucket", "new", ["create"], None, {"bucket": "nobody-has-this"})])
    return at + 3


def plant_drift(fleet, at):
    """Two plans whose objects were changed by hand, one where nothing was."""
    for number in range(3):
        name = f"plan/drift-{number}.plan.json"
        before = attributes(fleet.states[f"app/{at:03}.tfstate"], "aws_security_group.web")
        now = {**before, "description": "by hand"} if number < 2 else before
        fleet.plans[name] = plan([change("aws_security_group.web", "aws_security_group", "web", ["no-op"], now, now)],
                                 [change("aws_security_group.web", "aws_security_group", "web", ["update"], before, now)]
                                 if number < 2 else [])
        if number < 2:
            fleet.drifted.add(name)
        at += 1
    return at


def plant_copies(fleet, at):
    """A rollback, a fork, and copies that are nothing of the kind."""
    name = f"net/{at:03}.tfstate"
    old = copy.deepcopy(fleet.states[name])
    old["serial"] -= 2
    old["resources"].pop(1)
    fleet.states[f"yesterday/{at:03}.tfstate"] = old
    fleet.tell("rollback", f"yesterday/{at:03}.tfstate", None, name, None, "serial 3, the other one 5")
    name = f"net/{at + 1:03}.tfstate"
    other = copy.deepcopy(fleet.states[name])
    other["resources"].pop(1)
    fleet.states[f"other/{at + 1:03}.tfstate"] = other
    # of two copies the first by name stands for the state
    fleet.tell("fork", f"other/{at + 1:03}.tfstate", None, name, None, "serial 5, the other one 5")
    for number in range(at + 2, at + 6):
        for kind in ("app", "net"):
            fleet.states[f"zz-backup/{kind}-{number:03}.tfstate"] = copy.deepcopy(fleet.states[f"{kind}/{number:03}.tfstate"])
    return at + 6


def plant_shown(fleet, at):
    """The same states as show -json writes them, and one from before an object was renamed: nothing to tell."""
    for number in range(at, at + 4):
        name = f"shown/{number:03}.state.json"
        fleet.plans[name] = show(fleet.states[f"app/{number:03}.tfstate"])
        fleet.tell("uses", name, "aws_security_group.web", f"net/{number:03}.tfstate", "aws_vpc.main")
    name = f"shown/{at + 4:03}.state.json"
    fleet.plans[name] = show(renamed(fleet.states[f"app/{at + 4:03}.tfstate"], "aws_sqs_queue.jobs", "work"))
    fleet.tell("uses", name, "aws_security_group.web", f"net/{at + 4:03}.tfstate", "aws_vpc.main")
    return at + 5


def plant_outputs(fleet, at):
    """An output that is read and is not there."""
    reader = f"app/{at:03}.tfstate"
    for one in fleet.states[reader]["resources"]:
        if one["type"] == "terraform_remote_state":
            one["instances"][0]["attributes"]["outputs"]["zone_id"] = "z"
    fleet.tell("missing-output", reader, "data.terraform_remote_state.network", f"net/{at:03}.tfstate", None, "zone_id")
    return at + 1


def plant_networks(fleet, at):
    """Two networks that overlap."""
    one, two = f"net/{at:03}.tfstate", f"net/{at + 1:03}.tfstate"
    wide = "172.16.0.0/16"
    attributes(fleet.states[one], "aws_vpc.main")["cidr_block"] = wide
    attributes(fleet.states[two], "aws_vpc.main")["cidr_block"] = "172.16.32.0/24"
    fleet.tell("overlapping-networks", one, "aws_vpc.main", two, "aws_vpc.main", wide)
    return at + 2


def plant_left_overs(fleet, at):
    """Security groups that nothing has, and topics that nobody reads."""
    for number in range(at, at + 5):
        name = f"app/{number:03}.tfstate"
        group = fleet.short_id("sg")
        topic = arn("sns", f"team-{number}-news")
        fleet.states[name]["resources"] += [
            resource("aws_security_group", "gone", {"id": group, "arn": arn("ec2", f"security-group/{group}")}),
            resource("aws_sns_topic", "news", {"id": topic, "arn": topic, "name": f"team-{number}-news"})]
        fleet.left_overs |= {(name, "aws_security_group.gone"), (name, "aws_sns_topic.news")}
    return at + 5


def plant_versions(fleet, at):
    """States of an older Terraform, and plans that ask for versions of providers."""
    for number in range(at, at + 3):
        fleet.states[f"net/{number:03}.tfstate"]["terraform_version"] = "1.5.7"
    for number, version in enumerate(("~> 5.0", "~> 5.0", ">= 4.9")):
        one = plan([])
        one["configuration"]["provider_config"] = {"aws": {
            "name": "aws", "full_name": "registry.terraform.io/hashicorp/aws", "version_constraint": version}}
        fleet.plans[f"plan/version-{number}.plan.json"] = one
    return at + 3


def plant(fleet):
    for team in range(fleet.teams):
        fleet.states[f"net/{team:03}.tfstate"] = network(fleet, team)
        fleet.states[f"app/{team:03}.tfstate"] = application(fleet, team)
    at = 0
    for planted in (plant_twice, plant_plans, plant_drift, plant_copies, plant_shown, plant_outputs, plant_networks,
                    plant_left_overs, plant_versions):
        at = planted(fleet, at)
    assert at <= fleet.teams, f"at least {at} teams"


def audit(tool, folder, *words):
    done = subprocess.run([tool, "audit", "--as-of", "2026-01-15", *words], cwd=folder, capture_output=True, check=False)
    assert done.returncode in (0, 1, 3, 4), done.stderr  # 4: plans that change nothing
    return done.stdout


def differ(what, found, planted):
    for kind, rest in (("missed", planted - found), ("invented", found - planted)):
        for one in sorted(rest, key=str):
            print(kind, what, one)
    return found != planted


def main():
    tool = sys.argv[1]
    fleet = Fleet(int(sys.argv[2]) if len(sys.argv) > 2 else 100)
    plant(fleet)
    with tempfile.TemporaryDirectory() as folder:
        for name, document in {**fleet.states, **fleet.plans}.items():
            file = pathlib.Path(folder, name)
            file.parent.mkdir(exist_ok=True)
            file.write_text(json.dumps(document), encoding="utf-8")
        summary = json.loads(audit(tool, folder, "-o", "json", "."))
        lines = [json.loads(line) for line in audit(tool, folder, "-o", "ndjson", ".").splitlines()]
        assert audit(tool, folder, "-j", "4", "-o", "json", ".") == audit(tool, folder, "-o", "json", ".")

    def of(name):
        return name[2:] if name is not None else None

    across = {(one["kind"], of(one["document"]), one["address"], of(one["other_document"]), one["other_address"], one["detail"])
              for one in summary["across"]}
    # queues without users are everywhere, and plans hold little; asked here are groups and topics of states
    left = {(of(one["document"]), one["address"]) for one in summary["left_overs"]
            if one["policy"] in ("TFR-ORP-011", "TFR-ORP-018") and one["document"].endswith(".tfstate")}
    drifted = {of(line["name"]) for line in lines if any(one["policy"].startswith("TFR-DRF-") for one in line["findings"])}
    failed = differ("across", across, fleet.across)
    failed |= differ("left over", left, fleet.left_overs)
    failed |= differ("drift", drifted, fleet.drifted)
    failed |= differ("versions", {(one["name"], one["documents"]) for one in summary["versions"]},
                     {("1.5.7", 3), ("1.11.4", len(lines) - 3)})
    failed |= differ("versions of providers", {(one["name"], one["documents"]) for one in summary["provider_versions"]},
                     {("registry.terraform.io/hashicorp/aws ~> 5.0", 2), ("registry.terraform.io/hashicorp/aws >= 4.9", 1)})
    print(f"{len(lines)} documents, {len(fleet.across)} planted across them, {len(fleet.left_overs)} left over")
    return failed


if __name__ == "__main__":
    sys.exit(main())
