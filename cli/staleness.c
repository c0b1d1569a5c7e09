/* SPDX-License-Identifier: Apache-2.0 */
/* What may not be judged although it can be read: --expect, --state. */
#include "cli/staleness.h"

struct found {
    struct tfr_document *state;
    size_t documents;
    struct tfr_error *err;
};

static void take(void *ctx, struct tfr_document *document)
{
    struct found *found = ctx;

    tfr_document_free(found->state);
    found->state = document;
    found->documents++;
}

static void refuse(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    struct found *found = ctx;

    (void)name;
    (void)member;
    if (found->err->code == TFR_OK)
        *found->err = *error;
}

struct tfr_document *cli_load_state(const struct cli_options *options, struct tfr_error *err)
{
    struct found found = { .err = err };
    const struct tfr_sink sink = { .ctx = &found, .document = take, .refused = refuse };

    if (options->state == NULL)
        return NULL;
    tfr_read_input(options->state, &options->read, &sink);
    if (err->code == TFR_OK && (found.documents != 1 || found.state->kind == TFR_PLAN)) {
        (void)tfr_fail(err, TFR_E_SCHEMA, "input.kind", "--state wants a file with one state");
        (void)tfr_fail_hint(err, "terraform state pull > now.tfstate");
    }
    tfr_fail_file(err, options->state);
    if (err->code == TFR_OK)
        return found.state;
    tfr_document_free(found.state);
    return NULL;
}

bool cli_is_expected(const struct cli_options *options, const struct tfr_document *document,
                     struct tfr_error *err)
{
    const bool is_plan = document->kind == TFR_PLAN || document->kind == TFR_BINARY_PLAN;

    if (options->expect == CLI_EXPECT_ANY || is_plan == (options->expect == CLI_EXPECT_PLAN))
        return true;
    (void)tfr_fail(err, TFR_E_SCHEMA, "input.kind", "this is a %s, and --expect asks for a %s",
                   is_plan ? "plan" : "state", is_plan ? "state" : "plan");
    return tfr_fail_hint(err, is_plan
                                  ? "terraform show -json | tfready"
                                  : "name the plan file: terraform show -json tfplan | tfready");
}

bool cli_is_fresh(const struct tfr_document *document, const struct tfr_document *state,
                  struct tfr_error *err)
{
    struct tfr_stale stale;

    if (state == NULL || document->kind != TFR_PLAN)
        return true;
    tfr_compare_states(document, state, &stale);
    if (stale.only_in_plan + stale.only_in_state + stale.other_objects == 0)
        return true;
    (void)tfr_fail(
        err, TFR_E_SCHEMA, "input.stale",
        "this plan was made from another state: of its objects the state lacks %zu, %zu are "
        "other ones, and %zu of the state's are new to it",
        stale.only_in_plan, stale.other_objects, stale.only_in_state);
    return tfr_fail_hint(err, "plan again: terraform plan -out=tfplan");
}
