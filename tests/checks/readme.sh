#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# README keeps its promises: its first fenced block holds the two commands and nothing else, its screen is what the program
# shows, every path it links to is there. With TFREADY_UPDATE_GOLDEN=1 the screen is written instead.
# usage: readme.sh SOURCE_DIR TFREADY
set -eu
cd "$1"
tfready=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

awk '/^```/ { if (inside) exit; inside = 1; next } inside' README.md > "$work/commands"
printf '%s\n' ./demo.sh ./test.sh > "$work/wanted"
diff -u "$work/wanted" "$work/commands" || failed=1

"$tfready" testdata/example/plan.json > "$work/screen" || true
if [ "${TFREADY_UPDATE_GOLDEN:-}" = 1 ]; then
    awk -v screen="$work/screen" '
        /^```/ && inside { inside = 0 }
        !inside
        /^```text/ && !seen { inside = seen = 1; while ((getline line < screen) > 0) print line }' README.md > "$work/readme"
    cmp -s "$work/readme" README.md || cat "$work/readme" > README.md
fi
awk '/^```text/ { inside = 1; next } /^```/ && inside { exit } inside' README.md > "$work/shown"
diff -u "$work/shown" "$work/screen" || failed=1

for page in README.md CONTRIBUTING.md docs/*.md; do
    # shellcheck disable=SC2013 # paths are single words
    for path in $(sed 's/](/\n](/g' "$page" | sed -n 's/^](\([^)#]*\).*/\1/p'); do
        case $path in
        http*:* | mailto:*) ;;
        *)
            if [ ! -e "$(dirname "$page")/$path" ]; then
                echo "$page: there is no $path"
                failed=1
            fi
            ;;
        esac
    done
done
exit "$failed"
