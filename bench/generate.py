#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes one large plan or state, wholly invented, to standard output; same options, same bytes.

    generate.py [--kind plan|state|raw-state] [--resources N] [--modules M] [--shape SHAPE] [--seed S]
    generate.py --documents N --into DIR ...     N documents of consecutive seeds, a file each

The world: the root module calls M services with for_each; every instance of a service is the stack of stack.py: some 120
resources of 48 types in six modules that refer to each other by id, ARN and name, and a configuration that says the same.
The values of each resource are made once as JSON with tokens in it, and an instance is a replacement of the tokens: so
500 MB take seconds, and memory is one stack.

Of five stacks one is set up badly, three have their faults, one is sound, so that policies have something to find. What a
plan changes can happen: nothing is created or replaced whose id an unchanged object holds, what is deleted is named by
nothing that stays, and where a task definition is replaced, its service is updated.

Shapes: ordinary; one-module (all blocks in one module, for_each over many keys); deep (stacks 30 modules down);
for-each (one block of a queue, N keys); deleted (everything goes); findings (everything is set up badly);
long-string (a few resources, and one string of 50 MB); small (eight resources, 10 KB as a raw state);
connected (unchanged queues, each of which refers to the next ten).
"""
import argparse
import functools
import hashlib
import json
import os
import re
import sys

import configuration
from provider import FORCES_NEW, REGION, SCHEMA_VERSIONS, SENSITIVE, WITHOUT_TAGS, text
from stack import BLOCKS, LONG, SMALL, VARIABLES
from wiring import FOLLOWS, Wiring

VERSION = "1.11.4"
PROVIDER = "registry.terraform.io/hashicorp/aws"
LONG_STRING = 50_000_000
LEVELS = 30
DRAWN = re.compile(r"@(\d+)([hu])@")
RETIRED = "reports"  # some services give up this key of their databases and buckets
ALONE = {"cloudwatch_metric_alarm", "route53_record"}  # nothing is broken without them

# ---- stacks ------------------------------------------------------------------------------------------------------------


class Instance:
    """One resource: its address, its values as text, and what the plan does to it."""
    __slots__ = ("address", "module", "below", "kind", "name", "key", "values", "template", "depends", "action")


@functools.lru_cache(maxsize=None)
def wiring_of(shape):
    """The blocks that a document of this shape has of each stack."""
    blocks = BLOCKS
    if shape == "for-each":
        blocks = [block._replace(below="", keys=None) for block in BLOCKS if block[1:3] == ("sqs_queue", "dead")]
    elif shape == "one-module":
        blocks = [block._replace(below="") for block in BLOCKS]
    elif shape == "small":
        blocks = [block for block in BLOCKS if block[1:3] in SMALL]
    elif shape == "long-string":
        blocks = BLOCKS + [LONG]
    return Wiring(BLOCKS, blocks)


class World:
    def __init__(self, args):
        self.args = args
        self.shape = args.shape
        self.wiring = wiring_of(self.shape)
        self.cells = (None,)  # of stacks that lie in one module: their keys
        stacks = max(1, round(args.resources / SIZE))
        if self.shape in ("for-each", "one-module"):
            self.cells, stacks = self.keys(args.resources if self.shape == "for-each" else stacks), 1
        elif self.shape in ("small", "long-string"):
            stacks = 1
        calls = min(stacks, args.modules or max(1, args.resources // 400))
        self.calls = []  # (name, keys) of the root's module calls
        for number in range(calls):
            count = stacks // calls + (number < stacks % calls)
            self.calls.append((f"service_{number:04d}", [f"cell-{i:03d}" for i in range(count)]))

    @staticmethod
    def keys(count):
        return tuple(f"item-{number:06d}" for number in range(count))

    def levels(self):
        """Modules between a call and its stack."""
        return [f"level_{number:02d}" for number in range(LEVELS - 2)] if self.shape == "deep" else []

    def stacks(self):
        """Path and name of each; the name is in every id, so that documents of other seeds hold other objects."""
        for name, keys in self.calls:
            for key in keys:
                yield f'module.{name}["{key}"]' + "".join(f".module.{level}" for level in self.levels()), \
                    f"shop-{self.args.seed}-{name[8:]}-{key}"

    @functools.lru_cache(maxsize=1)
    def drawn(self, stack):
        """32 digits for each resource of a stack, and as many for the stack itself."""
        return hashlib.shake_128(f"{stack}{self.args.seed}".encode()).hexdigest(16 * (len(self.wiring.slots) + 1))

    def badly(self, block, digits):
        if self.shape in ("findings", "deleted"):
            return self.shape == "findings"
        slot = self.wiring.slots[block.kind, block.name, (block.keys or (None,))[0]]
        return self.part(digits, slot, 24) < FAULTS[int(digits[-8:], 16) % 5]

    def instances(self, path, stack):
        inside = ".".join(part.split("[")[0] for part in path.split("."))
        for block in self.wiring.blocks:
            for cell in self.cells:
                yield from self.of_block(block, path, inside, stack if cell is None else f"{stack}-{cell}", cell)

    def of_block(self, block, path, inside, stack, cell):
        digits = self.drawn(stack)
        badly = self.badly(block, digits)
        if block.only == ("good" if badly else "bad"):
            return
        for key in block.keys or (None,):
            it = Instance()
            it.template = self.wiring.templates[block.kind, block.name, key]
            it.below, it.kind, it.name = block.below, block.kind, block.name
            it.module = path + (f".module.{block.below}" if block.below else "")
            it.key = "-".join(part for part in (cell, key) if part) or None
            it.address = f"{it.module}.aws_{it.kind}.{it.name}" + (f'["{it.key}"]' if it.key is not None else "")
            it.depends = self.wiring.depends[block.kind, block.name].replace("@in", inside)
            it.values = DRAWN.sub(lambda match: self.token(digits, match), it.template.values[badly].replace("@stack", stack))
            if it.kind == "s3_object":
                it.values = it.values.replace("@long", "lorem ipsum 0123 " * (LONG_STRING // 17))
            it.action = self.action(it, key, digits)
            yield it

    @staticmethod
    def token(digits, match):
        drawn = digits[32 * int(match[1]):][:32]
        return drawn[:16] if match[2] == "h" else "-".join((drawn[:8], drawn[8:12], drawn[12:16], drawn[16:20], drawn[20:]))

    def action(self, it, key, digits):
        """Of 100 resources some 10 are created, 10 updated, 2 deleted and 2 replaced; the rest stays."""
        if self.shape == "deleted":
            return "delete"
        part, of_stack, place = self.part(digits, it.template.slot), int(digits[-16:-8], 16) % 100, (it.kind, it.name)
        if (key == RETIRED and of_stack < GIVEN_UP) or (self.cells != (None,) and of_stack < ITEMS_GONE):
            return "delete"
        if it.template.follows is not None and self.part(digits, it.template.follows) < DEPLOYED:
            return "follow"
        if it.kind == "ecs_task_definition":
            return "replace" if part < DEPLOYED else "no-op"
        if part < CREATED and place not in self.wiring.held:
            return "create"
        if CREATED <= part < UPDATED and it.kind not in WITHOUT_TAGS:
            return "update"
        if UPDATED <= part < DELETED and it.key is not None and it.kind in ALONE:
            return "delete"
        return "replace" if part >= REPLACED and it.kind in FORCES_NEW and place not in self.wiring.held else "no-op"

    @staticmethod
    def part(digits, slot, at=16):
        return int(digits[32 * slot + at:][:8], 16) % 100


# Of five stacks: how many blocks in 100 are set up badly.
FAULTS = (100, 60, 60, 30, 0)
SIZE = sum(len(block.keys or (None,)) for block in BLOCKS if block.only != "bad")
# In 100: task definitions; services that retire a key; items of one module; and the bounds between the others.
DEPLOYED, GIVEN_UP, ITEMS_GONE = 20, 35, 3
CREATED, UPDATED, DELETED, REPLACED = 17, 33, 48, 90

# ---- documents -----------------------------------------------------------------------------------------------------------


def index_of(it):
    return f'"index":"{it.key}",' if it.key is not None else ""


def planned(it):
    """The values after, and what of them is known later only."""
    shape = it.template.shape
    if it.action in ("no-op", "delete"):
        return it.values, "{}"
    if it.action == "update":
        return it.values.replace('"Release":"r1"', '"Release":"r2"'), text(shape)
    values = json.loads(it.values)
    later = [FOLLOWS[it.kind]] if it.action == "follow" else it.template.later
    if it.action == "replace":
        values[FORCES_NEW[it.kind]] = renewed(values[FORCES_NEW[it.kind]])
    for name in later:
        values.pop(name)
    return text(values), text({**shape, **{name: True for name in later}})


def renewed(value):
    if isinstance(value, int):
        return value + 1
    if value.startswith("["):  # containers
        return value.replace("1.41.0", "1.42.0").replace('"info"', '"debug"')
    return value + "-2"


ACTIONS = {"follow": '["update"]', "replace": '["delete","create"]'}
REASONS = {"delete": ',"action_reason":"delete_because_each_key"',
           "replace": ',"action_reason":"replace_because_cannot_update"'}


def change(it):
    after, later = planned(it)
    before, was, mask = it.values, it.template.sensitive, it.template.sensitive
    actions = ACTIONS.get(it.action, f'["{it.action}"]')
    paths = f',"replace_paths":[["{FORCES_NEW[it.kind]}"]]' if it.action == "replace" else ""
    if it.action == "create":
        before, was = "null", "false"
    if it.action == "delete":
        after, mask = "null", "false"
    return (f'{{"address":{text(it.address)},"module_address":{text(it.module)},"mode":"managed","type":"aws_{it.kind}",'
            f'"name":"{it.name}",{index_of(it)}"provider_name":"{PROVIDER}","change":{{"actions":{actions},"before":{before},'
            f'"after":{after},"after_unknown":{later},"before_sensitive":{was},"after_sensitive":{mask}{paths}}}'
            f'{REASONS.get(it.action, "")}}}')


def resource(it, values, depends):
    return (f'{{"address":{text(it.address)},"mode":"managed","type":"aws_{it.kind}","name":"{it.name}",{index_of(it)}'
            f'"provider_name":"{PROVIDER}","schema_version":{SCHEMA_VERSIONS.get(it.kind, 0)},"values":{values},'
            f'"sensitive_values":{it.template.sensitive}{depends}}}')


def depends_on(it, name):
    return f',"{name}":{it.depends}' if it.depends != "[]" else ""


def tree(world, path, stack, prior):
    """One call's module with its children, as planned_values and states nest them."""
    below = {"": []}
    for it in world.instances(path, stack):
        if world.args.kind == "plan" and it.action == ("create" if prior else "delete"):
            continue
        values = it.values if prior else planned(it)[0]
        below.setdefault(it.below, []).append(resource(it, values, depends_on(it, "depends_on") if prior else ""))
    children = ",".join(f'{{"resources":[{",".join(items)}],"address":{text(path + ".module." + name)}}}'
                        for name, items in below.items() if name)
    module = f'{{"resources":[{",".join(below[""])}],"address":{text(path)},"child_modules":[{children}]}}'
    parts = path.split(".module.")
    for end in range(len(parts) - 1, 0, -1):
        module = f'{{"address":{text(".module.".join(parts[:end]))},"child_modules":[{module}]}}'
    return module


def write_tree(world, out, prior):
    out('{"root_module":{"child_modules":[')
    for number, (path, stack) in enumerate(world.stacks()):
        out("," if number else "")
        out(tree(world, path, stack, prior))
    out("]}}")


def write_configuration(world, out):
    module, variables = configuration.written(configuration.Configuration(world.wiring, world.cells != (None,)), world.levels())
    given = {"name": "each.key", "settings": "each.value"}
    wires = {name: {"references": [given.get(name, f"var.{name}")]} for name in variables}
    out(f'{{"provider_config":{{"aws":{{"name":"aws","full_name":"{PROVIDER}","version_constraint":"~> 5.100","expressions":'
        f'{{"region":{{"constant_value":"{REGION}"}}}}}}}},"root_module":{{"module_calls":{{')
    for number, (name, _) in enumerate(world.calls):
        out("," if number else "")
        out(f'"{name}":{{"source":"./service","expressions":{text(wires)},"for_each_expression":{{"references":["var.cells"]}},'
            f'"module":{module}}}')
    out('},"variables":' + text(configuration.declared({"cells", *variables} - set(given))) + "}}")


def write_changes(world, out):
    first = True
    for path, stack in world.stacks():
        for it in world.instances(path, stack):
            out("" if first else ",")
            out(change(it))
            first = False


def write_plan(world, out):
    values = {"cells": {"value": {}}, **{name: {"value": value} for name, value in VARIABLES.items()}}
    out(f'{{"format_version":"1.2","terraform_version":"{VERSION}","variables":{text(values)},"planned_values":')
    write_tree(world, out, False)
    out(',"resource_changes":[')
    write_changes(world, out)
    out(f'],"output_changes":{{}},"prior_state":{{"format_version":"1.0","terraform_version":"{VERSION}","values":')
    write_tree(world, out, True)
    out('},"configuration":')
    write_configuration(world, out)
    out(',"relevant_attributes":[],"checks":[],"timestamp":"2026-11-02T08:00:00Z","applyable":true,"complete":true,"errored":false}')


def write_state(world, out):
    out(f'{{"format_version":"1.0","terraform_version":"{VERSION}","values":')
    write_tree(world, out, True)
    out("}")


def raw_resource(module, kind, name, instances):
    place = f'"module":{text(module)},' if module else ""
    return (f'{{{place}"mode":"managed","type":"aws_{kind}","name":"{name}","provider":'
            f'"provider[\\"{PROVIDER}\\"]","instances":[{",".join(instances)}]}}')


def raw_instance(it):
    key = f'"index_key":"{it.key}",' if it.key is not None else ""
    paths = text([[{"type": "get_attr", "value": name}] for name in SENSITIVE.get(it.kind, ())])
    return (f'{{{key}"schema_version":{SCHEMA_VERSIONS.get(it.kind, 0)},"attributes":{it.values},"sensitive_attributes":{paths}'
            f'{depends_on(it, "dependencies")}}}')


def write_raw_state(world, out):
    out(f'{{"version":4,"terraform_version":"{VERSION}","serial":41,"lineage":"00000000-0000-4000-8000-{world.args.seed:012d}",'
        f'"outputs":{{}},"resources":[')
    open_block, instances, first = None, [], True
    for path, stack in world.stacks():
        for it in world.instances(path, stack):
            if open_block not in (None, (it.module, it.kind, it.name)):
                out(("" if first else ",") + raw_resource(*open_block, instances))
                first, instances = False, []
            open_block = (it.module, it.kind, it.name)
            instances.append(raw_instance(it))
    out(("" if first else ",") + raw_resource(*open_block, instances))
    out('],"check_results":null}')


WRITERS = {"plan": write_plan, "state": write_state, "raw-state": write_raw_state}
SHAPES = ("ordinary", "one-module", "deep", "for-each", "deleted", "findings", "long-string", "small", "connected")
EDGES = 10  # that leave each object of the shape "connected"


def write_connected(count, out):
    """Unchanged queues, each of which refers to the next ten: more edges than anybody writes."""
    later = text({"description": "filler of an ordinary size", "visibility_timeout_seconds": 30, "fifo_queue": False,
                  "tags": {"Team": "bench"}})[1:-1]
    out('{"format_version":"1.2","terraform_version":"1.11.4","resource_changes":[')
    for number in range(count):
        values = (f'{{"id":"https://sqs.eu-west-1.amazonaws.com/123456789012/q-{number:06d}",'
                  f'"arn":"arn:aws:sqs:eu-west-1:123456789012:q-{number:06d}","name":"q-{number:06d}",{later}}}')
        out(f'{"," if number else ""}{{"address":"aws_sqs_queue.q{number}","mode":"managed","type":"aws_sqs_queue","name":"q{number}",'
            f'"change":{{"actions":["no-op"],"before":{values},"after":{values}}}}}')
    out('],"configuration":{"root_module":{"resources":[')
    for number in range(count):
        ends = range(number + 1, min(count, number + 1 + EDGES))
        arguments = ",".join(f'"argument_{end - number}":{{"references":["aws_sqs_queue.q{end}.arn","aws_sqs_queue.q{end}"]}}'
                             for end in ends)
        out(f'{"," if number else ""}{{"address":"aws_sqs_queue.q{number}","mode":"managed","type":"aws_sqs_queue","name":"q{number}",'
            f'"expressions":{{{arguments}}}}}')
    out("]}}}")


def main():
    parser = argparse.ArgumentParser(description="Writes one large plan or state to standard output.")
    parser.add_argument("--kind", choices=WRITERS, default="plan")
    parser.add_argument("--resources", type=int, default=4000)
    parser.add_argument("--modules", type=int, default=0, help="module calls of the root (default: one per 400 resources)")
    parser.add_argument("--shape", choices=SHAPES, default="ordinary")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--into", default=".")
    args = parser.parse_args()
    if args.shape == "connected":
        write_connected(args.resources, sys.stdout.write)
        return
    if args.documents == 0:
        WRITERS[args.kind](World(args), sys.stdout.write)
        return
    os.makedirs(args.into, exist_ok=True)
    for seed in range(args.seed, args.seed + args.documents):
        args.seed = seed
        with open(os.path.join(args.into, f"{seed:06d}.{'tfstate' if args.kind == 'raw-state' else 'json'}"), "w") as file:
            WRITERS[args.kind](World(args), file.write)


if __name__ == "__main__":
    main()
