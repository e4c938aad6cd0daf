#!/usr/bin/env python3
"""Processor seconds and peak memory of `assay` at sizes that users have, as a table in Markdown.

usage: check_times.py PROGRAM [SECONDS]

PROGRAM is asked about one theorem after the other on one drawn instance, and evaluates two larger ones; what takes
more than SECONDS of processor time (default 120) is stopped and says so. Processor time of all threads, so that a busy
machine matters little.
"""

import os
import resource
import subprocess
import sys

DRAWN = "--n 64 --d-in 10 --d 4 --m 4096 --sigma 1"
THEOREMS = """activation_comparison basic_event convergence_certificate convex_region infinite_width
ntk_perturbation score_estimation time_horizon width""".split()
QUESTIONS = [f"check {theorem} {DRAWN}" for theorem in THEOREMS] + [
    "evaluate --n 1000 --d-in 50 --d 1 --m 8192 --sigma 1",
    "evaluate --n 300 --d-in 20 --d 10 --m 4096 --sigma 1",
]


def measured(program: str, question: str, limit: int) -> tuple[str, str]:
    """Processor seconds and MiB of one run."""
    process = subprocess.Popen(
        [program, *question.split()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (limit, limit)),
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = usage.ru_utime + usage.ru_stime
    stopped = process.returncode < 0
    return (f"> {limit}" if stopped else f"{seconds:.1f}"), f"{usage.ru_maxrss / 1024:.0f}"


def main() -> int:
    if len(sys.argv) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    limit = int(sys.argv[2]) if len(sys.argv) == 3 else 120
    print("| question | processor seconds | MiB |\n| --- | ---: | ---: |")
    for question in QUESTIONS:
        seconds, memory = measured(sys.argv[1], question, limit)
        print(f"| `{question}` | {seconds} | {memory} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
