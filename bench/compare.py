#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Compares two commits on this machine; ends with 1 if the second is slower or larger.

    compare.py OLD NEW [--inputs DIR] [--cases plan-22,state,...] [--rounds N] [--allow PERCENT]

Both are built (release) from worktrees of their own, and run in alternation on the same inputs.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import measure
from inputs import Inputs
from run import SOURCE, table


def build(commit, folder):
    """@return the folder of its build"""
    tree, out = os.path.join(folder, "source"), os.path.join(folder, "build")
    quiet = {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(["git", "-C", SOURCE, "worktree", "add", "--detach", "--force", tree, commit], stderr=subprocess.DEVNULL, **quiet)
    subprocess.run(["cmake", "-S", tree, "-B", out, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DTFREADY_TESTS=OFF"], **quiet)
    subprocess.run(["cmake", "--build", out, "--target", "tfready"], **quiet)
    return out


def compare(args, programs, spender):
    """@return the rows of the table, and whether anything grew beyond what is allowed"""
    inputs = Inputs(args.inputs)
    rows = [("case", "old CPU s", "new CPU s", "new by old", "old peak MB", "new peak MB", "")]
    grew = False
    for case in args.cases.split(","):
        path = inputs.path(case)
        words = ["audit", "-j", "1", path] if case == "states" else [path]
        runs = measure.alternate(spender, {label: ([program, *words], None) for label, program in programs.items()}, args.rounds)
        slower = measure.ratio(runs["new"], runs["old"])
        larger = measure.ratio(runs["new"], runs["old"], "memory")
        worse = max(slower, larger) > 1 + args.allow / 100
        grew = grew or worse
        rows.append((case, f"{measure.median(runs['old']):.4f}", f"{measure.median(runs['new']):.4f}", f"{slower:.3f}",
                     f"{measure.median(runs['old'], 'memory') / 1e6:.1f}", f"{measure.median(runs['new'], 'memory') / 1e6:.1f}",
                     "WORSE" if worse else ""))
    return rows, grew


def main():
    parser = argparse.ArgumentParser(description="Compares two commits on this machine.")
    parser.add_argument("old")
    parser.add_argument("new")
    parser.add_argument("--inputs", default=os.path.join(tempfile.gettempdir(), "tfready-bench"))
    parser.add_argument("--cases", default="plan-one,plan-22,plan-116,state,states,findings")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--allow", type=float, default=5, help="per cent that the second may be worse")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        folders = {label: os.path.join(folder, label) for label in ("old", "new")}
        try:
            built = {label: build(getattr(args, label), where) for label, where in folders.items()}
            spender = os.path.join(folder, "spend")
            subprocess.run(["cc", "-O2", "-D_DEFAULT_SOURCE", "-o", spender, os.path.join(SOURCE, "bench", "spend.c")], check=True)
            rows, grew = compare(args, {label: os.path.join(out, "tfready") for label, out in built.items()}, spender)
        finally:
            for where in folders.values():
                subprocess.run(["git", "-C", SOURCE, "worktree", "remove", "--force", os.path.join(where, "source")],
                               check=False, stderr=subprocess.DEVNULL)
    print(table(rows), end="")
    sys.exit(1 if grew else 0)


if __name__ == "__main__":
    main()
