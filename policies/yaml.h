/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML (and JSON, which is YAML) as a tree with places. Policies, lists and cases are read through
 * it. Scalars have the types that PyYAML gives them (YAML 1.1: yes, no, on, off are booleans),
 * because the policies of users were written for it.
 */
#ifndef TFR_POLICIES_YAML_H
#define TFR_POLICIES_YAML_H

#include "planparse/planparse.h"

#define TFR_YAML_DEPTH 64                 /* levels */
#define TFR_YAML_NODES 200000             /* of one file, aliases written out */
#define TFR_YAML_SCALAR_BYTES (64 * 1024) /* of one scalar */
#define TFR_YAML_FILE_BYTES (4 * 1024 * 1024)

enum tfr_yaml_kind { TFR_YAML_SCALAR, TFR_YAML_LIST, TFR_YAML_MAP };

struct tfr_yaml {
    enum tfr_yaml_kind kind;
    uint32_t line, column;               /* from 1 */
    uint32_t count;                      /* items of a list, pairs of a map */
    uint32_t weight;                     /* nodes below it, aliases written out */
    const struct tfr_yaml *const *items; /* a map: key, value, key, value */
    const char *text;                    /* of a scalar, NUL behind it */
    uint32_t len;
    struct tfr_value value; /* the whole as a value; names in it belong to no table */
};

/* Where a text came from and where its parts go. */
struct tfr_yaml_file {
    const char *name; /* for errors */
    struct tfr_arena *arena;
    bool days; /* 2026-12-31 is a text here; policies refuse it, as JSON has no such thing */
};

/* Reads all documents of a text. `*out` is arena. Errors: TFR_E_SYNTAX, TFR_E_LIMIT with line and
 * column. */
bool tfr_yaml_read(const struct tfr_yaml_file *file, const char *text, size_t len,
                   const struct tfr_yaml *const **out, size_t *count,
                   struct tfr_error *err) TFR_CHECKED;
/* The same for a file on disk. */
bool tfr_yaml_read_path(const struct tfr_yaml_file *file, const char *path,
                        const struct tfr_yaml *const **out, size_t *count,
                        struct tfr_error *err) TFR_CHECKED;
/* The value of a key of a map, or NULL (also when `map` is NULL or no map). */
const struct tfr_yaml *tfr_yaml_get(const struct tfr_yaml *map, const char *key);
/* The text of a scalar that is a string, or NULL. */
const char *tfr_yaml_string(const struct tfr_yaml *node);
/* Fails at a node: file, line and column are filled in. @return false */
bool tfr_yaml_fail(struct tfr_error *err, const struct tfr_yaml_file *file,
                   const struct tfr_yaml *node, const char *format, ...) TFR_PRINTF(4, 5);
/* Refuses keys that are not in `known` (ends with NULL), with the nearest known one as the hint. */
bool tfr_yaml_known_keys(const struct tfr_yaml_file *file, const struct tfr_yaml *map,
                         const char *const *known, struct tfr_error *err) TFR_CHECKED;
/* The nearest of some words by edit distance, or NULL if none is near. */
const char *tfr_nearest(const char *word, const char *const *known);

#endif
