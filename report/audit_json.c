/* SPDX-License-Identifier: Apache-2.0 */
/* An audit for programs: one object. */
#include "report/audit.h"

static void write_row(yajl_gen gen, const struct tfr_audit_row *row)
{
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "name", row->name);
    tfr_gen_number(gen, "exit_code", row->exit_code);
    if (row->error != NULL) {
        tfr_gen_text(gen, "error", row->error);
        tfr_gen_text(gen, "message", row->message);
    } else {
        tfr_gen_text(gen, "kind", row->kind);
        tfr_gen_text(gen, "product_version", row->version);
        tfr_gen_maybe(gen, "score", row->score >= 0, row->score);
        tfr_gen_number(gen, "resources", row->resources);
        tfr_gen_number(gen, "p0", row->p0);
        tfr_gen_number(gen, "p1", row->p1);
        tfr_gen_number(gen, "p2", row->p2);
        tfr_gen_number(gen, "undecided", row->undecided);
        tfr_gen_number(gen, "left_over", row->left_over);
    }
    tfr_gen_close(gen);
}

static void write_totals(yajl_gen gen, const char *name, const struct tfr_audit_totals *totals,
                         bool severities)
{
    tfr_gen_open_list(gen, name);
    for (size_t i = 0; i < totals->count; i++) {
        const struct tfr_audit_total *total = &totals->at[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "name", total->text->text);
        if (total->title != NULL)
            tfr_gen_text(gen, "title", total->title);
        tfr_gen_number(gen, "documents", (long long)total->documents);
        tfr_gen_number(gen, "count", (long long)total->count);
        if (severities) {
            tfr_gen_number(gen, "p0", (long long)total->p0);
            tfr_gen_number(gen, "p1", (long long)total->p1);
            tfr_gen_number(gen, "p2", (long long)total->p2);
        }
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

static void write_left_overs(yajl_gen gen, const struct tfr_audit *audit)
{
    tfr_gen_open_list(gen, "left_overs");
    for (size_t i = 0; i < audit->left_overs.count; i++) {
        const struct tfr_audit_left *left = &audit->left_overs.at[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "document", left->document);
        tfr_gen_text(gen, "address", left->address);
        tfr_gen_text(gen, "policy", left->policy);
        tfr_gen_text(gen, "since", left->since);
        if (left->since != NULL && audit->options.as_of[0] != '\0')
            tfr_gen_number(gen, "days", tfr_audit_days(left->since, audit->options.as_of));
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

static void write_across(yajl_gen gen, const struct tfr_audit *audit)
{
    tfr_gen_open_list(gen, "across");
    for (size_t i = 0; i < audit->across_count; i++) {
        const struct tfr_across *across = &audit->across[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "kind", tfr_across_name(across->kind));
        tfr_gen_text(gen, "document", across->a);
        tfr_gen_text(gen, "address", across->address_a);
        tfr_gen_text(gen, "other_document", across->b);
        tfr_gen_text(gen, "other_address", across->address_b);
        tfr_gen_text(gen, "detail", across->detail);
        tfr_gen_number(gen, "count", (long long)across->count);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

static void write_waivers(yajl_gen gen, const struct tfr_audit *audit)
{
    static const char *const states[] = { "used", "unused", "expired" };

    tfr_gen_open_list(gen, "waivers");
    for (size_t i = 0; i < audit->waiver_count; i++) {
        const struct tfr_audit_waiver *waiver = &audit->waivers[i];

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "policy", waiver->policy);
        tfr_gen_text(gen, "address", waiver->address);
        tfr_gen_text(gen, "owner", waiver->owner);
        tfr_gen_text(gen, "expires", waiver->expires);
        tfr_gen_file_name(gen, "file", waiver->file);
        tfr_gen_number(gen, "line", waiver->line);
        tfr_gen_number(gen, "documents", (long long)waiver->documents);
        tfr_gen_text(gen, "state", states[waiver->state]);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
}

static void write_summary(yajl_gen gen, const struct tfr_audit *audit)
{
    static const char *const names[] = { "go", "no_go", "unreadable", "conditional_go", "nothing" };

    tfr_gen_number(gen, "documents", (long long)audit->documents);
    tfr_gen_open(gen, "verdicts");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        tfr_gen_number(gen, names[i], (long long)audit->by_exit[i]);
    tfr_gen_close(gen);
    tfr_gen_open(gen, "open_findings");
    tfr_gen_number(gen, "p0", (long long)audit->p0);
    tfr_gen_number(gen, "p1", (long long)audit->p1);
    tfr_gen_number(gen, "p2", (long long)audit->p2);
    tfr_gen_number(gen, "info", (long long)audit->info);
    tfr_gen_close(gen);
    tfr_gen_number(gen, "binary_plans", (long long)audit->binary_plans);
    tfr_gen_number(gen, "undecided", (long long)audit->undecided);
    tfr_gen_number(gen, "left_over", (long long)audit->left_over);
    tfr_gen_number(gen, "resources", (long long)audit->resources);
}

void tfr_audit_write_json(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);

    (void)style;
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "schema", "tfready/audit-summary/1");
    tfr_gen_number(gen, "exit_code", tfr_audit_exit(audit));
    tfr_gen_text(gen, "as_of", audit->options.as_of[0] != '\0' ? audit->options.as_of : NULL);
    write_summary(gen, audit);
    tfr_gen_open_list(gen, "rows");
    for (size_t i = 0; i < audit->unreadable.count; i++)
        write_row(gen, &audit->unreadable.at[i]);
    for (size_t i = 0; i < audit->worst.count; i++)
        write_row(gen, &audit->worst.at[i]);
    tfr_gen_close_list(gen);
    write_totals(gen, "policies", &audit->policies, true);
    write_totals(gen, "sources", &audit->sources, true);
    write_totals(gen, "providers", &audit->providers, false);
    write_totals(gen, "provider_versions", &audit->provider_versions, false);
    write_totals(gen, "versions", &audit->versions, false);
    write_left_overs(gen, audit);
    write_across(gen, audit);
    write_waivers(gen, audit);
    tfr_gen_close(gen);
    tfr_gen_end(gen);
}
