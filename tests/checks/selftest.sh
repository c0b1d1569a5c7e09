#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A check that finds nothing is worth nothing: each one is shown what it must refuse.
# usage: selftest.sh SOURCE_DIR CC GENERATOR
set -eu
source_dir=$1
cc=$2
generator=$3
checks=$source_dir/tests/checks
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# A small tree that passes: three layers, a above nothing, b above a, c the program.
fresh() {
    rm -rf "$work/tree"
    mkdir -p "$work/tree/a" "$work/tree/b" "$work/tree/c" "$work/tree/report" "$work/tree/cli"
    for layer in a b c report cli; do
        echo "int tfr_$layer(void);" > "$work/tree/$layer/$layer.h"
        echo "#include \"$layer/$layer.h\"" > "$work/tree/$layer/$layer.c"
    done
    echo '#include "a/a.h"' >> "$work/tree/b/b.c"
}

# expect 0|1 SENTENCE COMMAND...
expect() {
    wanted=$1
    sentence=$2
    shift 2
    code=0
    "$@" > "$work/log" 2>&1 || code=$?
    if [ "$code" -ne "$wanted" ]; then
        echo "$sentence: exit code $code instead of $wanted"
        cat "$work/log"
        failed=1
    fi
}

# shellcheck disable=SC2317 # called by name
layers() {
    "$checks/layers.sh" "$work/tree" a b c
}

# shellcheck disable=SC2317 # called by name
banned() {
    "$checks/banned.sh" "$work/tree" a b c
}

# planted FILE LINE SENTENCE CHECK: the tree with this line more is refused
planted() {
    fresh
    echo "$2" >> "$work/tree/$1"
    expect 1 "$3" "$4"
}

fresh
expect 0 "a good tree" layers
expect 0 "a good tree" banned
planted a/a.c '#include "b/b.h"' "an include of a later layer" layers
planted a/a.c '#include <b/b.h>' "an include of a later layer in brackets" layers
planted b/b.c '#include "a/inner.h"' "a foreign private header" layers
planted b/b.c '#include "b.h"' "a header without its folder" layers
planted b/b.c 'f(strcpy(a, b));' "a banned function" banned
planted b/b.c 'f(malloc(1));' "memory around base/" banned
planted a/a.c 'f(getenv("HOME"));' "a library that reads the environment" banned
planted b/b.c 'fputs(text, stderr);' "a library that prints" banned
planted cli/cli.c 'x = tfr_value_get(v);' "a look into values" banned

# A library with a global of a foreign name.
echo 'int tfr_good(void); int tfr_good(void) { return 0; }' > "$work/good.c"
echo 'int bad(void); int bad(void) { return 0; }' > "$work/bad.c"
for name in good bad; do
    "$cc" -c "$work/$name.c" -o "$work/$name.o"
    ar cr "$work/$name.a" "$work/$name.o"
done
expect 0 "good names of globals" "$checks/symbols.sh" "$work/good.a"
expect 1 "a bad name of a global" "$checks/symbols.sh" "$work/good.a" "$work/bad.a"
expect 1 "a library that is not there" "$checks/symbols.sh" "$work/none.a"

# CMake stops where a module uses a later one, with a sentence.
mkdir "$work/order"
cat > "$work/order/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.23)
project(order NONE)
set(TFREADY_LAYERS base planparse graph)
include("$source_dir/cmake/TfreadyModule.cmake")
tfready_module(planparse SOURCES x.c USES graph)
END
expect 1 "a module that uses a later one" cmake -G "$generator" -S "$work/order" -B "$work/order/build"
if ! grep -q 'planparse must not use graph' "$work/log"; then
    echo "CMake did not say which module uses which:"
    cat "$work/log"
    failed=1
fi
exit "$failed"
