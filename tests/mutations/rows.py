#!/usr/bin/env python3
"""The rows of *.tsv: file, text, what it is replaced by, target, tests; \\n and \\\\ are escapes.

rows.py             exit status 1 unless every row is current: its text occurs exactly once in its file, its target exists
rows.py --bare      the sources without a row
rows.py --break ROOT FILE TEXT REPLACEMENT     in place, once or not at all
"""
import glob
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))


def unescaped(text):
    return re.sub(r"\\(n|\\)", lambda match: "\n" if match[1] == "n" else "\\", text)


def rows():
    for name in sorted(glob.glob(os.path.join(HERE, "*.tsv"))):
        with open(name, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and not line.startswith("#"):
                    yield "%s:%d" % (os.path.basename(name), number), line.rstrip("\n").split("\t")


def targets():
    """test_NAME of every assay_test(NAME ...)."""
    found = set()
    for folder, _, files in os.walk(os.path.join(ROOT, "tests")):
        if "CMakeLists.txt" in files:
            with open(os.path.join(folder, "CMakeLists.txt"), encoding="utf-8") as file:
                found |= {"test_" + name for name in re.findall(r"assay_test\((\w+)", file.read())}
    return found


def faults():
    known = targets()
    for where, row in rows():
        if len(row) != 5:
            yield where, "%d columns, expected 5" % len(row)
            continue
        file, text, replacement, target, _ = row
        path = os.path.join(ROOT, file)
        if not os.path.exists(path):
            yield where, "%s is not there" % file
            continue
        with open(path, encoding="utf-8") as source:
            count = source.read().count(unescaped(text))
        if count != 1:
            yield where, "%s: the text occurs %d times: %s" % (file, count, text)
        if text == replacement:
            yield where, "nothing is broken"
        if target not in known:
            yield where, "no target %s" % target


def bare():
    """Sources that have functions and no row."""
    covered = {row[0] for _, row in rows()}
    for top in ("src", "theorems"):
        for folder, _, files in os.walk(os.path.join(ROOT, top)):
            for name in sorted(files):
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if name.endswith(".cpp") and path not in covered:
                    yield path


def replace(path, text, replacement):
    with open(path, encoding="utf-8") as file:
        source = file.read()
    if source.count(unescaped(text)) != 1:
        sys.exit("the text occurs %d times" % source.count(unescaped(text)))
    with open(path, "w", encoding="utf-8") as file:
        file.write(source.replace(unescaped(text), unescaped(replacement)))


def main(arguments):
    if arguments[:1] == ["--break"]:
        return replace(*arguments[1:])
    if arguments == ["--bare"]:
        return print("\n".join(bare()))
    found = list(faults())
    for where, why in found:
        print("%s: %s" % (where, why))
    print("%d rows, %d not current" % (sum(1 for _ in rows()), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
