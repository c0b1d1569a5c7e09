#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: format.sh SOURCE_DIR CLANG_FORMAT
set -eu
cd "$1"
"$2" --dry-run --Werror base/*.[ch] planparse/*.[ch] graph/*.[ch] policies/*.[ch] report/*.[ch] cli/*.[ch] tests/*.[ch] tests/fuzz/*.c bench/*.c
