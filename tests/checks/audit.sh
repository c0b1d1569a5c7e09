#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# An audit gives the same bytes with any number of processes, out of an archive, and split over runs and merged in any
# order. usage: audit.sh TFREADY FOLDER
set -eu
tfready=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$2/.."
folder=${2##*/}

# audit ARGUMENT...: the exit code says what was found, not whether it went well
audit() {
    "$tfready" audit "$@" || [ $? -le 4 ]
}

failed=0
same() {
    if ! cmp "$work/$1" "$work/$2"; then
        echo "$1 and $2 differ"
        failed=1
    fi
}

audit -o ndjson "$folder" > "$work/one"
for jobs in 2 3 8; do
    audit -j "$jobs" -o ndjson "$folder" > "$work/jobs"
    same one jobs
done

find "$folder" -type f | LC_ALL=C sort > "$work/names"
audit -o ndjson "@$work/names" > "$work/list"
same one list

# One line per run, last one first.
number=0
while read -r name; do
    number=$((number + 1))
    audit -o ndjson "$name" > "$work/part.$((1000 - number))"
done < "$work/names"
for format in text json csv prometheus markdown html ndjson; do
    audit merge -o "$format" "$work/one" > "$work/whole.$format"
    audit merge -o "$format" "$work"/part.* > "$work/merged.$format"
    same "whole.$format" "merged.$format"
done
audit "$folder" > "$work/text"
same text whole.text

# Out of a tar, only the names differ; also of what cannot be read.
tar cf "$work/fleet.tar" "$folder" audit
audit -o ndjson "$folder" audit > "$work/one"
audit -o ndjson - < "$work/fleet.tar" | sed -E 's/"name":"-","member":("[^"]*")/"name":\1,"member":null/' | LC_ALL=C sort > "$work/tar"
LC_ALL=C sort "$work/one" > "$work/sorted"
same sorted tar
exit "$failed"
