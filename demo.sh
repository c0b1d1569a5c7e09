#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds, and judges an example plan. Exits as tfready does: 1 is NO-GO.
set -eu
cd "$(dirname "$0")"
. cmake/setup.sh
# shellcheck disable=SC2154,SC2086 # from setup.sh; a list of words
prepare release $build_packages

plan=testdata/example/plan.json
echo "judging:  build/release/tfready $plan"
echo
code=0
build/release/tfready "$@" "$plan" || code=$?
echo
echo "exit code $code (0 GO, 1 NO-GO, 2 not readable, 3 CONDITIONAL GO, 4 nothing to assess)"
exit "$code"
