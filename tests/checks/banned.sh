#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What has no place here: functions that overrun or lie, memory around base/, libraries that talk, look around or end.
# usage: banned.sh SOURCE_DIR LAYER...   (from the ground up; the last one is the program)
set -eu
cd "$1"
shift
failed=0

# refuse PATTERN SENTENCE FILE...
refuse() {
    pattern=$1
    sentence=$2
    shift 2
    if grep -nE "$pattern" /dev/null "$@"; then
        echo "^ $sentence"
        failed=1
    fi
}

# call NAME|NAME...: a pattern for calls of these functions
call() {
    echo "(^|[^A-Za-z0-9_])($1) *\("
}

all=""
libraries=""
above_base=""
for layer in "$@"; do
    program=$layer
done
for layer in "$@"; do
    for file in "$layer"/*.[ch]; do
        all="$all $file"
        [ "$layer" = base ] || above_base="$above_base $file"
        # A tool of the build with a main() of its own may speak.
        [ "$layer" = "$program" ] || grep -q '^int main(' "$file" || libraries="$libraries $file"
    done
done

for file in bench/*.c; do
    [ ! -f "$file" ] || all="$all $file"
done

# shellcheck disable=SC2086 # lists of words
{
    refuse "$(call 'strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|gets|gmtime|localtime|rand|alloca')" \
        "banned functions" $all
    refuse "$(call 'malloc|calloc|realloc|free|strdup|strndup')" "memory comes from base/" $above_base
    refuse "$(call 'printf|vprintf|puts|putchar|perror|getenv|exit|abort')|(^|[^A-Za-z0-9_])(stdout|stderr|environ)[^A-Za-z0-9_]" \
        "libraries never print, never read the environment, never exit" $libraries
}
# What an attribute holds reaches a screen by tfr_value_show() alone. Lines of audits and our own reports
# are read back by one file each.
viewers=$(find report cli -name '*.c' ! -path report/audit_read.c ! -path report/diff_read.c)
# shellcheck disable=SC2086 # a list of words
refuse 'tfr_value_(get|item|path|member|is|integer)|->items|->as_text' \
    "report/ and cli/ do not look into values" $viewers
exit "$failed"
