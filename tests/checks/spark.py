#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""PySpark's pipe in local mode: states split into parts, merged, are the same bytes as one process.

Needs pyspark and Java; a part of the tests where both are there. usage: spark.py TFREADY STATE [COUNT]
"""
import pathlib
import subprocess
import sys
import tempfile

from pyspark.sql import SparkSession


def audit(tool, *words):
    done = subprocess.run([tool, "audit", *words], capture_output=True, check=False)
    assert done.returncode in (0, 1, 3, 4), done.stderr
    return done.stdout


def main():
    tool, state = sys.argv[1], pathlib.Path(sys.argv[2]).read_text(encoding="utf-8")
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number in range(count):
            file = pathlib.Path(folder, f"{number:05}.tfstate")
            file.write_text(state.replace('"serial": ', f'"serial": {number % 9 + 1}'), encoding="utf-8")
            names.append(str(file))
        spark = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
        spark.sparkContext.setLogLevel("ERROR")
        lines = spark.sparkContext.parallelize(names, 16).pipe(f"{tool} audit -o ndjson @-").collect()
        spark.stop()
        parts = pathlib.Path(folder, "lines")
        parts.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")
        whole = pathlib.Path(folder, "whole")
        whole.write_bytes(audit(tool, "-o", "ndjson", *names))
        assert len(lines) == count
        for form in ("text", "json", "ndjson"):
            assert audit(tool, "merge", "-o", form, str(parts)) == audit(tool, "merge", "-o", form, str(whole)), form
    print(f"{count} states in 16 parts: the same bytes")


if __name__ == "__main__":
    main()
