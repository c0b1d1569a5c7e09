#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs one case of testdata/cli: args (one per line), stdin if it is there; compares stdout, stderr and exit.
# With TFREADY_UPDATE_GOLDEN=1 it writes them instead. The case runs in testdata/.
# usage: run_case.sh TFREADY CASE_DIR
set -eu
tfready=$1
case_dir=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$case_dir/../.."
set --
while IFS= read -r arg || [ -n "$arg" ]; do
    set -- "$@" "$arg"
done < "$case_dir/args"
input=/dev/null
[ ! -f "$case_dir/stdin" ] || input=$case_dir/stdin
code=0
"$tfready" "$@" < "$input" > "$work/stdout" 2> "$work/stderr" || code=$?
echo "$code" > "$work/exit"
if [ "${TFREADY_UPDATE_GOLDEN:-}" = 1 ]; then
    cp "$work/stdout" "$work/stderr" "$work/exit" "$case_dir/"
    exit 0
fi
failed=0
for part in exit stderr stdout; do
    diff -u "$case_dir/$part" "$work/$part" || failed=1
done
exit "$failed"
