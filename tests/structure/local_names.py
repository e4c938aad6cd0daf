"""What is local to a source is named once in its room: rooms are compiled as one unit, where a second local function of a
name could be called in place of the first.

Local is what stands in an unnamed namespace: functions, types, constants. Prints each name that two sources of a room
define; exit status 1 if there is one. Below theorems/ the room is the folder of the theorem.
"""

import collections
import pathlib
import re
import sys

TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|R"\((.*?)\)"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*',
                    re.DOTALL | re.MULTILINE)
NAMESPACE = re.compile(r"\b(?:inline\s+)?namespace(\s+[\w:]+)?\s*$")
TYPE = re.compile(r"\b(?:struct|class|enum(?:\s+class)?|union)\s+(\w+)[^;()]*$")
FUNCTION = re.compile(r"(?<![\w.>:])(\w+|operator\s*\S+?)\s*\(")
NO_NAMES = {"decltype", "alignas", "noexcept", "const", "override"}
VARIABLE = re.compile(r"\b(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=|$)")


def without_templates(text):
    """`text` without what stands between template<...>, so that its names do not count."""
    found = re.match(r"\s*template\s*<", text)
    if not found:
        return text
    depth, k = 1, found.end()
    while depth and k < len(text):
        depth += {"<": 1, ">": -1}.get(text[k], 0)
        k += 1
    return without_templates(text[k:])


def name_of(declaration):
    """The name that a declaration at namespace scope introduces, or None. An alias may be repeated: with another meaning it
    would not compile."""
    text = without_templates(re.sub(r"\[\[.*?\]\]", " ", declaration)).strip()
    if not text or text.startswith(("using ", "namespace ", "static_assert", "extern", "TEST_")):
        return None
    found = TYPE.search(text)
    if found and "(" not in text:
        return found[1]
    head = text.split("=")[0] if "operator" not in text else text
    found = FUNCTION.search(head)
    if found and found[1] not in NO_NAMES:
        return found[1]
    found = VARIABLE.search(text)
    return found[1] if found and found[1] not in NO_NAMES else None


def local_names(source):
    """The names that `source`, a text, defines in unnamed namespaces."""
    text = TOKENS.sub(" ", source)
    names, scopes, start = set(), [], 0

    def note(end):
        if scopes and scopes[-1] == "local":
            names.add(name_of(text[start:end]))

    for k, character in enumerate(text):
        in_namespaces = all(scope != "other" for scope in scopes)
        if character == "{":
            opened = NAMESPACE.search(text[start:k])
            if in_namespaces and opened:
                inside = opened[1] is None or (scopes and scopes[-1] == "local")
                scopes.append("local" if inside else "named")
                start = k + 1
            else:
                if in_namespaces:
                    note(k)
                scopes.append("other")
        elif character == "}":
            if scopes:
                scopes.pop()
            if all(scope != "other" for scope in scopes):
                start = k + 1
        elif character == ";" and in_namespaces:
            note(k)
            start = k + 1
    return names - {None}


def main(root):
    owners = collections.defaultdict(lambda: collections.defaultdict(list))
    files = [path for folder in ("src", "theorems") for path in sorted((root / folder).rglob("*.cpp"))]
    if len(files) < 100:
        sys.exit(f"only {len(files)} sources below {root}: not a tree of assay")
    found = 0
    for path in files:
        file = path.relative_to(root)
        room = "/".join(file.parts[:2])
        for name in local_names(path.read_text()):
            owners[room][name].append(str(file))
            found += 1
    if found < 500:
        sys.exit(f"only {found} local names found: this check no longer reads the sources")
    twice = [(room, name, places) for room, names in owners.items() for name, places in names.items() if len(places) > 1]
    for room, name, places in twice:
        print(f"{room}: {name} is local to {', '.join(places)}")
    sys.exit(bool(twice))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
