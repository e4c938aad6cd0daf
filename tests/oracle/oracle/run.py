"""Runs the program and reads its JSON."""
import csv
import io
import json
import resource
import signal
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


PATIENCE = 40  # wall time over processor time: a busy machine is no fault of the program
LARGEST_MEMORY = 4 << 30


def _limits(seconds):
    """Called in the child: processor time and memory."""
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 2))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _call(command, seconds):
    """`seconds` of processor time."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, timeout=seconds * PATIENCE,
                              preexec_fn=lambda: _limits(seconds))
    except subprocess.TimeoutExpired:
        return Answer(command, None, None, "no answer within %g s" % (seconds * PATIENCE))
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        return Answer(command, None, None, "no answer within %g s of processor time" % seconds)
    try:
        parsed = json.loads(done.stdout.decode())
    except ValueError:
        parsed = None
    return Answer(command, done.returncode, parsed, done.stderr.decode(errors="replace").strip())


def _one_thread(more):
    return [] if "--threads" in more else ["--threads", "1"]


def check(program, theorems, options, seconds=120, more=()):
    """assay check ID... OPTIONS --json -"""
    return _call([program, "check", *theorems, *options, *more, *_one_thread(more), "--json", "-"], seconds)


def evaluate(program, options, seconds=120, more=()):
    """assay evaluate OPTIONS --json -"""
    return _call([program, "evaluate", *options, *more, *_one_thread(more), "--json", "-"], seconds)


def bounds_options(setting):
    """Options of `assay bounds` from {option: text}, 'set' a dictionary of constants."""
    options = []
    for key, value in setting.items():
        if key == "set":
            for name, text in value.items():
                options += ["--set", "%s=%s" % (name, text)]
        else:
            options += ["--" + key, value]
    return options


def bounds(program, setting, seconds=60, more=()):
    """assay bounds with {option: text}."""
    return _call([program, "bounds", *bounds_options(setting), *more, "--json", "-"], seconds)


def bounds_csv(program, setting, more, seconds=60):
    """The rows of its CSV as dictionaries, in place of JSON."""
    command = [program, "bounds", *bounds_options(setting), *more, "--csv", "-"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                          preexec_fn=lambda: _limits(seconds))
    rows = list(csv.DictReader(io.StringIO(done.stdout.decode()))) if done.returncode == 0 else None
    return Answer(command, done.returncode, rows, done.stderr.decode(errors="replace").strip())
