/* SPDX-License-Identifier: Apache-2.0 */
/* What a report says besides its findings: settings that changed it, waivers that stand for
 * nothing. */
#include "report/build.h"

#include <string.h>

const char *tfr_report_copy(struct tfr_arena *arena, const char *text)
{
    return text != NULL ? tfr_arena_text(arena, text, strlen(text)) : NULL;
}

const char *const *tfr_report_copy_texts(struct tfr_arena *arena, const char *const *texts)
{
    const char **out;
    size_t count = 0;

    if (texts == NULL)
        return NULL;
    while (texts[count] != NULL)
        count++;
    out = tfr_arena_alloc(arena, (count + 1) * sizeof *out);
    for (size_t i = 0; i < count; i++)
        out[i] = tfr_report_copy(arena, texts[i]);
    out[count] = NULL;
    return out;
}

static const char *remark(struct tfr_arena *arena, const struct tfr_waiver *waiver)
{
    struct tfr_buf text = { 0 };
    const char *out;

    tfr_buf_printf(&text, "%s:%u: %s for %s ", waiver->file, waiver->line, waiver->policy,
                   waiver->address);
    if (waiver->expired)
        tfr_buf_printf(&text, "waives nothing since %s: ask %s", waiver->expires, waiver->owner);
    else
        tfr_buf_puts(&text, "matches no finding: it can go");
    out = tfr_arena_text(arena, text.data, text.len);
    tfr_buf_fini(&text);
    return out;
}

/* What the configuration changed, and waivers that stand for nothing. */
void tfr_report_add_remarks(struct tfr_report *report, const struct tfr_report_options *options)
{
    struct tfr_arena *arena = &report->arena;
    const char **remarks;
    const struct tfr_waiver *waivers = NULL;
    size_t settings;
    size_t count = 0;

    report->configuration =
        tfr_report_copy_texts(arena, tfr_config_remarks(options->config, &settings));
    if (options->waivers != NULL)
        waivers = tfr_waivers_at(options->waivers, &count);
    remarks = tfr_arena_alloc(arena, (settings + count + 1) * sizeof *remarks);
    for (; report->remark_count < settings; report->remark_count++)
        remarks[report->remark_count] = report->configuration[report->remark_count];
    report->remarks = remarks;
    if (options->waivers == NULL)
        return;
    report->waivers = tfr_arena_zalloc(arena, (count + 1) * sizeof *report->waivers);
    for (size_t i = 0; i < count; i++) {
        const struct tfr_waiver *waiver = &waivers[i];

        report->waivers[i] = (struct tfr_report_waiver){
            .policy = tfr_report_copy(arena, waiver->policy),
            .address = tfr_report_copy(arena, waiver->address),
            .owner = tfr_report_copy(arena, waiver->owner),
            .reason = tfr_report_copy(arena, waiver->reason),
            .expires = tfr_report_copy(arena, waiver->expires),
            .file = tfr_report_copy(arena, waiver->file),
            .line = waiver->line,
            .matched = waiver->matched,
            .state = waiver->expired        ? TFR_WAIVER_EXPIRED
                     : waiver->matched == 0 ? TFR_WAIVER_UNUSED
                                            : TFR_WAIVER_USED,
        };
        if (report->waivers[i].state != TFR_WAIVER_USED)
            remarks[report->remark_count++] = remark(arena, waiver);
    }
    report->waiver_count = count;
}
