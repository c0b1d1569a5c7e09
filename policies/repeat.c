/* SPDX-License-Identifier: Apache-2.0 */
/* What one policy said, said again by another one that asks and says the same. */
#include "policies/findings.h"

#include <string.h>

void tfr_saying_begin(const struct tfr_findings_builder *out, struct tfr_saying *saying)
{
    const struct tfr_findings *findings = out->out;

    *saying = (struct tfr_saying){ .policy = out->policy,
                                   .row = findings->row_count,
                                   .name = findings->row_name_count,
                                   .finding = findings->count };
}

void tfr_saying_end(struct tfr_findings_builder *out, struct tfr_saying *saying)
{
    const struct tfr_findings *findings = out->out;

    tfr_findings_seal(out);
    saying->row_count = findings->row_count - saying->row;
    saying->name_count = findings->row_name_count - saying->name;
    saying->finding_count = findings->count - saying->finding;
}

static void repeat_rows(struct tfr_findings_builder *out, const struct tfr_saying *saying)
{
    struct tfr_findings *findings = out->out;
    struct tfr_verdict_row *to;

    tfr_findings_room(out, saying->row_count);
    to = findings->rows + findings->row_count;
    memcpy(to, findings->rows + saying->row, saying->row_count * sizeof *to);
    for (size_t i = 0; i < saying->row_count; i++)
        to[i].policy = out->row.policy;
    findings->row_count += saying->row_count;
}

static void repeat_names(struct tfr_findings_builder *out, const struct tfr_saying *saying,
                         size_t rows_between)
{
    struct tfr_findings *findings = out->out;

    findings->row_names =
        tfr_grow(findings->row_names, &out->row_name_cap,
                 findings->row_name_count + saying->name_count, sizeof *findings->row_names);
    for (size_t i = 0; i < saying->name_count; i++) {
        struct tfr_row_name name = findings->row_names[saying->name + i];

        name.row += rows_between;
        findings->row_names[findings->row_name_count++] = name;
    }
}

static void repeat_findings(struct tfr_findings_builder *out, const struct tfr_saying *saying,
                            size_t rows_between)
{
    struct tfr_findings *findings = out->out;
    struct tfr_finding *to;

    findings->at = tfr_grow(findings->at, &out->cap, findings->count + saying->finding_count,
                            sizeof *findings->at);
    to = findings->at + findings->count;
    if (saying->finding_count > 0)
        memcpy(to, findings->at + saying->finding, saying->finding_count * sizeof *to);
    for (size_t i = 0; i < saying->finding_count; i++) {
        to[i].policy = out->policy;
        to[i].place = out->row.policy;
        to[i].row += rows_between;
        if (to[i].message == saying->policy->title)
            to[i].message = out->policy->title;
    }
    findings->count += saying->finding_count;
}

void tfr_saying_repeat(struct tfr_findings_builder *out, const struct tfr_saying *saying)
{
    const size_t rows_between = out->out->row_count - saying->row;

    if (saying->row_count == 0)
        return;
    tfr_findings_seal(out);
    repeat_rows(out, saying);
    repeat_names(out, saying, rows_between);
    repeat_findings(out, saying, rows_between);
    out->last_is_finding = false;
}
