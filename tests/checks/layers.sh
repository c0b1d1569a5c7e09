#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Data flows one way: an include names this folder or an earlier one, and enters a foreign folder by its own header only.
# <graph/graph.h> counts as "graph/graph.h": else an installed copy could be meant.
# usage: layers.sh SOURCE_DIR LAYER...   (from the ground up)
set -eu
cd "$1"
shift
ours=$(echo "$*" | tr ' ' '|')
failed=0
earlier=""
for layer in "$@"; do
    earlier="$earlier $layer"
    for file in "$layer"/*.[ch]; do
        # shellcheck disable=SC2013 # names of headers are single words
        for header in $(sed -nE -e 's/^ *# *include *"([^"]*)".*/\1/p' -e "s,^ *# *include *<(($ours)/[^>]*)>.*,\1,p" "$file"); do
            folder=${header%%/*}
            case " $earlier " in
            *" $folder "*) ;;
            *)
                echo "$file: $header lies in a later layer, or in none"
                failed=1
                ;;
            esac
            if [ "$folder" != "$layer" ] && [ "$header" != "$folder/$folder.h" ]; then
                echo "$file: enters $folder by $header; only $folder/$folder.h is for others"
                failed=1
            fi
        done
    done
done
exit "$failed"
