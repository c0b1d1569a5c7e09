#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# --timing writes its stages to standard error and changes nothing else.
# usage: timing.sh TFREADY DOCUMENT
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
plain=0
timed=0
"$1" -o json "$2" > "$work/plain" 2> "$work/said" || plain=$?
"$1" --timing -o json "$2" > "$work/timed" 2> "$work/timing" || timed=$?
cmp "$work/plain" "$work/timed"
[ "$plain" -eq "$timed" ]
[ ! -s "$work/said" ]
for stage in read "text check" parse graph Security report total document findings; do
    grep -q "^$stage  *[0-9]" "$work/timing" || { echo "no line of '$stage'"; exit 1; }
done
