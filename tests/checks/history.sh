#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A history opens after its writer was killed, holds whole documents only, and the next run completes it; two writers at once
# lose nothing. usage: history.sh TFREADY FOLDER
set -eu
tfready=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
while [ "$number" -lt 400 ]; do
    number=$((number + 1))
    cp "$2/apps/shop.tfstate" "$work/state.$number.tfstate"
done

run() {
    "$tfready" audit -q --no-across --as-of 2026-01-15 --history "$1" "$work"/state.*.tfstate > /dev/null 2>&1 || [ $? -eq 3 ]
}

# Findings of every document, as trend sees them.
content() {
    "$tfready" trend --json "$1" | grep '"document"' | sort | uniq -c | awk '{print $1}' | sort | uniq -c
}

run "$work/whole"
content "$work/whole" > "$work/wanted"
killed=0
for delay in 0.01 0.02 0.03 0.04 0.05 0.06 0.07 0.08 0.1 0.15; do
    timeout -s KILL "$delay" "$tfready" audit -q --no-across --as-of 2026-01-15 --history "$work/cut" "$work"/state.*.tfstate \
        > /dev/null 2>&1 || killed=$((killed + 1))
    # As many findings for each document that is there, or no history yet.
    content "$work/cut" 2> /dev/null | awk '{print $2}' > "$work/there" || true
    if [ -s "$work/there" ] && [ "$(cat "$work/there")" != "$(awk '{print $2}' "$work/wanted")" ]; then
        echo "half a document after $delay s"
        exit 1
    fi
done
run "$work/cut"
content "$work/cut" | cmp - "$work/wanted"

run "$work/both" &
run "$work/both"
wait
content "$work/both" | cmp - "$work/wanted"
echo "$killed runs were killed"
