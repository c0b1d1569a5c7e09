/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/env_names.h"

#include "policies/context.h"
#include "policies/hosts.h"
#include "policies/lookup.h"

#include <string.h>
#include <strings.h>

/* Names of variables, in either case. */
struct word {
    const char *text;
    uint8_t len;        /* 0: there is none */
    bool before, after; /* other letters may stand there */
};
#define IS(text)                            \
    {                                       \
        text, sizeof text - 1, false, false \
    }
#define ENDS(text)                         \
    {                                      \
        text, sizeof text - 1, true, false \
    }
#define BEGINS(text)                       \
    {                                      \
        text, sizeof text - 1, false, true \
    }
#define HOLDS(text)                       \
    {                                     \
        text, sizeof text - 1, true, true \
    }

/* Nothing else has such words. */
#define KINDS (TFR_NAMED_SECRET + 1)

static const struct {
    struct word holds[6];
    struct word may_hold[1];
    struct word speaks_of[2];
} kinds[KINDS] = {
    [TFR_NAMED_BUCKET] = { { HOLDS("S3_BUCKET"), ENDS("_BUCKET"), ENDS("_BUCKET_NAME"),
                             IS("BUCKET"), IS("BUCKET_NAME") },
                           { { .len = 0 } },
                           { HOLDS("BUCKET") } },
    [TFR_NAMED_QUEUE] = { { ENDS("QUEUE_URL"), ENDS("QUEUE_NAME"), ENDS("QUEUE_ARN") },
                          { BEGINS("SQS_") },
                          { HOLDS("QUEUE"), HOLDS("SQS") } },
    [TFR_NAMED_TOPIC] = { { ENDS("TOPIC_ARN") }, { { .len = 0 } }, { HOLDS("TOPIC") } },
    [TFR_NAMED_TABLE] = { { ENDS("TABLE"), ENDS("TABLE_NAME") },
                          { BEGINS("DYNAMODB_") },
                          { HOLDS("TABLE"), HOLDS("DYNAMODB") } },
    [TFR_NAMED_STREAM] = { { ENDS("STREAM_NAME"), ENDS("STREAM_ARN") },
                           { { .len = 0 } },
                           { HOLDS("STREAM") } },
    [TFR_NAMED_SECRET] = { { ENDS("SECRET_ARN"), ENDS("SECRET_ID"), ENDS("_SECRET_NAME") },
                           { { .len = 0 } },
                           { HOLDS("SECRET") } },
};

static const struct word brokers[] = { HOLDS("REDIS"), HOLDS("VALKEY"), HOLDS("BROKER"),
                                       HOLDS("CELERY_RESULT_BACKEND"), HOLDS("CACHE_URL") };

static const struct word secrets[] = {
    ENDS("PASSWORD"),  ENDS("PASSWD"),      ENDS("PASSPHRASE"), ENDS("SECRET"), ENDS("SECRET_KEY"),
    ENDS("SECRETKEY"), ENDS("TOKEN"),       ENDS("API_KEY"),    ENDS("APIKEY"), ENDS("ACCESS_KEY"),
    ENDS("ACCESSKEY"), ENDS("PRIVATE_KEY"), ENDS("PRIVATEKEY"),
};

/* Build tools put these into the pages that they make. */
static const struct word opens[] = { HOLDS("PUBLIC"), HOLDS("PUBLISHABLE"), BEGINS("VITE_"),
                                     BEGINS("REACT_APP_") };

static bool fits(const struct word *word, const char *name, size_t len)
{
    if (word->len == 0 || len < word->len)
        return false;
    if (word->before && word->after)
        return tfr_text_holds(name, word->text);
    if (!word->after && !word->before && len != word->len)
        return false;
    name += word->before ? len - word->len : 0;
    return strncasecmp(name, word->text, word->len) == 0;
}

static bool any_fits(const struct word *words, size_t count, const struct tfr_value *name)
{
    for (size_t i = 0; i < count; i++) {
        if (fits(&words[i], name->text, strlen(name->text)))
            return true;
    }
    return false;
}

static struct tfr_env_name judge(const struct tfr_value *name)
{
    unsigned holds = 0, may_hold = 0, speaks_of = 0;

    for (unsigned i = 0; i < KINDS; i++) {
        const unsigned bit = 1u << i;

        holds |= any_fits(kinds[i].holds, 6, name) ? bit : 0;
        may_hold |= any_fits(kinds[i].may_hold, 1, name) ? bit : 0;
        speaks_of |= any_fits(kinds[i].speaks_of, 2, name) ? bit : 0;
    }
    return (struct tfr_env_name){
        .holds = (uint8_t)holds,
        .may_hold = (uint8_t)may_hold,
        .speaks_of = (uint8_t)speaks_of,
        .broker = any_fits(brokers, sizeof brokers / sizeof *brokers, name),
        .cache = tfr_text_holds(name->text, "CACHE"),
        .secret = any_fits(secrets, sizeof secrets / sizeof *secrets, name),
        .open = any_fits(opens, sizeof opens / sizeof *opens, name),
    };
}

const struct tfr_env_name *tfr_input_env_name(const struct tfr_input *in,
                                              const struct tfr_value *name)
{
    const void **place = tfr_lookup_place(&in->ctx->env_names, name->text, name->count, NULL);

    if (*place == NULL) {
        const struct tfr_env_name judged = judge(name);

        *place = tfr_arena_copy(&in->ctx->kept, &judged, sizeof judged);
    }
    return *place;
}
