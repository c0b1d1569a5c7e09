# SPDX-License-Identifier: Apache-2.0
"""How arguments are written in stack.py, and what becomes of them: values, and expressions of the configuration.

A reference is written once, as in Terraform; the value is looked up at what it leads to, so both always agree. Between
modules it goes through an output, the call and a variable.
"""
import json
import re
from collections import namedtuple

from provider import SENSITIVE, TYPES, WITHOUT_TAGS, text

# below: module of the stack; keys: of for_each; found: attributes without argument that hold something of another block;
# only: good or bad, where it is there in that case only.
Block = namedtuple("Block", "below kind name keys arguments found only")

At = namedtuple("At", "reference")  # aws_x.name.attribute, [each]: the instance of the same key, [*]: all, ["key"]: that one
Said = namedtuple("Said", "form parts")  # a text with references in it
Encoded = namedtuple("Encoded", "value")  # jsonencode
Given = namedtuple("Given", "reference value")  # by a variable, or a value for each key
Switch = namedtuple("Switch", "setting good bad")  # by a variable: the good setting and the bad one

REFERENCE = re.compile(r'aws_(\w+)\.(\w+)(?:\[([^\]]+)\])?(?:\.(\w+))?$')
ARGUMENT = re.compile(r"@\.([a-z]+(?:_[a-z]+)*)")
DRAWN = re.compile(r"@(hex|uuid)")
# Terraform writes the blocks of these as one expression.
WHOLE = {"egress", "ingress"}


def at(reference):
    return At(reference)


def said(form, *references):
    return Said(form, [At(reference) for reference in references])


def meant(index, key):
    """Which key an index stands for, in an instance of this key."""
    return key if index == "each" else index and index.strip('"')


def merged(written, added):
    """Blocks of arguments, with what the provider adds to each."""
    if isinstance(written, dict) and isinstance(added, dict):
        return {**added, **{name: merged(value, added.get(name)) for name, value in written.items()}}
    if isinstance(written, list) and isinstance(added, list) and len(added) == 1 and isinstance(added[0], dict):
        return [merged(item, added[0]) for item in written]
    return written


def with_tags(kind, values):
    if kind not in WITHOUT_TAGS:
        tags = {"Name": "@stack-@key", "Environment": "production", "Owner": "team-@stack", "Release": "r1"}
        default = {"CostCenter": "cc-1204", "ManagedBy": "terraform", "Repository": "git.example.com/shop/@stack"}
        values = {**values, "tags": tags, "tags_all": {**tags, **default}}
    return values


def mask(value):
    """Which parts are sensitive, or unknown: none, in Terraform's way of saying it."""
    if isinstance(value, dict):
        return {name: part for name, part in ((name, mask(part)) for name, part in value.items()) if part is not False}
    return [mask(part) for part in value] if isinstance(value, list) else False


# One instance of a block. values: as text with tokens, of a good and of a bad stack; later: names of what is known after
# the apply only; shape, sensitive: masks of nothing and of secrets; follows: the slot of what cannot change without it.
Template = namedtuple("Template", "slot values later shape sensitive follows")
# The argument that changes when what it leads to is replaced.
FOLLOWS = {"ecs_service": "task_definition"}


class Wiring:
    def __init__(self, stack, blocks):
        """blocks: those of the stack that a document is of; the others are as if another document had them"""
        self.blocks = blocks
        self.by_name = {(block.kind, block.name): block for block in [*stack, *blocks]}
        self.here = {(block.kind, block.name) for block in blocks}
        self.slots = {}
        for block in self.by_name.values():
            for key in block.keys or (None,):
                self.slots[block.kind, block.name, key] = len(self.slots)
        self.known = {}
        self.held = self._held()
        self.depends = {(block.kind, block.name): text(self.behind(block)) for block in blocks}
        self.templates = {place: self._template(*place) for place in self.slots if place[:2] in self.here}

    # ---- values ----

    def values(self, block, key, badly):
        """All attributes of one instance, before the stack's own tokens are put in."""
        place = (block.kind, block.name, key, badly)
        if place not in self.known:
            later, planned = TYPES[block.kind]
            arguments, found = (self.value(parts, key, badly) for parts in (block.arguments, block.found))
            values = text(with_tags(block.kind, merged(merged(arguments, found), {**planned, **later})))
            values = ARGUMENT.sub(lambda match: str(arguments[match[1]]), values)
            slot = self.slots[place[:3]]
            values = DRAWN.sub(lambda match: f"@{slot}{match[1][0]}@", values)
            number = (block.keys or (None,)).index(key)
            values = values.replace('"@number"', str(number)).replace("@number", str(number))
            self.known[place] = json.loads(values.replace("@key", key or block.name).replace("@name", block.name))
        return self.known[place]

    def value(self, part, key, badly):
        if isinstance(part, At):
            return self._looked_up(part.reference, key, badly)
        if isinstance(part, Said):
            return part.form.format(*(self.value(reference, key, badly) for reference in part.parts))
        if isinstance(part, Encoded):
            return text(self.value(part.value, key, badly))
        if isinstance(part, Given):
            return part.value[key] if isinstance(part.value, dict) else part.value
        if isinstance(part, Switch):
            return self.value(part.bad if badly else part.good, key, badly)
        if isinstance(part, dict):
            return {name: self.value(item, key, badly) for name, item in part.items()}
        return [self.value(item, key, badly) for item in part] if isinstance(part, list) else part

    def _looked_up(self, reference, key, badly):
        kind, name, index, attribute = REFERENCE.match(reference).groups()
        block = self.by_name[kind, name]
        if index == "*":
            return [self.values(block, each, badly)[attribute] for each in block.keys]
        return self.values(block, meant(index, key), badly)[attribute]

    def _template(self, kind, name, key):
        block = self.by_name[kind, name]
        good, bad = (self.values(block, key, badly) for badly in (False, True))
        secrets = {secret: True for secret in SENSITIVE.get(kind, ()) if secret in good}
        later = sorted({*TYPES[kind][0], *block.found} - set(block.arguments))
        followed = None
        if kind in FOLLOWS:
            target, called, index, _ = REFERENCE.match(block.arguments[FOLLOWS[kind]].reference).groups()
            followed = self.slots[target, called, meant(index, key)]
        return Template(self.slots[kind, name, key], (text(good), text(bad)), later, mask(good),
                        text({**mask(good), **secrets}), followed)

    # ---- who refers to whom ----

    def references(self, part):
        """All of an argument."""
        if isinstance(part, At):
            yield part.reference
        elif isinstance(part, Said):
            yield from (each.reference for each in part.parts)
        elif isinstance(part, Encoded):
            yield from self.references(part.value)
        elif isinstance(part, Switch):
            yield from self.references([part.good, part.bad])
        elif isinstance(part, (dict, list)):
            for item in part.values() if isinstance(part, dict) else part:
                yield from self.references(item)

    def _direct(self, block):
        """The blocks that one names in its arguments, and the attributes it takes from them."""
        for reference in self.references(block.arguments):
            kind, name, _, attribute = REFERENCE.match(reference).groups()
            if (kind, name) in self.here:
                yield (kind, name), attribute

    def _held(self):
        """The blocks of which others hold what is known after the apply only."""
        return {target for block in self.blocks for target, attribute in self._direct(block)
                if attribute in TYPES[target[0]][0] or attribute in self.by_name[target].found}

    def behind(self, block):
        """Everything it depends on, as states say it: "@in" is where the stack is."""
        seen, ahead = set(), [(block.kind, block.name)]
        while ahead:
            for target, _ in self._direct(self.by_name[ahead.pop()]):
                if target not in seen:
                    seen.add(target)
                    ahead.append(target)
        module = {name: "@in" + (f".module.{block.below}" if block.below else "") for name, block in self.by_name.items()}
        return sorted(f"{module[kind, name]}.aws_{kind}.{name}" for kind, name in seen)
