/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_BUILD_H
#define TFR_PLANPARSE_BUILD_H

#include "planparse/planparse.h"

/** A container that is open. */
struct tfr_open {
    size_t first;              /* its first child in pending */
    const struct tfr_sym *key; /* under which it stands in its parent */
    uint32_t outside;          /* for whoever drives the builder */
    bool array;
};

/** Builds one value at a time out of events, in scratch memory. Zero, with `names` set, is empty.
 */
struct tfr_builder {
    struct tfr_arena scratch;
    struct tfr_names *names;     /* borrowed; of the members */
    const struct tfr_sym **keys; /* of children of open containers, outermost first */
    struct tfr_value *pending;   /* these children */
    size_t pending_count, pending_cap;
    struct tfr_open *open; /* open containers, outermost first */
    size_t open_count, open_cap;
    uint32_t *last_seen; /* by name id: serial of the object that had it last */
    size_t last_seen_cap;
    uint32_t serial;
    const struct tfr_sym *key;
    bool structural_twice; /* a member of the document's own structure stood twice in this value */
    uint64_t duplicates;   /* members that a later one of the same name replaced */
};

const char *tfr_builder_text(struct tfr_builder *builder, const char *text, size_t len);
/** The name of the member that comes next. */
static inline void tfr_builder_key(struct tfr_builder *builder, const struct tfr_sym *key)
{
    builder->key = key;
}
/** Makes room for more children. For tfr_builder_put(). */
void tfr_builder_grow(struct tfr_builder *builder);
/** Inline, as every scalar of a document comes by here. */
static inline void tfr_builder_put(struct tfr_builder *builder, struct tfr_value value)
{
    const size_t at = builder->pending_count++;

    if (at == builder->pending_cap)
        tfr_builder_grow(builder);
    builder->keys[at] = builder->key;
    builder->pending[at] = value;
}
void tfr_builder_open(struct tfr_builder *builder, bool array);
/** @param layout of the object that ends, NULL if it is not known: then of several members with one
 * name the last stays */
void tfr_builder_close(struct tfr_builder *builder, const struct tfr_layout *layout);
/** True if the innermost open container is an array. */
static inline bool tfr_builder_in_array(const struct tfr_builder *builder)
{
    return builder->open_count > 0 && builder->open[builder->open_count - 1].array;
}
/** True when the outermost value is complete. */
static inline bool tfr_builder_is_done(const struct tfr_builder *builder)
{
    return builder->open_count == 0;
}
/** The complete value; in scratch memory until the next reset. */
const struct tfr_value *tfr_builder_root(const struct tfr_builder *builder);
/** A member of the outermost object by the number of its name, while it is the only container that
 * is open; tfr_absent if it has not come yet. */
const struct tfr_value *tfr_builder_member(const struct tfr_builder *builder, uint32_t name_id);
void tfr_builder_reset(struct tfr_builder *builder);
void tfr_builder_fini(struct tfr_builder *builder);
/** Appends the path from the outermost value to where building stands. */
void tfr_builder_path(const struct tfr_builder *builder, struct tfr_buf *out);

#endif
