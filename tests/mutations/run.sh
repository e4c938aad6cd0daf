#!/usr/bin/env bash
# Breaks one line at a time and expects a test to notice: see README.md. Usage: run.sh [regular expression for rows]
set -euo pipefail
here=$(cd "$(dirname -- "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
filter=${1:-.}
work=${ASSAY_MUTATION_DIR:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
tree=$work/tree build=$work/build log=$work/log
jobs=${ASSAY_MUTATION_JOBS:-$(nproc)}

python3 "$here/rows.py" || exit 2
rm -rf "$tree"
mkdir -p "$tree" "$build"
tar -C "$root" --exclude=./.git --exclude='./build*' -cf - . | tar -C "$tree" -xf -
mapfile -t rows < <(cat "$here"/*.tsv | grep -v '^#' | grep -v '^[[:space:]]*$' | grep -E -e "$filter" || true)
if [ ${#rows[@]} -eq 0 ]; then echo "no row matches '$filter'" >&2; exit 2; fi

launcher=()
if command -v ccache >/dev/null; then
  export CCACHE_BASEDIR=$tree CCACHE_NOHASHDIR=1
  launcher=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
fi
column() { cut -f "$2" <<<"$1"; }
build_target() { cmake --build "$build" --target "$1" --parallel "$jobs" >"$log" 2>&1; }
run_tests() { (cd "$build" && ctest -R "$1" --timeout 120 --no-tests=error --parallel "$jobs" >"$log" 2>&1); }
replace() { python3 "$here/rows.py" --break "$@"; }

echo "== unbroken: the tests have to pass"
cmake -S "$tree" -B "$build" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG='-O1 -D_GLIBCXX_ASSERTIONS' \
  -DASSAY_TESTS=ON "${launcher[@]}" >"$log" 2>&1 || { cat "$log"; exit 2; }
while read -r target; do
  build_target "$target" || { tail -n 30 "$log"; exit 2; }
done < <(for row in "${rows[@]}"; do column "$row" 4; done | sort -u)
while read -r tests; do
  [ "$tests" = '(compile)' ] || run_tests "$tests" ||
    { echo "unbroken, but failing or missing: $tests"; tail -n 30 "$log"; exit 2; }
done < <(for row in "${rows[@]}"; do column "$row" 5; done | sort -u)

killed=0 number=0 bad=0
for row in "${rows[@]}"; do
  number=$((number + 1))
  file=$(column "$row" 1) original=$(column "$row" 2) replacement=$(column "$row" 3)
  target=$(column "$row" 4) tests=$(column "$row" 5)
  cp -p "$tree/$file" "$work/original"
  if ! why=$(replace "$tree/$file" "$original" "$replacement" 2>&1); then
    verdict="BAD ROW: $why" bad=$((bad + 1))
  elif build_target "$target"; then
    if [ "$tests" != '(compile)' ] && ! run_tests "$tests"; then verdict=killed; else verdict=SURVIVED; fi
  elif [ "$tests" = '(compile)' ] && grep -q 'static assertion failed' "$log"; then
    verdict=killed
  else
    verdict="BAD ROW: does not build" bad=$((bad + 1))
  fi
  [ "$verdict" != killed ] || killed=$((killed + 1))
  printf '%3d  %-9s %-28s %s  ->  %s\n' "$number" "$verdict" "${file#src/}" "$original" "$replacement"
  cp "$work/original" "$tree/$file" # with a new time stamp
done
echo "$number mutants, $killed killed"
[ "$killed" -eq "$number" ] && [ "$bad" -eq 0 ]
