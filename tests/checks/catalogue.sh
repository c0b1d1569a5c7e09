#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The pages of the catalogue are what the policy files say; with TFREADY_UPDATE_GOLDEN=1 they are made anew.
# usage: catalogue.sh PYTHON SOURCE_DIR
set -eu
if [ "${TFREADY_UPDATE_GOLDEN:-}" = 1 ]; then
    rm -rf "$2/docs/policies/catalogue"
    exec "$1" "$2/docs/policies/generate.py" "$2"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$1" "$2/docs/policies/generate.py" "$2" "$work"
diff -r "$work/catalogue" "$2/docs/policies/catalogue"
diff "$work/catalogue.md" "$2/docs/policies/catalogue.md"
