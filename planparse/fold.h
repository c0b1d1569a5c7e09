/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_FOLD_H
#define TFR_PLANPARSE_FOLD_H

#include "planparse/planparse.h"

/** A text of the arena that may be used again. */
struct tfr_recent_text {
    const char *text; /* NULL: none yet */
    size_t len;
};

/* Texts that are remembered: a power of two. */
#define TFR_RECENT_TEXTS 4096

/** Copies values out of scratch memory and folds their masks in. Zero, with `arena` and `names`
 * set, is ready. */
struct tfr_folder {
    struct tfr_arena *arena;
    struct tfr_names *names; /* of all values */
    struct tfr_fold_task *tasks;
    size_t task_count, task_cap;
    /* TFR_RECENT_TEXTS by tfr_hash_ends(), yours; NULL: each text is copied. Names, regions,
     * accounts and identifiers of others come back again and again. */
    struct tfr_recent_text *recent;
    struct tfr_mask_index {
        uint32_t *at; /* by name id: index of the member + 1 */
        size_t cap;
    } index[2];
};

/**
 * Copies `value`. Masks have the shape that Terraform writes: `true` at or above a place marks it;
 * object masks leave out what is `false`; arrays keep it. Members that `unknown` marks and `value`
 * lacks are added as unknown.
 * @param unknown, sensitive tfr_absent if there is none
 */
struct tfr_value tfr_fold(struct tfr_folder *folder, const struct tfr_value *value,
                          const struct tfr_value *unknown, const struct tfr_value *sensitive);
/** Marks a copied value and all below it as sensitive. */
void tfr_fold_mark(struct tfr_folder *folder, struct tfr_value *value);
/** True if a mask marks anything; asked for containers that are not empty. */
bool tfr_mask_marks_inside(struct tfr_folder *folder, const struct tfr_value *mask);
/** True if a mask marks anything. Inline: most masks are empty. */
static inline bool tfr_mask_marks(struct tfr_folder *folder, const struct tfr_value *mask)
{
    if (mask->kind < TFR_LIST || mask->count == 0)
        return mask->kind == TFR_BOOL && mask->truth;
    return tfr_mask_marks_inside(folder, mask);
}
/** Leaves `recent` alone. */
void tfr_folder_fini(struct tfr_folder *folder);

#endif
