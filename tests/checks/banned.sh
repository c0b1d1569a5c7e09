#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Functions that have no place here: they overrun, lie, or go around base/.
# usage: banned.sh SOURCE_DIR
set -eu
cd "$1"
failed=0
words='strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|gmtime|localtime|rand|alloca'
if grep -nE "(^|[^A-Za-z0-9_])($words) *\(" base/*.c planparse/*.c graph/*.c policies/*.c report/*.c cli/*.c; then
    echo "^ banned functions"
    failed=1
fi
if grep -nE "(^|[^A-Za-z0-9_])(malloc|calloc|realloc|free|strdup) *\(" planparse/*.c graph/*.c policies/*.c report/*.c cli/*.c; then
    echo "^ memory comes from base/"
    failed=1
fi
# What an attribute holds reaches a screen by tfr_value_show() alone.
if grep -nE 'tfr_value_(get|item|path|member|is|integer)|->items|->as_text' report/*.c cli/*.c; then
    echo "^ report/ and cli/ do not look into values"
    failed=1
fi
exit "$failed"
