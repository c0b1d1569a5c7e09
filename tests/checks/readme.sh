#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The screen in README.md is what the program shows (but for its first line, which names the file).
# usage: readme.sh SOURCE_DIR
set -eu
cd "$1"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2016 # these are fences, no commands
sed -n '/^```text$/,/^```$/p' README.md | sed '1,2d;$d' > "$work/readme"
sed 1d testdata/cli/example/stdout > "$work/program"
diff -u "$work/readme" "$work/program"
