/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects by the texts that name them, for what an environment says: queues, buckets, databases.
 * Filed once for a document, when the first text is asked for.
 */
#ifndef TFR_POLICIES_NAMED_H
#define TFR_POLICIES_NAMED_H

#include "policies/analyser.h"

enum tfr_named_kind {
    TFR_NAMED_BUCKET,
    TFR_NAMED_QUEUE,
    TFR_NAMED_TOPIC,
    TFR_NAMED_TABLE,
    TFR_NAMED_STREAM,
    TFR_NAMED_SECRET,
    TFR_NAMED_DATABASE,
    TFR_NAMED_DATABASE_CLUSTER,
    TFR_NAMED_DATABASE_PROXY,
    TFR_NAMED_PARAMETER,
    TFR_NAMED_KINDS
};

/* How a text names an object: bits. */
enum {
    TFR_NAMED_OWN = 1,     /* nothing else is called so: an ARN, a URL */
    TFR_NAMED_ADDRESS = 2, /* nor is anything else reached there */
    TFR_NAMED_NAME = 4,
    TFR_NAMED_ID = 8, /* what Terraform calls it, where that is a name */
};

/* What will be of the object: bits. */
enum {
    TFR_NAMED_LIVE = 1,
    TFR_NAMED_READ = 2, /* a data source looks it up */
    TFR_NAMED_GONE = 4, /* the plan takes it away */
};

/* One object under a text. The first one of its kind and state that is named in a way keeps the
 * text, so that few follow. */
struct tfr_named {
    const struct tfr_resource *resource;
    const struct tfr_named *next; /* one that was filed before */
    uint8_t kind;                 /* enum tfr_named_kind */
    uint8_t state;                /* one bit */
    uint8_t as;                   /* how the text names it */
};

/* What a text names, or NULL. */
const struct tfr_named *tfr_input_named(const struct tfr_input *in, const char *text, size_t len);
/* The first of them in one of these states that the text names in one of these ways, or NULL.
 * @param kind TFR_NAMED_KINDS: any */
const struct tfr_named *tfr_named_find(const struct tfr_named *named, enum tfr_named_kind kind,
                                       unsigned states, unsigned ways);
/* How many objects of a kind are in one of these states. */
uint32_t tfr_named_count(const struct tfr_input *in, enum tfr_named_kind kind, unsigned states);

struct tfr_named_objects;
void tfr_named_objects_free(struct tfr_named_objects *objects);

#endif
