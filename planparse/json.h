/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_JSON_H
#define TFR_PLANPARSE_JSON_H

#include "planparse/planparse.h"

/**
 * Streams one JSON text through yajl along a table of shapes. A shape says what to do with each
 * member of an object or item of an array: enter it, take it (a value is built in scratch memory
 * and handed over), or step over it.
 */
struct tfr_json;
struct tfr_shape;

/** Takes a value. It lies in scratch memory that is reused afterwards. `name` is the member's name,
 * NULL in arrays.
 *  @return false if it fails; the place of the value is added to `err`. */
typedef bool tfr_take(void *ctx, const struct tfr_sym *name, const struct tfr_value *value,
                      struct tfr_error *err);
/** Called when a shape with such a member is entered (`name` as above) and left. */
typedef bool tfr_enter(void *ctx, const struct tfr_sym *name, struct tfr_error *err);
typedef void tfr_leave(void *ctx);
/** An object that would be entered begins at `bytes`: true if it is the same text as one before and
 * is taken as that one. @param used how long it is, bytes */
typedef bool tfr_again(void *ctx, const char *bytes, size_t len, size_t *used);
/** Whether nobody needs a member of the object that is being built (`sofar` holds the members
 * before it, see tfr_builder_member()): null may stand in its place. */
struct tfr_builder;
typedef bool tfr_unneeded(void *ctx, const struct tfr_builder *sofar, const struct tfr_sym *name);

struct tfr_field {
    const char *name; /* ends the table when NULL */
    tfr_take *take;
    const struct tfr_shape *enter; /* used if take is NULL */
};

struct tfr_shape {
    bool array;    /* an array; otherwise an object */
    bool values;   /* what it takes are values: of members that stand twice the last counts */
    bool nullable; /* null may stand in its place */
    const struct tfr_field *fields; /* objects with known members; others are stepped over */
    tfr_take *each;                 /* takes every item or member that `fields` does not name */
    const struct tfr_shape *every;  /* or enters it */
    tfr_unneeded *unneeded;         /* asked for each member of a taken object */
    tfr_again *again;
    tfr_enter *enter;
    tfr_leave *leave;
    /* Root object only: told the name of every member, before its value. */
    bool (*member)(void *ctx, const struct tfr_sym *name, struct tfr_error *err);
};

/** @param root shape of the text @param ctx handed to every handler @param names where names go
 * (borrowed)
 *  @return yours */
struct tfr_json *tfr_json_new(const struct tfr_shape *root, void *ctx, struct tfr_names *names,
                              const struct tfr_limits *limits);
/** The parser shall see every byte, also of what is stepped over. For tests of that. */
void tfr_json_see_all(struct tfr_json *json);
/** Stages are told to `timing` (borrowed, or NULL). */
void tfr_json_time(struct tfr_json *json, struct tfr_timing *timing);
/** Feeds text. `*consumed` is below `len` only when the value has ended.
 *  Errors: TFR_E_SYNTAX, TFR_E_LIMIT, and what handlers say; with offset, line, column and path. */
bool tfr_json_feed(struct tfr_json *json, const char *bytes, size_t len, size_t *consumed,
                   struct tfr_error *err) TFR_CHECKED;
/** True when one complete value was read. */
bool tfr_json_is_done(const struct tfr_json *json);
/** The text is over. Error: TFR_E_SYNTAX "input.truncated". */
bool tfr_json_finish(struct tfr_json *json, struct tfr_error *err) TFR_CHECKED;
void tfr_json_free(struct tfr_json *json);

/** While a shape is being left: the text of its object. @return NULL if it does not lie in memory
 * as a whole */
const char *tfr_json_left(const struct tfr_json *json, size_t *len);
/** Offset of the value that is being handed over, bytes. */
uint64_t tfr_json_offset(const struct tfr_json *json);
/** Bytes of text so far. */
uint64_t tfr_json_bytes(const struct tfr_json *json);
/** How many members of objects appeared twice (the last one counts). */
uint64_t tfr_json_duplicates(const struct tfr_json *json);

#endif
