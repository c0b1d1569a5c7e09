/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What alarms watch: each dimension of an alarm resolved to the object that it names. A value that
 * is known is looked up among names and ids; an unknown one is followed by its references.
 */
#ifndef TFR_POLICIES_WATCHES_H
#define TFR_POLICIES_WATCHES_H

#include "policies/analyser.h"

enum tfr_watch_state {
    TFR_WATCH_LIVE,    /* it names an object that exists after the apply */
    TFR_WATCH_GONE,    /* it names one that the plan destroys */
    TFR_WATCH_MISSING, /* it names none of this document, and objects of that type are in it */
    TFR_WATCH_OPEN,    /* what it names is known after the apply */
    TFR_WATCH_FOREIGN, /* no object of that type is in this document */
};

struct tfr_watch {
    const struct tfr_resource *alarm;
    const char *dimension; /* QueueName; NULL: none of them is known */
    const char *types;     /* of OPEN: the types that it may be about, with spaces around each */
    const struct tfr_resource *target; /* of LIVE and GONE */
    enum tfr_watch_state state;
    const struct tfr_value *value;  /* of the dimension; absent if there is none */
    const struct tfr_value *metric; /* its name */
    const char *because;            /* of OPEN */
};

struct tfr_watches {
    const struct tfr_watch *at; /* by alarm, in document order */
    size_t count;
};

/* Of every live alarm. Found once for a document. Borrowed. */
const struct tfr_watches *tfr_input_watches(const struct tfr_input *in);
/* True if an open watch may be about objects of this type. */
bool tfr_watch_may_be(const struct tfr_watch *watch, const char *type);

#endif
