/* SPDX-License-Identifier: Apache-2.0 */
/* GitLab's code quality report: a list of issues. Findings that do not count (waived, cosmetic) are
 * listed as info. */
#include "report/escape.h"
#include "report/gen.h"
#include "report/writers.h"

#include <stdlib.h>
#include <string.h>

static const char *severity_of(const struct tfr_report_finding *finding)
{
    if (finding->state == TFR_WAIVED || finding->state == TFR_COSMETIC)
        return "info";
    if (finding->state == TFR_STATE_UNDECIDED)
        return "minor";
    return finding->severity == TFR_P0   ? "blocker"
           : finding->severity == TFR_P1 ? "major"
           : finding->severity == TFR_P2 ? "minor"
                                         : "info";
}

/* A finding and how many before it have its fingerprint: instances of one block may share it. */
struct place {
    const struct tfr_report_finding *finding;
    size_t before;
};

static int by_fingerprint(const void *left, const void *right)
{
    const struct tfr_report_finding *a = ((const struct place *)left)->finding;
    const struct tfr_report_finding *b = ((const struct place *)right)->finding;
    const int order = strcmp(a->fingerprint, b->fingerprint);

    if (order != 0)
        return order;
    if (a->input != b->input)
        return a->input < b->input ? -1 : 1;
    return a < b ? -1 : a > b;
}

static int by_report(const void *left, const void *right)
{
    const struct tfr_report_finding *a = ((const struct place *)left)->finding;
    const struct tfr_report_finding *b = ((const struct place *)right)->finding;

    return a < b ? -1 : a > b;
}

/* Yours: a place for each finding, in the order of the report. */
static struct place *count_places(const struct tfr_report *report)
{
    struct place *places = tfr_calloc(report->finding_count, sizeof *places);

    for (size_t i = 0; i < report->finding_count; i++)
        places[i].finding = &report->findings[i];
    if (report->finding_count == 0)
        return places;
    qsort(places, report->finding_count, sizeof *places, by_fingerprint);
    for (size_t i = 1; i < report->finding_count; i++) {
        const struct tfr_report_finding *last = places[i - 1].finding;

        if (last->input == places[i].finding->input &&
            strcmp(last->fingerprint, places[i].finding->fingerprint) == 0)
            places[i].before = places[i - 1].before + 1;
    }
    qsort(places, report->finding_count, sizeof *places, by_report);
    return places;
}

/* GitLab shows one issue of a fingerprint alone: those of other inputs and instances get an end of
 * their own. */
static void add_fingerprint(yajl_gen gen, const struct tfr_report *report,
                            const struct place *place)
{
    const struct tfr_report_finding *finding = place->finding;
    const char *name = report->inputs[finding->input].name;
    const char *member = report->inputs[finding->input].member;
    struct tfr_buf text = { 0 };

    tfr_buf_puts(&text, finding->fingerprint);
    if (report->input_count > 1) {
        struct tfr_buf both = { 0 };

        tfr_buf_printf(&both, "%s\n%s", name, member != NULL ? member : "");
        tfr_buf_printf(&text, "-%016llx",
                       (unsigned long long)tfr_hash_stable(0, both.data, both.len));
        tfr_buf_fini(&both);
    }
    if (place->before > 0)
        tfr_buf_printf(&text, "-%zx", place->before);
    tfr_gen_text(gen, "fingerprint", tfr_buf_text(&text));
    tfr_buf_fini(&text);
}

static void write_issue(yajl_gen gen, const struct tfr_report *report, const struct place *place)
{
    const struct tfr_report_finding *finding = place->finding;
    const struct tfr_report_input *input = &report->inputs[finding->input];
    struct tfr_buf text = { 0 };

    if (finding->state != TFR_OPEN)
        tfr_buf_printf(&text, "(%s) ", tfr_finding_state_name(finding->state));
    tfr_buf_printf(&text, "%s %s: %s: %s", tfr_severity_name(finding->severity), finding->title,
                   tfr_report_subject(finding), finding->message);
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "description", tfr_buf_text(&text));
    tfr_gen_text(gen, "check_name", finding->policy);
    add_fingerprint(gen, report, place);
    tfr_gen_text(gen, "severity", severity_of(finding));
    tfr_gen_open(gen, "location");
    tfr_buf_reset(&text);
    tfr_report_input_name(&text, input);
    tfr_gen_file_name(gen, "path", tfr_buf_text(&text));
    tfr_gen_open(gen, "lines");
    tfr_gen_number(gen, "begin", 1);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_gen_close(gen);
    tfr_buf_fini(&text);
}

void tfr_report_write_gitlab(const struct tfr_report *report, const struct tfr_style *style,
                             FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);
    struct place *places = count_places(report);

    (void)style;
    tfr_gen_open_list(gen, NULL);
    for (size_t i = 0; i < report->finding_count; i++)
        write_issue(gen, report, &places[i]);
    tfr_gen_close_list(gen);
    tfr_gen_end(gen);
    tfr_free(places);
}
