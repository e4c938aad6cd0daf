"""Runs the program and reads its JSON."""
import json
import os
import resource
import subprocess
from dataclasses import dataclass


@dataclass
class Answer:
    """What one call of the program gave. `json` is None if there was none."""
    command: list
    status: int  # None: it ran out of time
    json: dict
    error: str

    def line(self):
        """The command as one line for a shell."""
        return " ".join(self.command)


def _call(command, seconds):
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=seconds,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30)))
    except subprocess.TimeoutExpired:
        return Answer(command, None, None, "no answer within %g s" % seconds)
    try:
        parsed = json.loads(done.stdout.decode())
    except ValueError:
        parsed = None
    return Answer(command, done.returncode, parsed, done.stderr.decode(errors="replace").strip())


def check(program, theorems, options, seconds=120, more=()):
    """assay check ID... OPTIONS --json -"""
    return _call([program, "check", *theorems, *options, *more, "--threads", "1", "--json", "-"]
                 if "--threads" not in more else [program, "check", *theorems, *options, *more, "--json", "-"], seconds)


def evaluate(program, options, seconds=120, more=()):
    """assay evaluate OPTIONS --json -"""
    return _call([program, "evaluate", *options, *more, *([] if "--threads" in more else ["--threads", "1"]), "--json", "-"], seconds)


def bounds(program, setting, seconds=60):
    """assay bounds with {option: text}, 'set' a dictionary of constants."""
    options = []
    for key, value in setting.items():
        if key == "set":
            for name, text in value.items():
                options += ["--set", "%s=%s" % (name, text)]
        else:
            options += ["--" + key, value]
    return _call([program, "bounds", *options, "--json", "-"], seconds)
