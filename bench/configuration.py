# SPDX-License-Identifier: Apache-2.0
"""The configuration of a stack, from the same arguments as its values: expressions, and the wires between modules."""
import json

from provider import SCHEMA_VERSIONS, WITHOUT_TAGS, text
from stack import VARIABLES
from wiring import REFERENCE, WHOLE, At, Encoded, Given, Said, Switch


class Configuration:
    def __init__(self, wiring, celled):
        self.wiring = wiring
        self.celled = celled  # all stacks in one module: every block has a key for each of them
        self.needs = {}  # module: {variable: reference of what it is given}
        self.gives = {}  # module: {output: references}
        self.resources = {}
        for block in wiring.blocks:
            self.resources.setdefault(block.below, []).append(self._block(block))

    def module(self, below=""):
        """What is written of one module of the stack; the others are called by the first."""
        out = {"resources": self.resources.get(below, []), "variables": declared(self._variables(below))}
        if below in self.gives:
            out["outputs"] = {name: {"expression": {"references": refs}} for name, refs in self.gives[below].items()}
        if below == "":
            out["module_calls"] = {name: self._call(name) for name in sorted(self.resources) if name}
        return out

    def _variables(self, below):
        return {"name", "settings", *VARIABLES, *["items"] * self.celled, *self.needs.get(below, ())}

    def _call(self, below):
        wires = {name: {"references": refs} for name, refs in self.needs.get(below, {}).items()}
        own = {name: {"references": [f"var.{name}"]} for name in self._variables(below) - set(wires)}
        return {"source": f"./{below}", "expressions": {**own, **wires}, "module": self.module(below)}

    def _block(self, block):
        arguments = {name: self._expression(part, block, name) for name, part in block.arguments.items()}
        if block.kind not in WITHOUT_TAGS:
            arguments["tags"] = {"references": ["var.name"]}
        out = {"address": f"aws_{block.kind}.{block.name}", "mode": "managed", "type": f"aws_{block.kind}", "name": block.name,
               "provider_config_key": "aws", "expressions": arguments, "schema_version": SCHEMA_VERSIONS.get(block.kind, 0)}
        if self.celled:
            out["for_each_expression"] = {"references": ["var.items"]}
        elif block.only:
            out["for_each_expression"] = {"references": self._setting(block, "present")}
        elif block.keys:
            out["for_each_expression"] = {"references": [f"local.{block.kind}_{block.name}"]}
        return out

    def _expression(self, part, block, name=None):
        if isinstance(part, list) and part and isinstance(part[0], dict) and name not in WHOLE:
            return [{name: self._expression(item, block) for name, item in each.items()} for each in part]
        references = list(dict.fromkeys(self._spoken(part, block)))
        if references:
            return {"references": references}
        return {"constant_value": json.loads(text(part).replace("@key", block.name))}

    @staticmethod
    def _setting(block, name):
        """Each block has settings of its own: what is set up badly is so by itself."""
        return [f"var.settings.{block.kind}_{block.name}.{name}", f"var.settings.{block.kind}_{block.name}", "var.settings"]

    def _spoken(self, part, block):
        """What an argument refers to, as the configuration says it."""
        if isinstance(part, At):
            yield from self._reference(part.reference, block)
        elif isinstance(part, Said):
            for each in part.parts:
                yield from self._reference(each.reference, block)
            yield from self._spoken(part.form, block)
        elif isinstance(part, Encoded):
            yield from self._spoken(part.value, block)
        elif isinstance(part, Given):
            yield part.reference
        elif isinstance(part, Switch):
            yield from self._setting(block, part.setting)
            yield from self._spoken([part.good, part.bad], block)
        elif isinstance(part, (dict, list)):
            for item in part.values() if isinstance(part, dict) else part:
                yield from self._spoken(item, block)
        elif isinstance(part, str):
            if "@stack" in part:
                yield "each.key" if self.celled else "var.name"
            if ("@key" in part or "@number" in part) and (block.keys or self.celled):
                yield "each.key"

    def _reference(self, reference, block):
        kind, name, index, attribute = REFERENCE.match(reference).groups()
        base, each = f"aws_{kind}.{name}", ["each.key"] if index == "each" else []
        target = self.wiring.by_name[kind, name].below if (kind, name) in self.wiring.here else None
        if target == block.below:
            return [base, "each.key"] if self.celled else [base, *each] if each else self._direct(base, index, attribute)
        variable = "_".join([kind] + [name] * (name != "this") + [attribute]) + "s" * (index in ("each", "*"))
        if index and index.startswith('"'):
            variable += "_" + index.strip('"')
        source = self._wire(variable, block.below, target, self._direct(base, index, attribute))
        return ([f"var.{variable}"] if block.below else source) + each

    @staticmethod
    def _direct(base, index, attribute):
        if index in ("each", "*"):
            return [base]
        return [f"{base}[{index}].{attribute}", f"{base}[{index}]", base] if index else [f"{base}.{attribute}", base]

    def _wire(self, variable, to, target, references):
        """Makes the value known in a module: from another one, from the service itself, or from outside."""
        if target is None:
            self.needs.setdefault("", {})[variable] = []
            references = [f"var.{variable}"]
        elif target:
            self.gives.setdefault(target, {})[variable] = references
            references = [f"module.{target}.{variable}", f"module.{target}"]
        if to:
            self.needs.setdefault(to, {})[variable] = references
        return references


def declared(names):
    return {name: {"sensitive": True} if "password" in name else {} for name in sorted(names)}


def written(configuration, levels):
    """What is written of one service, below the modules that only pass on."""
    module = configuration.module()
    for level in reversed(levels):
        passed = {name: {"references": [f"var.{name}"]} for name in sorted(module["variables"])}
        module = {"variables": declared(passed),
                  "module_calls": {level: {"source": f"./{level}", "module": module, "expressions": passed}}}
    return text(module), sorted(module["variables"])
