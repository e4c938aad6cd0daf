"""Includes run one way: from a room to itself and to rooms above it in ORDER, theorems not to each other.

Prints each include that runs another way; exit status 1 if there is one.
"""

import pathlib
import re
import sys

ORDER = ["enclosure", "chance", "theory", "data", "network", "setting", "models", "descent", "diffusion", "regression",
         "report", "theorems", "app"]
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')


def complaint(file, header, known):
    """Why `file` may not include `header`, both relative to the root or to src/; None if it may."""
    parts = pathlib.PurePath(header).parts
    room = file.parts[1] if file.parts[0] == "src" else file.parts[0]
    if header not in known:
        return "there is no such header"
    if parts[0] not in ORDER or room not in ORDER:
        return "a room that the order does not know"
    if ORDER.index(parts[0]) > ORDER.index(room):
        return f"{room} stands above {parts[0]}"
    if parts[0] == room == "theorems" and parts[1] != file.parts[1]:
        return "theorems do not include each other"
    return None


def main(root):
    files = [path.relative_to(root) for folder in ("src", "theorems") for path in sorted((root / folder).rglob("*"))
             if path.suffix in (".cpp", ".hpp", ".inc")]
    known = {str(f.relative_to("src") if f.parts[0] == "src" else f) for f in files}
    if len(files) < 100:
        sys.exit(f"only {len(files)} sources below {root}: not a tree of assay")
    wrong = 0
    for file in files:
        for number, line in enumerate((root / file).read_text().splitlines(), 1):
            match = INCLUDE.match(line)
            reason = match and complaint(file, match[1], known)
            if reason:
                wrong += 1
                print(f'{file}:{number}: #include "{match[1]}": {reason}')
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
