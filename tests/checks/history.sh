#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A history opens whenever its writer was killed, holds whole documents only, and the next run completes it; two writers at
# once lose nothing. TFREADY_KILLS says how many are killed. usage: history.sh TFREADY FOLDER
set -eu
tfready=$1
kills=${TFREADY_KILLS:-12}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/states"
number=0
while [ "$number" -lt 400 ]; do
    number=$((number + 1))
    cp "$2/apps/shop.tfstate" "$work/states/$number.tfstate"
done

run() {
    "$tfready" audit -q --no-across --as-of 2026-01-15 --history "$1" "$work/states" > /dev/null 2>&1 || [ $? -eq 3 ]
}

# How many documents have how many findings, as trend sees them.
content() {
    "$tfready" trend --json "$1" > "$work/trend" 2> "$work/why" || return 1
    grep '"document"' "$work/trend" | sort | uniq -c | awk '{print $1}' | sort | uniq -c
}

began=$(date +%s%N)
run "$work/whole"
took=$((($(date +%s%N) - began) / 1000000))
content "$work/whole" > "$work/wanted"
each=$(awk '{print $2}' "$work/wanted")

# From its first millisecond to its last, as long as it took when nobody killed it.
killed=0
number=0
while [ "$number" -lt "$kills" ]; do
    number=$((number + 1))
    delay=$(awk "BEGIN { print ($number * $took / ($kills + 1)) / 1000 }")
    timeout -s KILL "$delay" "$tfready" audit -q --no-across --as-of 2026-01-15 --history "$work/cut" "$work/states" \
        > /dev/null 2>&1 || [ $? -eq 3 ] || killed=$((killed + 1))
    if [ ! -e "$work/cut" ]; then
        continue # it had no time to make one
    fi
    if ! content "$work/cut" > "$work/there"; then
        grep -q 'the history holds no audit' "$work/why" || {
            cat "$work/why"
            echo "the history does not open after $delay s"
            exit 1
        }
    elif [ "$(awk '{print $2}' "$work/there")" != "$each" ]; then
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
echo "$killed of $kills runs were killed"
