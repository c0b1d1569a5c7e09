#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every global of the libraries begins with tfr_ (cli_ in the program's own layer).
# usage: symbols.sh LIBRARY...
set -eu
failed=0
for library in "$@"; do
    [ -f "$library" ] || { echo "$library is not there"; exit 1; }
    if nm -g --defined-only "$library" | awk 'NF == 3 && $3 !~ /^(tfr_|cli_|__)/ { print; bad = 1 } END { exit !bad }'; then
        echo "^ in $library: names of globals begin with tfr_"
        failed=1
    fi
done
exit "$failed"
