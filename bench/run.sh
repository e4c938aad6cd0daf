#!/bin/sh
# Builds the benchmarks in build-bench/, runs all of them and writes bench/results.md. Options go to the program:
#   --long   also the widths 2^28 and 2^30 (minutes)
# PYTHON=... chooses the Python whose NumPy takes part.
set -eu

root=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
build=$root/build-bench
python=${PYTHON:-python3}

missing() {
  printf 'bench: %s; on Debian: apt-get install %s\n' "$1" "$2" >&2
}

exists() {
  for path in "$@"; do
    [ -e "$path" ] && return 0
  done
  return 1
}

exists /usr/include/benchmark/benchmark.h /usr/local/include/benchmark/benchmark.h || {
  missing 'Google Benchmark is needed' libbenchmark-dev
  exit 2
}
exists /usr/include/arb_mat.h /usr/include/flint/arb_mat.h ||
  missing 'Arb not found, its rows are left out' 'libflint-arb-dev libflint-dev'
"$python" -c 'import numpy' 2>/dev/null ||
  missing 'NumPy not found, its rows are left out' 'python3-numpy libopenblas0-pthread'

mkdir -p "$build"
log=$build/bench.log
{
  cmake -S "$root" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE='-O2 -DNDEBUG' -DASSAY_TESTS=OFF \
    -DASSAY_BENCH=ON &&
    cmake --build "$build" --parallel "$(nproc)" --target assay_bench
} >"$log" 2>&1 || {
  tail -n 40 "$log" >&2
  printf 'bench: building failed (all of it: %s)\n' "$log" >&2
  exit 2
}
exec "$build/bench/assay_bench" "$@" "$root/bench/results.md"
