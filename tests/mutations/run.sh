#!/usr/bin/env bash
# Breaks one line at a time and expects a test to notice: see README.md.
exec python3 "$(dirname -- "$0")/run.py" "$@"
