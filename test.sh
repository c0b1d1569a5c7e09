#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds with warnings as errors, and runs the tests.
set -eu
cd "$(dirname "$0")"
. cmake/setup.sh
# shellcheck disable=SC2154,SC2086 # from setup.sh; a list of words
prepare dev $build_packages $test_packages

echo "testing"
ctest --preset dev "$@"
