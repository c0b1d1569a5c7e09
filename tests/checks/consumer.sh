#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs into a folder of its own and builds a small program against what lies there.
# usage: consumer.sh BUILD_DIR WORK_DIR GENERATOR
set -eu
build=$1
work=$2
generator=$3
rm -rf "$work"
mkdir -p "$work/src"
cmake --install "$build" --prefix "$work/prefix" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cat > "$work/src/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.23)
project(consumer C)
find_package(tfready REQUIRED)
add_executable(consumer main.c)
target_link_libraries(consumer PRIVATE tfready::graph)
END
cat > "$work/src/main.c" <<'END'
#include <graph/graph.h>
#include <string.h>

int main(void)
{
    struct tfr_address address;
    const char *text = "module.a.aws_lb.b[0]";

    return tfr_address_parse(text, strlen(text), &address) && address.key.index == 0 ? 0 : 1;
}
END
{ cmake -S "$work/src" -B "$work/build" -G "$generator" -DCMAKE_PREFIX_PATH="$work/prefix" && cmake --build "$work/build"; } > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
"$work/build/consumer"
"$work/prefix/bin/tfready" --version
