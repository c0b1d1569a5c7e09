#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: format.sh SOURCE_DIR   (77: clang-format is not there)
set -eu
cd "$1"
command -v clang-format > /dev/null || exit 77
clang-format --dry-run --Werror base/*.[ch] planparse/*.[ch] graph/*.[ch] policies/*.[ch] report/*.[ch] cli/*.[ch] tests/*.c
