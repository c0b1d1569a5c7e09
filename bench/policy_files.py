# SPDX-License-Identifier: Apache-2.0
"""A folder of policies for the case `policies`: Checkov's graph policies if it is installed, else our own catalogue, repeated
under other ids until there are enough of them."""
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))
CATALOGUE = os.path.join(os.path.dirname(HERE), "policies", "catalog")
ID = re.compile(r"(\bid[\"']?:\s*[\"']?)([\w-]+)")


def checkov_folder():
    """@return where the installed Checkov keeps its graph policies for Terraform; None without it"""
    tool = shutil.which("checkov")
    if tool is None:
        return None
    with open(os.path.realpath(tool), "rb") as script:
        python = script.readline().decode("utf-8", "replace").strip().removeprefix("#!")
    done = subprocess.run([python, "-c", "import checkov; print(checkov.__path__[0])"], capture_output=True, text=True, check=False)
    folder = os.path.join(done.stdout.strip(), "terraform", "checks", "graph_checks")
    return folder if done.returncode == 0 and os.path.isdir(folder) else None


def texts(folder):
    """@return (ending, text) of all policies below a folder"""
    found = []
    for where, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith((".json", ".yaml", ".yml")) and ".test." not in name:
                with open(os.path.join(where, name), encoding="utf-8") as source:
                    text = source.read()
                if ID.search(text):
                    found.append((os.path.splitext(name)[1], text))
    return found


def write(into, wanted):
    """Writes `wanted` policies into a folder. @return of whom they are, and how many different ones there are"""
    checkov = checkov_folder()
    whose = "Checkov" if checkov else "our own"
    different = texts(checkov or CATALOGUE)
    shutil.rmtree(into, ignore_errors=True)
    os.makedirs(into)
    for number in range(wanted):
        ending, text = different[number % len(different)]
        again = number // len(different)
        with open(os.path.join(into, f"{number}{ending}"), "w", encoding="utf-8") as out:
            out.write(ID.sub(lambda found: f"{found[1]}X{again}_{found[2]}", text, count=1))
    return whose, len(different)
