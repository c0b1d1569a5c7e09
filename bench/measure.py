# SPDX-License-Identifier: Apache-2.0
"""Runs commands in alternation and keeps what each run spent."""
import os
import platform
import statistics
import subprocess


class Spent:
    """One run: CPU seconds (user and system), seconds on the clock, peak memory in bytes, exit code."""

    def __init__(self, line):
        user, system, clock, memory, code = line.split()
        self.cpu = float(user) + float(system)
        self.clock = float(clock)
        self.memory = int(memory) * 1024
        self.code = int(code)


def spend(spender, argv, stdin=None):
    """One run of a command. Its output is thrown away."""
    reader, writer = os.pipe()
    script = f'exec "$0" "$@" 3>&{writer} {writer}>&-'
    with open(stdin or os.devnull, "rb") as source:
        process = subprocess.Popen(["sh", "-c", script, spender, *argv], pass_fds=(writer,), stdin=source,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as said:
        line = said.read()
    process.wait()
    if not line:
        raise RuntimeError(f"{argv[0]} took its measurer down with it")
    return Spent(line)


def alternate(spender, commands, rounds):
    """commands: {label: (argv, file for standard input or None)}. One round runs each of them once, in order.
    @return {label: [Spent, one per round]}"""
    runs = {label: [] for label in commands}
    for _ in range(rounds):
        for label, (argv, stdin) in commands.items():
            runs[label].append(spend(spender, argv, stdin))
    return runs


def median(runs, what="cpu"):
    return statistics.median(getattr(run, what) for run in runs)


def spread(runs, what="cpu"):
    """Half of the distance between the quartiles, as a part of the median."""
    values = sorted(getattr(run, what) for run in runs)
    middle = statistics.median(values)
    if len(values) < 4 or middle == 0:
        return (values[-1] - values[0]) / 2 / middle if middle else 0.0
    quartiles = statistics.quantiles(values, n=4)
    return (quartiles[2] - quartiles[0]) / 2 / middle


def ratio(runs, others, what="cpu"):
    """The median over rounds of one run by the other of the same round: load that comes and goes hits both."""
    return statistics.median(getattr(a, what) / max(getattr(b, what), 1e-9) for a, b in zip(runs, others))


def machine():
    """What kind of machine this is: never its name."""
    model = platform.machine()
    try:
        with open("/proc/cpuinfo") as info:
            model = next(line.split(":", 1)[1].strip() for line in info if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return f"{os.cpu_count()} cores, {model}, {platform.system()} {platform.machine()}"


def commit(source):
    words = ["git", "-C", source, "rev-parse", "--short=12", "HEAD"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "-C", source, "status", "--porcelain", "--untracked-files=no"],
                             capture_output=True, text=True, check=False)
    return (done.stdout.strip() or "unknown") + (" with changes" if changed.stdout.strip() else "")
