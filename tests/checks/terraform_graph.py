# SPDX-License-Identifier: Apache-2.0
"""Holds the graph of documents against Terraform's own graph of the same code.

usage: terraform_graph.py TFREADY GRAPH.dot DOCUMENT...   (GRAPH.dot: what `terraform graph` writes of the same code)

Found: each edge of Terraform's, resource to resource, is an edge of ours or a path of them. Where one is not, something on
the way must have said that it could not follow a reference; for objects that a state describes even that is no excuse. Of
data sources a state says nothing: without the configuration their edges are not asked for.
Precise: no exact edge of ours joins two blocks that Terraform's graph does not join.
Writes one line of figures for each document; exit code 1 if a line has something missing or invented.
"""
import json
import re
import subprocess
import sys


def block_of(address):
    """The address without instance keys; keys are quoted texts or numbers."""
    return re.sub(r'\[(?:"(?:[^"\\]|\\.)*"|-?\d+|\*)\]', "", address)


def read_dot(path):
    blocks, edges = set(), set()
    with open(path, encoding="utf-8") as file:
        for line in file:
            names = re.findall(r'"((?:[^"\\]|\\.)*)"', line.split("[label")[0])
            if "->" in line and len(names) == 2:
                edges.add(tuple(names))
            elif "[label" in line and len(names) == 1:
                blocks.add(names[0])
    return blocks, edges


def closure(edges):
    """What each block reaches, itself only through a cycle."""
    below, reached = {}, {}
    for source, target in edges:
        below.setdefault(source, set()).add(target)
    for start in below:
        todo, seen = list(below[start]), set()
        while todo:
            at = todo.pop()
            if at not in seen:
                seen.add(at)
                todo.extend(below.get(at, ()))
        reached[start] = seen
    return reached


def judge(program, truth, blocks, path):
    text = subprocess.run([program, "graph", "--format", "json", "--all", path], check=True, stdout=subprocess.PIPE).stdout
    graph = json.loads(text)
    there = {block_of(node["address"]) for node in graph["nodes"] if node["kind"] in ("resource", "data")}
    described = {block_of(node["address"]) for node in graph["nodes"] if node["when"] != "after"}
    hidden = {block_of(entry["address"]) for entry in graph["unresolved"]}
    ours = {(block_of(edge["from"]), block_of(edge["to"])) for edge in graph["edges"]}
    reached = closure(ours)
    implied = closure(truth)
    with open(path, encoding="utf-8") as file:
        configured = "configuration" in json.load(file)
    wanted = sorted(edge for edge in truth if edge[0] in there and edge[1] in there
                    and (configured or not re.search(r"(^|\.)data\.", edge[0])))
    missing, excused = [], 0
    for source, target in wanted:
        if target in reached.get(source, ()):
            continue
        on_the_way = {source} | reached.get(source, set())
        if source not in described and on_the_way & hidden:
            excused += 1
        else:
            missing.append((source, target))
    exact = {
        (block_of(edge["from"]), block_of(edge["to"]))
        for edge in graph["edges"]
        if edge["certainty"] == "exact" and block_of(edge["from"]) in blocks and block_of(edge["to"]) in blocks
    }
    invented = sorted(edge for edge in exact if edge[0] != edge[1] and edge[1] not in implied.get(edge[0], ()))
    direct = sum(edge in ours for edge in wanted)
    print(f"{path}: {len(wanted)} edges of Terraform's: {direct} found directly, "
          f"{len(wanted) - direct - excused - len(missing)} as a path, {excused} behind an unresolved reference, "
          f"{len(missing)} missing; {len(exact)} exact edges, {len(invented)} not Terraform's")
    for source, target in missing:
        print(f"  missing: {source} -> {target}")
    for source, target in invented:
        print(f"  not Terraform's: {source} -> {target}")
    return not missing and not invented and bool(wanted)


def main():
    program, dot, documents = sys.argv[1], sys.argv[2], sys.argv[3:]
    blocks, truth = read_dot(dot)
    if not truth or not documents:
        sys.exit("nothing to compare")
    results = [judge(program, truth, blocks, document) for document in documents]
    sys.exit(0 if all(results) else 1)


main()
