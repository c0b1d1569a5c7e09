#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every allocation of a run fails once, with all that follow it: the program ends by itself with exit code 2, or, when it
# asks for no more memory, with its own. The system's loader, when it is asked for a library, leaves with 127.
# usage: allocation.sh TFREADY PRELOADED_LIBRARY ARGUMENT...
set -eu
tfready=$1
preload=$2
shift 2
wanted=0
"$tfready" "$@" > /dev/null 2>&1 || wanted=$?
at=1
step=1
while :; do
    code=0
    TFREADY_FAIL_AT=$at LD_PRELOAD=$preload "$tfready" "$@" > /dev/null 2>&1 || code=$?
    if [ "$code" -eq "$wanted" ] && [ "$wanted" -ne 2 ]; then
        break
    fi
    if [ "$code" -ne 2 ] && [ "$code" -ne 127 ]; then
        echo "allocation $at fails: exit code $code"
        exit 1
    fi
    # The first thousand one by one, then a sample that grows.
    [ "$at" -lt 1000 ] || step=$((at / 100))
    at=$((at + step))
done
echo "$at allocations"
[ "$at" -gt 50 ]
