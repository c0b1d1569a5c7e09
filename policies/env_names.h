/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the names of variables speak of. Workloads call theirs alike: each name is judged once for a
 * document.
 */
#ifndef TFR_POLICIES_ENV_NAMES_H
#define TFR_POLICIES_ENV_NAMES_H

#include "policies/named.h"

/* Kinds of objects, bit N for enum tfr_named_kind N. */
struct tfr_env_name {
    uint8_t holds;     /* it is called as what holds the name of one */
    uint8_t may_hold;  /* it is, if its value fits */
    uint8_t speaks_of; /* a word for such objects stands in it */
    bool broker;       /* one for Redis, or for what it is used for */
    bool cache;        /* one for a cache of any kind */
    bool secret;       /* what it holds is a secret */
    bool open;         /* what it holds is meant for browsers */
};

/* @param name a text of the document */
const struct tfr_env_name *tfr_input_env_name(const struct tfr_input *in,
                                              const struct tfr_value *name);

static inline bool tfr_env_name_is_of(uint8_t kinds, enum tfr_named_kind kind)
{
    return ((unsigned)kinds >> kind & 1u) != 0;
}

#endif
