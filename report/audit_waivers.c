/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers of an audit: lines say which ones stood for a finding, whatever process or run wrote
 * them; those that no line names have no use. */
#include "report/audit.h"
#include "report/build.h"

#include <string.h>

void tfr_audit_waiver_key(const struct tfr_waiver *waiver, struct tfr_buf *out)
{
    tfr_buf_printf(out, "%s for %s, %s, until %s", waiver->policy, waiver->address, waiver->owner,
                   waiver->expires);
    if (waiver->input != NULL)
        tfr_buf_printf(out, ", in %s", waiver->input);
    if (!waiver->any_environment)
        tfr_buf_printf(out, ", in %s", tfr_environment_name(waiver->environment));
}

static uint64_t documents_of(const struct tfr_audit *audit, const struct tfr_waiver *waiver)
{
    const struct tfr_sym *name;
    struct tfr_buf key = { 0 };

    tfr_audit_waiver_key(waiver, &key);
    name = tfr_names_find(audit->waivers_used.names, tfr_buf_text(&key), key.len);
    tfr_buf_fini(&key);
    return name != NULL && name->id < audit->waivers_used.count
               ? audit->waivers_used.at[name->id].documents
               : 0;
}

void tfr_audit_add_waivers(struct tfr_audit *audit, const struct tfr_waivers *waivers)
{
    size_t count = 0;
    const struct tfr_waiver *all = tfr_waivers_at(waivers, &count);

    audit->waivers = tfr_arena_zalloc(&audit->arena, (count + 1) * sizeof *audit->waivers);
    for (size_t i = 0; i < count; i++) {
        const struct tfr_waiver *waiver = &all[i];
        struct tfr_audit_waiver *out = &audit->waivers[audit->waiver_count++];

        *out = (struct tfr_audit_waiver){
            .policy = tfr_report_copy(&audit->arena, waiver->policy),
            .address = tfr_report_copy(&audit->arena, waiver->address),
            .owner = tfr_report_copy(&audit->arena, waiver->owner),
            .expires = tfr_report_copy(&audit->arena, waiver->expires),
            .file = tfr_report_copy(&audit->arena, waiver->file),
            .line = waiver->line,
            .documents = documents_of(audit, waiver),
        };
        out->state =
            out->documents == 0 ? TFR_WAIVER_UNUSED
            : audit->options.as_of[0] != '\0' && strcmp(out->expires, audit->options.as_of) < 0
                ? TFR_WAIVER_EXPIRED
                : TFR_WAIVER_USED;
        audit->idle_waivers += out->state != TFR_WAIVER_USED;
    }
}

void tfr_audit_waiver_words(const struct tfr_audit_waiver *waiver, struct tfr_buf *out)
{
    if (waiver->state == TFR_WAIVER_EXPIRED)
        tfr_buf_printf(out, "waives nothing since %s: ask %s", waiver->expires, waiver->owner);
    else
        tfr_buf_puts(out, "matches no finding: it can go");
}
