# SPDX-License-Identifier: Apache-2.0
"""The inputs of the benchmarks: what each is made of, made when it is first asked for and kept."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))

# name: options of generate.py. 5.5 KB of plan for each resource: 21,000 are the 116 MB of the targets.
DOCUMENTS = {
    "plan-one": ["--shape", "for-each", "--resources", "1"],
    "plan-1": ["--resources", "125"],
    "plan-22": ["--resources", "4000"],
    "plan-116": ["--resources", "21000"],
    "plan-500": ["--resources", "91000"],
    "plan-116-modules": ["--resources", "20000", "--modules", "400"],
    "state": ["--kind", "state", "--resources", "20000"],
    "raw-state": ["--kind", "raw-state", "--resources", "20000"],
    "one-module": ["--shape", "one-module", "--resources", "4000"],
    "deep": ["--shape", "deep", "--resources", "4000"],
    "long-string": ["--shape", "long-string", "--resources", "50"],
    "for-each": ["--shape", "for-each", "--resources", "100000"],
    "deleted": ["--shape", "deleted", "--resources", "4000"],
    "connected": ["--shape", "connected", "--resources", "20000"],
    "findings": ["--shape", "findings", "--resources", "4000"],
}
GENERATOR = ("generate.py", "stack.py", "provider.py", "wiring.py", "configuration.py")
PACKERS = {".gz": ["gzip", "-6", "-c"], ".zst": ["zstd", "-3", "-q", "-c"]}
STATES = 10_000


class Inputs:
    """A folder of inputs. Those of another generator are made again: its text is each one's stamp."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.stamp = b""
        for part in GENERATOR:
            with open(os.path.join(HERE, part), "rb") as source:
                self.stamp += source.read()

    def path(self, name):
        """@return the file (or folder) of this name, made if it is not there"""
        path = os.path.join(self.folder, name)
        stamp = os.path.join(self.folder, name + ".stamp")
        if not self._is_current(path, stamp):
            print(f"making {name}", file=sys.stderr)
            self._make(name, path)
            with open(stamp, "wb") as out:
                out.write(self.stamp)
        return path

    def named(self, name, other):
        """@return the same file under another name"""
        path = os.path.join(self.folder, other)
        if os.path.lexists(path):
            os.remove(path)
        os.link(self.path(name), path)  # checkov passes over symbolic links
        return path

    def _is_current(self, path, stamp):
        if not os.path.exists(path) or not os.path.exists(stamp):
            return False
        with open(stamp, "rb") as kept:
            return kept.read() == self.stamp

    def _make(self, name, path):
        generate = [sys.executable, os.path.join(HERE, "generate.py")]
        stem, packed = os.path.splitext(name)
        if name == "states":
            subprocess.run([*generate, "--kind", "raw-state", "--shape", "small", "--documents", str(STATES), "--into", path],
                           check=True)
            return
        command = PACKERS[packed] + [self.path(stem)] if packed in PACKERS else generate + DOCUMENTS[name]
        with open(path + ".part", "wb") as out:
            subprocess.run(command, stdout=out, check=True)
        os.replace(path + ".part", path)
