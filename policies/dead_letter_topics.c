/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/dead_letter_topics.h"

#include "policies/hosts.h"
#include "policies/lookup.h"
#include "policies/wires.h"

#define SUBSCRIPTION "google_pubsub_subscription"
#define POLICY "dead_letter_policy"

static const char *const topics[] = { "google_pubsub_topic", NULL };

/* It is called as what takes dead letters. */
static bool speaks_of_it(const struct tfr_value *name)
{
    static const char *const words[] = { "dead", "dlq", "dlt" };

    for (size_t i = 0; name->kind == TFR_STRING && i < sizeof words / sizeof words[0]; i++) {
        if (tfr_text_holds(name->text, words[i]))
            return true;
    }
    return false;
}

/* What is written to a table or a bucket, and what reads dead letters by its name. */
static bool is_asked(const struct tfr_input *in, const struct tfr_resource *subscription)
{
    const struct tfr_value *values = &subscription->after;

    return tfr_value_is_blank(tfr_input_get(in, values, "bigquery_config")) &&
           tfr_value_is_blank(tfr_input_get(in, values, "cloud_storage_config")) &&
           !speaks_of_it(tfr_input_get(in, values, "name")) &&
           !speaks_of_it(tfr_input_get(in, values, "topic"));
}

/* Topics that dead letters are sent to, by their addresses. */
static struct tfr_lookup *file_topics(const struct tfr_input *in)
{
    const struct tfr_resource_run run = tfr_input_type(in, SUBSCRIPTION);
    struct tfr_lookup *taken = NULL;
    struct tfr_wires wires;

    for (uint32_t i = 0; i < run.count; i++) {
        if (!tfr_resource_is_live(run.at[i]))
            continue;
        tfr_wires_of(in, run.at[i], POLICY, topics, &wires);
        for (uint32_t k = 0; k < wires.count; k++) {
            const struct tfr_sym *address = wires.at[k]->address;

            *tfr_lookup_place(&taken, address->text, address->len, NULL) = wires.at[k];
        }
    }
    return taken;
}

static bool reads_dead_letters(const struct tfr_input *in, const struct tfr_lookup *taken,
                               const struct tfr_resource *subscription)
{
    struct tfr_wires read;

    tfr_wires_of(in, subscription, "topic", topics, &read);
    for (uint32_t i = 0; i < read.count; i++) {
        if (tfr_lookup_text(taken, read.at[i]->address->text, read.at[i]->address->len) != NULL)
            return true;
    }
    return false;
}

static void look_at(const struct tfr_input *in, const struct tfr_lookup *taken,
                    const struct tfr_resource *subscription, struct tfr_findings_builder *out)
{
    const struct tfr_value *policy = tfr_input_get(in, &subscription->after, POLICY);

    if (policy->kind == TFR_UNKNOWN && tfr_wires_written(in, subscription, POLICY))
        tfr_findings_undecided(out, subscription, POLICY,
                               "whether it has a dead letter topic shows after the apply");
    else if ((policy->kind != TFR_UNKNOWN && !tfr_value_is_blank(policy)) ||
             reads_dead_letters(in, taken, subscription))
        tfr_findings_pass(out, subscription);
    else
        tfr_findings_add(out, subscription, "it has no " POLICY);
}

void tfr_check_dead_letter_topics(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = tfr_input_subjects(in);
    struct tfr_lookup *taken = file_topics(in);

    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]) && !run.at[i]->duplicate && is_asked(in, run.at[i]))
            look_at(in, taken, run.at[i], out);
    }
    tfr_lookup_free(taken);
}
