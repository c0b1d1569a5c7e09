#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The recipes of docs/scale-out.md for GNU parallel, run as they stand there, give what one process says.
# usage: scale_out.sh TFREADY DOCS/scale-out.md FOLDER
set -eu
page=$2
fleet=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/here"
ln -s "$1" "$work/bin/tfready"
# An object store that is a folder.
cat > "$work/bin/aws" << 'END'
#!/bin/sh
case "$2" in
ls) cd "$BUCKET" && find . -type f | sed 's,^\./,2026-01-15 03:30:00 100 ,' ;;
cp) cat "$BUCKET/${3#s3://states/}" ;;
esac
END
chmod +x "$work/bin/aws"
PATH=$work/bin:$PATH
BUCKET=$work/here/states
export PATH BUCKET
cp -r "$fleet" "$BUCKET"
cd "$work/here"

# The indented lines of a section.
recipe() {
    awk -v title="## $1" '$0 == title { on = 1; next } /^## / { on = 0 } on && /^    / { print substr($0, 5) }' "$page"
}

# run TITLE: what its last command, the merge, writes
run() {
    recipe "$1" > "$work/recipe.sh"
    grep -q "audit merge" "$work/recipe.sh"
    # The exit codes say what was found.
    sh "$work/recipe.sh" 2> /dev/null || [ $? -le 4 ]
}

run "GNU parallel over names" > "$work/names.text"
tfready audit states > "$work/one.text" || [ $? -le 4 ]
cmp "$work/one.text" "$work/names.text"

run "An object store" > "$work/store.text"
(cd states && tfready audit -- * > "$work/one.text") || [ $? -le 4 ]
cmp "$work/one.text" "$work/store.text"
