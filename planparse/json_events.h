/* SPDX-License-Identifier: Apache-2.0 */
/* What json.c (events and shapes) and json_feed.c (text and yajl) share. */
#ifndef TFR_PLANPARSE_JSON_EVENTS_H
#define TFR_PLANPARSE_JSON_EVENTS_H

#include "planparse/build.h"
#include "planparse/json.h"
#include "planparse/quick.h"
#include "planparse/skim.h"
#include "planparse/text.h"

#include <yajl/yajl_parse.h>

/* One open object or array on the way that shapes describe. */
struct tfr_json_frame {
    const struct tfr_shape *shape;
    const struct tfr_sym *key; /* objects: the current member */
    uint64_t seen;             /* bit i: fields[i] was there */
    uint64_t index;            /* arrays: the current item */
    uint64_t start;            /* offset of its first byte */
};

struct tfr_json {
    yajl_handle yajl;
    void *ctx;
    const struct tfr_shape *root;
    struct tfr_names *names;
    struct tfr_error *err; /* during a feed */
    struct tfr_json_frame *frames;
    size_t frame_count, frame_cap;
    uint32_t max_depth;
    uint32_t depth;      /* open containers of all kinds */
    uint32_t skip_depth; /* depth at which stepping over began, 0: not stepping over */
    tfr_take *taker;     /* of the value that is being built */
    bool unneeded;       /* nobody needs the member that comes next in it */
    struct tfr_builder builder;
    struct tfr_text text;
    struct tfr_error bad; /* what is wrong with the text itself; kept, as errors are large */
    const char *memory;   /* the text that lies in memory, from the offset */
    uint64_t memory_from; /* on */
    uint64_t base;        /* offset of the piece that is being fed */
    const char *piece;    /* what yajl is being fed */
    size_t piece_len;
    struct tfr_skim skim; /* of the member that is stepped over without yajl */
    bool skimming;
    struct tfr_quick quick;     /* builds items of arrays beside yajl */
    size_t jump;                /* in `piece`: behind the last of them, or what came again */
    bool jumped;                /* yajl is to go on there */
    bool see_all;               /* yajl shall see every byte */
    struct tfr_timing *timing;  /* borrowed, or NULL */
    uint64_t start;             /* offset of the value that is being handed over */
    struct tfr_buf held;        /* pieces of one long string, not yet fed: see hold() */
    struct tfr_text held_start; /* before the first of them */
    bool placed;                /* the path of the error is complete */
    bool done;
};

/** Events in the order of the text. @return false to stop: `json->err` is filled, or the value is
 * done */
bool tfr_json_scalar(struct tfr_json *json, struct tfr_value value);
bool tfr_json_key(struct tfr_json *json, const char *text, size_t len);
bool tfr_json_open(struct tfr_json *json, bool array);
bool tfr_json_close(struct tfr_json *json);

/** A member that nobody needs begins: shall it be stepped over without yajl? If so, yajl must be
 * stopped, and tfr_json_stepped() comes when the member has ended. */
bool tfr_json_skims(struct tfr_json *json);
void tfr_json_stepped(struct tfr_json *json);

/** Takes the items of an array from here on, as far as they lie in the piece, without yajl. If so,
 * yajl must be stopped. */
bool tfr_json_takes_quickly(struct tfr_json *json, tfr_take *take);
/** Hands the complete value over. @return false if its taker fails */
bool tfr_json_hand_over(struct tfr_json *json);

/** Completes the path of an error, once: what a handler said of its value comes last. */
void tfr_json_place(struct tfr_json *json, struct tfr_error *err);

#endif
