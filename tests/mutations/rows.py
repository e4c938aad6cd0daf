#!/usr/bin/env python3
"""The rows of *.tsv: file, text, what it is replaced by, target, tests; \\n and \\\\ are escapes.

rows.py             exit status 1 unless every row is current (its text occurs exactly once in its file, its target
                    exists) and every source has a row or stands in exempt.txt, with the reason
rows.py --bare      the sources that have neither
rows.py --break ROOT FILE TEXT REPLACEMENT     in place, once or not at all
"""
import glob
import os
import re
import sys
import typing

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
STATIC = "(compile)"  # instead of tests: a static_assert has to fail


class Row(typing.NamedTuple):
    file: str
    text: str
    replacement: str
    target: str
    tests: str


def unescaped(text):
    return re.sub(r"\\(n|\\)", lambda match: "\n" if match[1] == "n" else "\\", text)


def rows():
    for name in sorted(glob.glob(os.path.join(HERE, "*.tsv"))):
        with open(name, encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                if line.strip() and not line.startswith("#"):
                    where = "%s:%d" % (os.path.basename(name), number)
                    columns = line.rstrip("\n").split("\t")
                    if len(columns) != len(Row._fields):
                        sys.exit("%s: %d columns, expected %d" % (where, len(columns), len(Row._fields)))
                    yield where, Row(*columns)


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


def exemptions():
    with open(os.path.join(HERE, "exempt.txt"), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            if line.strip() and not line.startswith("#"):
                path, _, reason = line.strip().partition(": ")
                yield "exempt.txt:%d" % number, path, reason


def wrong_exemptions():
    covered = {row.file for _, row in rows()}
    for where, path, reason in exemptions():
        if not os.path.exists(os.path.join(ROOT, path)):
            yield where, "%s is not there" % path
        if path in covered:
            yield where, "%s has a row" % path
        if not reason:
            yield where, "%s: expected the reason" % path


def bare():
    """Sources with neither a row nor an exemption."""
    covered = {row.file for _, row in rows()} | {path for _, path, _ in exemptions()}
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
    found = [*faults(), *wrong_exemptions(), *((path, "no row, see README.md") for path in bare())]
    for where, why in found:
        print("%s: %s" % (where, why))
    print("%d rows, %d faults" % (sum(1 for _ in rows()), len(found)))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
