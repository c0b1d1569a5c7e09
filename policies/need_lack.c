/* SPDX-License-Identifier: Apache-2.0 */
/* What a role lacks of one need: the least actions that make sense, and what usually goes with
 * them. */
#include "policies/workload_access.h"

#include "policies/glob.h"
#include "policies/wires.h"

#include <stdio.h>
#include <string.h>

/* Actions on the objects of a bucket, not on the bucket. */
static bool is_below(const char *action)
{
    return strcmp(action, "s3:GetObject") == 0 || strcmp(action, "s3:PutObject") == 0 ||
           strcmp(action, "s3:DeleteObject") == 0;
}

enum tfr_truth_value tfr_need_may(const struct tfr_input *in, const struct tfr_role_name *role,
                                  const struct tfr_need *need, const char *action,
                                  struct tfr_permission *out)
{
    struct tfr_iam_question question = {
        .action = action, .arn = need->arn, .vague = need->vague, .object = need->object
    };
    char *below;
    size_t size;

    *out = (struct tfr_permission){ TFR_MAYBE, need->because, NULL };
    if (need->arn == NULL)
        return TFR_MAYBE;
    if (is_below(action) && strstr(need->arn, "/*") == NULL) {
        size = strlen(need->arn) + sizeof "/*";
        below = tfr_arena_alloc(in->scratch, size);
        (void)snprintf(below, size, "%s/*", need->arn);
        question.arn = below;
    }
    tfr_named_may(in, role, &question, out);
    if (out->is == TFR_NO && need->object == NULL)
        *out = (struct tfr_permission){ TFR_MAYBE, "an object that is not in this document", NULL };
    return out->is;
}

struct ask {
    const struct tfr_input *in;
    const struct tfr_role_name *role;
    const struct tfr_need *need;
    const char *because;
};

static enum tfr_truth_value may(struct ask *ask, const char *action)
{
    struct tfr_permission permission;

    (void)tfr_need_may(ask->in, ask->role, ask->need, action, &permission);
    if (permission.is == TFR_MAYBE && ask->because == NULL)
        ask->because = permission.because;
    return permission.is;
}

static bool is_called(const struct tfr_need *need, const char *pattern)
{
    return tfr_glob_action(pattern, need->env.name->text);
}

static void say(struct tfr_lack *out, uint8_t severity, const char *what)
{
    if (severity > out->severity) {
        out->severity = severity;
        out->what = what;
    }
}

/* ---- buckets -----------------------------------------------------------------------------------
 */

/* Names of buckets that are written and read. */
static bool is_two_way(const struct tfr_need *need)
{
    return is_called(need, "*UPLOAD*") || is_called(need, "*MEDIA*") || is_called(need, "*RESULT*");
}

static void lack_of_bucket(struct ask *ask, struct tfr_lack *out)
{
    const enum tfr_truth_value get = may(ask, "s3:GetObject");
    const enum tfr_truth_value put = may(ask, "s3:PutObject");

    out->least = tfr_truth_either(get, put);
    out->because = ask->because;
    if (out->least == TFR_NO)
        say(out, TFR_P0, "may neither read nor write its objects");
    if (out->least != TFR_YES)
        return;
    if (get == TFR_NO)
        say(out, is_two_way(ask->need) ? TFR_P1 : TFR_SEVERITY_NONE,
            "may write its objects and not read them");
    if (put == TFR_NO)
        say(out, is_two_way(ask->need) ? TFR_P1 : TFR_SEVERITY_NONE,
            "may read its objects and not write them");
    if (put == TFR_YES && get == TFR_YES && may(ask, "s3:ListBucket") == TFR_NO)
        say(out, TFR_P2, "may not list it (s3:ListBucket), so a missing object looks forbidden");
    if (put == TFR_YES && get == TFR_YES && may(ask, "s3:DeleteObject") == TFR_NO)
        say(out, TFR_P2, "may not delete objects (s3:DeleteObject)");
}

/* ---- queues ------------------------------------------------------------------------------------
 */

static void lack_of_queue(struct ask *ask, enum tfr_shape shape, struct tfr_lack *out)
{
    out->sends = may(ask, "sqs:SendMessage");
    out->receives = tfr_truth_both(may(ask, "sqs:ReceiveMessage"), may(ask, "sqs:DeleteMessage"));
    out->least = tfr_truth_either(out->sends, out->receives);
    out->because = ask->because;
    if (out->least == TFR_NO)
        say(out, TFR_P0,
            "has neither sqs:SendMessage nor sqs:ReceiveMessage with sqs:DeleteMessage on it");
    if (out->least != TFR_YES)
        return;
    if (shape == TFR_SHAPE_WORKER && out->receives == TFR_NO)
        say(out, TFR_P1, "may fill it, while a worker empties it");
    if (shape == TFR_SHAPE_WEB && out->sends == TFR_NO)
        say(out, TFR_P1, "may empty it, while a web service fills it");
    if (is_called(ask->need, "*QUEUE_NAME") && may(ask, "sqs:GetQueueUrl") == TFR_NO)
        say(out, TFR_P1, "may not find its URL by the name (sqs:GetQueueUrl)");
    if (shape == TFR_SHAPE_WORKER && out->receives == TFR_YES &&
        may(ask, "sqs:ChangeMessageVisibility") == TFR_NO)
        say(out, TFR_P2, "may not ask for more time with a message (sqs:ChangeMessageVisibility)");
}

void tfr_need_lack(const struct tfr_input *in, const struct tfr_role_name *role,
                   const struct tfr_need *need, enum tfr_shape shape, struct tfr_lack *out)
{
    struct ask ask = { .in = in, .role = role, .need = need };

    *out = (struct tfr_lack){ .least = TFR_YES, .severity = TFR_SEVERITY_NONE };
    if (need->kind == TFR_NEED_BUCKET)
        lack_of_bucket(&ask, out);
    else if (need->kind == TFR_NEED_QUEUE)
        lack_of_queue(&ask, shape, out);
}
