#!/bin/sh
# The committed reports are, byte for byte, what the program writes today, and small enough to be opened by everybody.
# committed_reports.sh PROGRAM FOLDER
set -u
program=$1 committed=$2
today=$(mktemp -d) || exit 1
trap 'rm -rf "$today"' EXIT

files=$(find "$committed" -type f | wc -l)
bytes=$(find "$committed" -type f -exec cat {} + | wc -c)
echo "$files files, $bytes bytes"
[ "$files" -lt 60 ] && [ "$bytes" -lt 1000000 ] || { echo 'expected less than 60 files and 1000000 bytes'; exit 1; }

# The number of threads stands in the JSON, and the results do not depend on it.
"$program" verify --brief --threads 2 --out "$today/standard" >/dev/null || exit 1
versions() { sed -n 's/.*"versions":{\([^}]*\)}.*/\1/p' "$1/basic_event.json"; }
if [ "$(versions "$committed/standard")" != "$(versions "$today/standard")" ]; then
  echo "SKIP: the committed reports name other versions of compiler or libraries: $(versions "$committed/standard")"
  exit 77
fi
diff -rq "$committed/standard" "$today/standard" || {
  echo 'after: rm -rf reports/standard; ./assay verify --brief --threads 2 --out reports/standard'
  exit 1
}
