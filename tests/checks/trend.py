#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a history of two days tells: what came, what went, what became worse, and what nobody could judge.

usage: trend.py TFREADY TESTDATA
"""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile


def run(tool, folder, *words):
    return subprocess.run([tool, *words], cwd=folder, capture_output=True, check=False).stdout


def main():
    tool, data = sys.argv[1], pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        states = pathlib.Path(folder, "states")
        states.mkdir()

        def audit(day):
            run(tool, folder, "audit", "-q", "--as-of", day, "--history", "history", "states")

        shutil.copy(data / "diff/old.tfstate", states / "shop.tfstate")
        shutil.copy(data / "fleet/apps/jobs.tfstate", states / "jobs.tfstate")
        shutil.copy(data / "documents/applied.tfstate", states / "left.tfstate")
        audit("2026-01-10")
        shutil.copy(data / "diff/new.tfstate", states / "shop.tfstate")
        (states / "jobs.tfstate").write_text('{"version": 4, "resources": [', encoding="utf-8")
        (states / "left.tfstate").unlink()
        audit("2026-01-15")
        told = json.loads(run(tool, folder, "trend", "--json", "history"))
        assert run(tool, folder, "trend", "--json", "history") == run(tool, folder, "trend", "--json", "history")
        text = run(tool, folder, "trend", "history").decode("utf-8")

    def of(name):
        return {(one["policy"], one["address"]) for one in told[name]}

    assert (told["day"], told["since"]) == ("2026-01-15", "2026-01-10")
    assert ("TFR-SEC-027", "aws_s3_bucket.new") in of("new")
    assert ("TFR-HA-014", "aws_sqs_queue.old") in of("gone")
    assert {one["document"] for one in told["gone"]} == {"states/shop.tfstate"}, "gone, and nobody looked"
    assert [(one["document"], one["error"]) for one in told["not_judged"]] == [
        ("states/jobs.tfstate", "input.truncated"), ("states/left.tfstate", None)], told["not_judged"]
    worse = [one for one in told["standing"] if one["severity"] != one["before"]]
    assert [(one["policy"], one["severity"], one["before"]) for one in worse] == [("TFR-BKP-001", "P1", "P2")], worse
    assert all(one["first"] == "2026-01-10" for one in told["standing"])
    assert "was P2, now  P1  TFR-BKP-001" in text, text
    assert "states/left.tfstate  not among the documents" in text, text


if __name__ == "__main__":
    main()
