#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""No value of an attribute is in a history: its texts are days, policies, titles and addresses, and nothing else.

usage: history_values.py TFREADY FILE...
"""
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile


def strings(value):
    """Every text in a value, but keys."""
    if isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


def values_of(document):
    """The texts of attributes, before, after and now, and of outputs."""
    for change in [*document.get("resource_changes", []), *document.get("resource_drift", [])]:
        yield from strings([change["change"].get("before"), change["change"].get("after")])
    for one in document.get("resources", []):
        for instance in one.get("instances", []):
            yield from strings(instance.get("attributes"))
    yield from strings([one.get("value") for one in document.get("outputs", {}).values()])


def addresses_of(lines):
    return {finding["address"] for line in lines for finding in line.get("findings", [])}


def refuse_foreign(tool, file, folder):
    """Another program's database stays as it is."""
    foreign = pathlib.Path(folder, "foreign.db")
    database = sqlite3.connect(foreign)
    database.execute("CREATE TABLE cats (name TEXT)")
    database.commit()
    database.close()
    before = foreign.read_bytes()
    done = subprocess.run([tool, "audit", "-q", "--history", str(foreign), file], capture_output=True, check=False)
    assert done.returncode == 2 and b"no history of tfready" in done.stderr, done.stderr
    assert foreign.read_bytes() == before


def main():
    tool, *files = sys.argv[1:]
    values = set()
    for file in files:
        values |= set(values_of(json.loads(pathlib.Path(file).read_text(encoding="utf-8"))))
    values = {value for value in values if len(value) >= 6}
    assert len(values) > 50
    with tempfile.TemporaryDirectory() as folder:
        refuse_foreign(tool, files[0], folder)
        history = pathlib.Path(folder, "history")
        done = subprocess.run([tool, "audit", "--as-of", "2026-01-15", "-o", "ndjson", "--history", str(history), *files],
                              capture_output=True, check=False)
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        database = sqlite3.connect(history)
        found = 0
        for table in ("documents", "findings"):
            rows = database.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, cell in zip(columns, row):
                    # Names of files and objects may repeat what an attribute says; days since are what reports show.
                    if not isinstance(cell, str) or column in ("name", "since"):
                        continue
                    if column == "address":
                        assert cell in addresses_of(lines), cell
                        continue
                    found += 1
                    assert cell not in values, (table, column, cell)
                    assert not any(value in cell for value in values if len(value) >= 12), (table, column, cell)
        database.close()
        assert found > 50
        assert b"canary" not in history.read_bytes().lower()


if __name__ == "__main__":
    main()
