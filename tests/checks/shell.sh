#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: shell.sh SOURCE_DIR   (77: shellcheck is not there)
set -eu
cd "$1"
command -v shellcheck > /dev/null || exit 77
shellcheck -x demo.sh test.sh tests/checks/*.sh tests/*.sh
shellcheck -s sh -e SC2034 cmake/setup.sh
shellcheck .ci/run
