#!/usr/bin/env python3
"""Breaks one line at a time and expects a test to notice: see README.md.

run.py [--resume] [regular expression]
    --resume      rows seen to be killed by an earlier run in the same ASSAY_MUTATION_DIR are not run again

Exit status: 0 if every row is killed, 1 if one survives or is bad, 2 if the unbroken tree cannot be built.
"""
import concurrent.futures
import contextlib
import filecmp
import hashlib
import json
import os
import re
import resource
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import rows as lists

KEPT = ".kept"  # what is broken stands beside its unbroken copy, which a later run puts back
PROCESSOR_FACTOR, PROCESSOR_SECONDS = 10, 30  # a mutant may take ten times as long as the unbroken program
REAL_FACTOR = 60  # and waits for something that does not come if it takes that much longer again
MEMORY = 8 << 30


def setting(name, default):
    return os.environ.get("ASSAY_MUTATION_" + name, default)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def room(path):
    """src/enclosure/fast/kernels.cpp -> src/enclosure"""
    return "/".join(path.split("/")[:2])


def files_of(root):
    """Paths from the root, without builds and the history."""
    for folder, folders, files in os.walk(root):
        if folder == root:
            folders[:] = [name for name in folders if name != ".git" and not name.startswith("build")]
        for name in files:
            yield os.path.relpath(os.path.join(folder, name), root)


class Broken(Exception):
    """A step of the mutant's build fails."""


class Build:
    """The copy of the tree and its build. What Ninja knows is read once; the steps of a row are then run without it."""

    def __init__(self, work):
        self.tree, self.log = os.path.join(work, "tree"), os.path.join(work, "log")
        self.folder = os.path.join(self.tree, "build")
        os.environ.setdefault("CCACHE_BASEDIR", self.tree)
        os.environ.setdefault("CCACHE_NOHASHDIR", "1")
        self.jobs = int(setting("JOBS", os.cpu_count()))
        self.copy_tree()
        with open(self.log, "w", encoding="utf-8") as log:
            options = shlex.split(setting("CMAKE", ""))
            self.step(["cmake", "-S", self.tree, "-B", self.folder, "-G", "Ninja", "-DASSAY_TESTS=ON",
                       "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O1 -D_GLIBCXX_ASSERTIONS",
                       "-DCMAKE_LINK_DEPENDS_NO_SHARED=ON", *self.tools(), *options], log)
        self.built = set()
        self.need("assay_program")

    def need(self, target):
        """Builds what is not broken."""
        if target in self.built:
            return
        print("building %s" % target, flush=True)
        with open(self.log, "w", encoding="utf-8") as log:
            self.step(["ninja", "-C", self.folder, "-j", str(self.jobs), target], log)
        self.built.add(target)
        self.read_steps()

    def copy_tree(self):
        """What differs is written anew, so that this alone is built again."""
        for folder, _, files in os.walk(self.tree):
            for name in files:
                if name.endswith(KEPT):
                    path = os.path.join(folder, name)
                    os.replace(path, path[:-len(KEPT)])
        os.makedirs(self.folder, exist_ok=True)
        wanted = set(files_of(lists.ROOT))
        for path in set(files_of(self.tree)) - wanted:
            os.remove(os.path.join(self.tree, path))
        for path in wanted:
            original, copied = os.path.join(lists.ROOT, path), os.path.join(self.tree, path)
            if not os.path.exists(copied) or not filecmp.cmp(original, copied, shallow=False):
                os.makedirs(os.path.dirname(copied), exist_ok=True)
                shutil.copy(original, copied)

    @staticmethod
    def tools():
        """ccache and a faster linker, where installed."""
        if shutil.which("ccache"):
            yield "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"
        for linker in ("mold", "lld"):
            if shutil.which(linker) or shutil.which("ld." + linker):
                for kind in ("EXE", "SHARED"):
                    yield "-DCMAKE_%s_LINKER_FLAGS=-fuse-ld=%s" % (kind, linker)
                return

    def step(self, command, log):
        if subprocess.run(command, stdout=log, stderr=log and subprocess.STDOUT).returncode != 0:
            print("the unbroken tree cannot be built, see %s" % self.log, file=sys.stderr)
            sys.exit(2)

    def ninja(self, *arguments):
        return subprocess.run(["ninja", "-C", self.folder, "-t", *arguments], capture_output=True, text=True,
                              check=True).stdout

    def read_steps(self):
        text = self.ninja("compdb")
        steps = json.loads(text[text.index("["):])
        self.command = {step["output"]: step["command"] for step in steps}
        self.source = {step["output"]: self.from_root(step["file"]) for step in steps
                       if step["output"].endswith(".o")}
        self.linked = {}  # what is linked -> its objects
        for output, command in self.command.items():
            objects = [word for word in command.split() if word in self.source]
            if objects and output not in self.source:
                self.linked[output] = objects
        self.readers = {}  # a file -> the objects whose compilation reads it
        output = None
        for line in self.ninja("deps").splitlines():
            if line.startswith(" "):
                self.readers.setdefault(self.from_root(line.strip()), []).append(output)
            elif line:
                output = line.split(":")[0]

    def from_root(self, path):
        return os.path.relpath(os.path.normpath(os.path.join(self.folder, path)), self.tree)

    def program(self, target):
        return next(output for output in self.linked if os.path.basename(output) == target)

    def affected(self, row):
        """Of the objects that read the file those of its room and of the tests: the others of a header that everything
        reads would take minutes, and a mutant that is killed without them is killed."""
        own = self.linked[self.program(row.target)]
        return [output for output in self.readers.get(row.file, ())
                if output in own or room(self.source[output]) == room(row.file)]

    @contextlib.contextmanager
    def broken(self, row):
        """The mutant is built; afterwards everything is as it was."""
        kept = []
        def keep(path):
            os.rename(path, path + KEPT)
            kept.append(path)
        try:
            source = os.path.join(self.tree, row.file)
            keep(source)
            shutil.copyfile(source + KEPT, source)
            lists.replace(source, row.text, row.replacement)
            objects = self.affected(row)
            for output in objects:
                keep(os.path.join(self.folder, output))
            self.run_all(objects)
            again = [output for output, own in self.linked.items() if set(own) & set(objects) and
                     (not os.path.basename(output).startswith("test_") or output == self.program(row.target))]
            for output in again:
                keep(os.path.join(self.folder, output))
            self.run_all(again)
            yield
        finally:
            for path in kept:
                os.replace(path + KEPT, path)

    def run_all(self, outputs):
        flags = " " + setting("FLAGS", "")
        environment = dict(os.environ, CCACHE_DISABLE="1")  # a mutant is compiled once
        def run(output):
            command = self.command[output] + (flags if output in self.source else "")
            done = subprocess.run(command, shell=True, env=environment, cwd=self.folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
            if done.returncode != 0:
                raise Broken(done.stdout)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            for done in pool.map(run, outputs):
                pass


class Tests:
    """The test cases of the build, run without CTest: in one process for a row, which ends with the first failure."""

    def __init__(self, build):
        self.build, self.names, self.unbroken = build, {}, {}

    def cases(self, row):
        if row.target not in self.names:
            path = os.path.join(self.build.folder, self.build.program(row.target))
            listed = subprocess.run([path, "--list-test-cases"], capture_output=True, text=True, check=True).stdout
            self.names[row.target] = [line for line in listed.splitlines()
                                      if line and not line.startswith(("[doctest]", "==="))]
        prefix = row.target.removeprefix("test_") + "."
        return [name for name in self.names[row.target] if re.search(row.tests, prefix + name)]

    def run(self, row, processor_limit):
        """Whether they pass."""
        path = os.path.join(self.build.folder, self.build.program(row.target))
        only = ",".join(re.sub(r"([\\,])", r"\\\1", name) for name in self.cases(row))
        def limits():
            resource.setrlimit(resource.RLIMIT_CPU, (processor_limit, processor_limit))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with open(self.build.log, "w", encoding="utf-8") as log:
            process = subprocess.Popen([path, "--abort-after=1", "--test-case=" + only], cwd=os.path.dirname(path),
                                       stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=limits,
                                       start_new_session=True)
            try:
                return process.wait(processor_limit * REAL_FACTOR) == 0
            except subprocess.TimeoutExpired:
                return False
            finally:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)  # what a test has started, too
                process.wait()

    def fault(self, row):
        """Why the row's tests can kill nothing; empty if they pass unbroken."""
        key = row.target, row.tests
        if key not in self.unbroken:
            if not self.cases(row):
                return "no such test"
            before = processor_seconds()
            if not self.run(row, 3600):
                return "fails unbroken"
            self.unbroken[key] = processor_seconds() - before
        return ""

    def killed(self, row):
        return not self.run(row, int(PROCESSOR_SECONDS + PROCESSOR_FACTOR * self.unbroken[row.target, row.tests]))


class Clock:
    """Processor time by what it is spent on."""

    def __init__(self):
        self.spent = {}

    @contextlib.contextmanager
    def on(self, what):
        before = processor_seconds()
        try:
            yield
        finally:
            self.spent[what] = self.spent.get(what, 0) + processor_seconds() - before


def verdict(build, tests, clock, row):
    static = row.tests == lists.STATIC
    with clock.on("unbroken tests"):
        why = "" if static else tests.fault(row)
    if why:
        return "BAD ROW: " + why
    try:
        with contextlib.ExitStack() as mutant:
            with clock.on("builds"):
                mutant.enter_context(build.broken(row))
            with clock.on("tests"):
                return "killed" if not static and tests.killed(row) else "SURVIVED"
    except Broken as failed:
        if static and "static assertion failed" in str(failed):
            return "killed"
        with open(build.log, "w", encoding="utf-8") as log:
            log.write(str(failed))
        return "BAD ROW: does not build"


def key(row):
    with open(os.path.join(lists.ROOT, row.file), encoding="utf-8") as file:
        return hashlib.sha256("\t".join((*row, file.read())).encode()).hexdigest()[:16]


def read_results(path, resumed):
    """key -> verdict; of an earlier run only what was killed: the tests may have changed since."""
    if not resumed or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        found = dict(line.split("\t")[:2] for line in file)
    return {row: seen for row, seen in found.items() if seen == "killed"}


def run(work, todo, resumed):
    path = os.path.join(work, "results.tsv")
    before = read_results(path, resumed)
    left = [row for row in todo if key(row) not in before]
    if len(left) < len(todo):
        print("%d rows were killed before" % (len(todo) - len(left)))
    left.sort(key=lambda row: (row.file.endswith(".hpp"), row.target))  # headers, which take long, come last
    build = Build(work)
    tests, clock = Tests(build), Clock()
    found = {}
    spent = 0
    with open(path, "a" if resumed else "w", encoding="utf-8") as results:
        for number, row in enumerate(left, 1):
            build.need(row.target)
            start = time.monotonic()
            seen = found[row] = verdict(build, tests, clock, row)
            spent += time.monotonic() - start
            print("\t".join((key(row), seen, *row)), file=results, flush=True)
            minutes = spent / number * (len(left) - number) / 60
            print("[%d/%d] %-8s %s: %s  ->  %s   (about %d min left)"
                  % (number, len(left), seen, row.file, row.text, row.replacement, round(minutes)), flush=True)
    return summary(todo, left, found, clock)


def summary(todo, left, found, clock):
    bad = [row for row in left if found[row].startswith("BAD")]
    survived = [row for row in left if found[row] == "SURVIVED"]
    print("\n%d rows: %d killed, %d survived, %d bad"
          % (len(todo), len(todo) - len(bad) - len(survived), len(survived), len(bad)))
    for row in survived + bad:
        print("%s  %s: %s  ->  %s   [%s %s]" % (found[row], row.file, row.text, row.replacement, row.target, row.tests))
    print("processor time: " + ", ".join("%s %.0f s" % each for each in clock.spent.items()))
    return 1 if bad or survived else 0


def main(arguments):
    resumed = arguments[:1] == ["--resume"]
    wanted = re.compile(arguments[resumed] if len(arguments) > resumed else "")
    if lists.main([]) != 0:
        return 2
    todo = [row for _, row in lists.rows() if wanted.search("\t".join(row))]
    if not todo:
        print("no row matches", file=sys.stderr)
        return 2
    work = os.environ.get("ASSAY_MUTATION_DIR")
    with contextlib.ExitStack() as stack:
        work = work or stack.enter_context(tempfile.TemporaryDirectory())
        os.makedirs(work, exist_ok=True)
        return run(os.path.abspath(work), todo, resumed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
