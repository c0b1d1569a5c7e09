/* SPDX-License-Identifier: Apache-2.0 */
/* An audit as CSV (a line per document) and for Prometheus' textfile collector (totals). */
#include "report/audit.h"
#include "report/escape.h"

/* ---- CSV ---------------------------------------------------------------------------------------
 */

static const char head[] = "document,exit_code,kind,version,score,resources,p0,p1,p2,undecided,"
                           "left_over,first_policy,error,message\r\n";

static void add_line(struct tfr_buf *out, const struct tfr_audit_row *row)
{
    tfr_escape_csv(out, row->name);
    tfr_buf_printf(out, ",%d,", row->exit_code);
    tfr_escape_csv(out, row->kind);
    tfr_buf_putc(out, ',');
    tfr_escape_csv(out, row->version);
    tfr_buf_putc(out, ',');
    if (row->score >= 0)
        tfr_buf_printf(out, "%d", row->score);
    tfr_buf_printf(out, ",%u,%u,%u,%u,%u,%u,", row->resources, row->p0, row->p1, row->p2,
                   row->undecided, row->left_over);
    tfr_escape_csv(out, row->first);
    tfr_buf_putc(out, ',');
    tfr_escape_csv(out, row->error);
    tfr_buf_putc(out, ',');
    tfr_escape_csv(out, row->message);
    tfr_buf_puts(out, "\r\n");
}

void tfr_audit_write_csv(const struct tfr_audit *audit, const struct tfr_style *style, FILE *out)
{
    struct tfr_buf text = { 0 };

    (void)style;
    tfr_buf_puts(&text, head);
    for (size_t i = 0; i < audit->unreadable.count; i++)
        add_line(&text, &audit->unreadable.at[i]);
    for (size_t i = 0; i < audit->worst.count; i++)
        add_line(&text, &audit->worst.at[i]);
    (void)fwrite(text.data, 1, text.len, out);
    tfr_buf_fini(&text);
}

/* ---- Prometheus --------------------------------------------------------------------------------
 */

static void metric(struct tfr_buf *out, const char *name, const char *help)
{
    tfr_buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void sample(struct tfr_buf *out, const char *name, const char *label, const char *text,
                   uint64_t number)
{
    tfr_buf_printf(out, "%s{%s=\"", name, label);
    tfr_escape_label(out, text);
    tfr_buf_printf(out, "\"} %llu\n", (unsigned long long)number);
}

static uint64_t count_kind(const struct tfr_audit *audit, enum tfr_across_kind kind)
{
    uint64_t count = 0;

    for (size_t i = 0; i < audit->across_count; i++)
        count += audit->across[i].kind == kind;
    return count;
}

void tfr_audit_write_prometheus(const struct tfr_audit *audit, const struct tfr_style *style,
                                FILE *out)
{
    static const char *const verdicts[] = { "go", "no-go", "unreadable", "conditional-go",
                                            "nothing" };
    struct tfr_buf text = { 0 };

    (void)style;
    metric(&text, "tfready_audit_documents", "Documents by verdict.");
    for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++)
        sample(&text, "tfready_audit_documents", "verdict", verdicts[i], audit->by_exit[i]);
    metric(&text, "tfready_audit_binary_plans", "Unreadable documents that are binary plans.");
    tfr_buf_printf(&text, "tfready_audit_binary_plans %llu\n",
                   (unsigned long long)audit->binary_plans);
    metric(&text, "tfready_audit_open_findings", "Open findings by severity.");
    sample(&text, "tfready_audit_open_findings", "severity", "P0", audit->p0);
    sample(&text, "tfready_audit_open_findings", "severity", "P1", audit->p1);
    sample(&text, "tfready_audit_open_findings", "severity", "P2", audit->p2);
    metric(&text, "tfready_audit_left_over", "Objects that nobody needs any more.");
    tfr_buf_printf(&text, "tfready_audit_left_over %llu\n", (unsigned long long)audit->left_over);
    metric(&text, "tfready_audit_resources", "Resources in all documents.");
    tfr_buf_printf(&text, "tfready_audit_resources %llu\n", (unsigned long long)audit->resources);
    metric(&text, "tfready_audit_policy_findings", "Findings by policy, whatever their state.");
    for (size_t i = 0; i < audit->policies.count; i++)
        sample(&text, "tfready_audit_policy_findings", "policy", audit->policies.at[i].text->text,
               audit->policies.at[i].count);
    metric(&text, "tfready_audit_idle_waivers", "Waivers that are over or match nothing.");
    tfr_buf_printf(&text, "tfready_audit_idle_waivers %zu\n", audit->idle_waivers);
    metric(&text, "tfready_audit_version_documents", "Documents by version of Terraform.");
    for (size_t i = 0; i < audit->versions.count; i++)
        sample(&text, "tfready_audit_version_documents", "version",
               audit->versions.at[i].text->text, audit->versions.at[i].documents);
    metric(&text, "tfready_audit_across", "What documents tell together, by kind.");
    for (int kind = 0; kind < TFR_ACROSS_KINDS && audit->store != NULL; kind++)
        sample(&text, "tfready_audit_across", "kind", tfr_across_name((enum tfr_across_kind)kind),
               count_kind(audit, (enum tfr_across_kind)kind));
    (void)fwrite(text.data, 1, text.len, out);
    tfr_buf_fini(&text);
}
