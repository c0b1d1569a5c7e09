#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: shell.sh SOURCE_DIR
set -eu
cd "$1"
shellcheck -x demo.sh test.sh .ci/run tests/*.sh tests/checks/*.sh testdata/tools/*.sh
shellcheck -s sh -e SC2034 cmake/setup.sh # SC2034: what it sets is for those who source it
