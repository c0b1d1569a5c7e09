/* SPDX-License-Identifier: Apache-2.0 */
/* The order in which a readiness review tells things; shared by Markdown and HTML. */
#ifndef TFR_REPORT_SECTIONS_H
#define TFR_REPORT_SECTIONS_H

#include "report/report.h"

struct tfr_section {
    const char *title, *meaning;
    enum tfr_finding_state state;
    enum tfr_severity severity; /* NONE: any */
};

/* The most dangerous first; ends with a NULL title. */
extern const struct tfr_section tfr_report_sections[];

/* How many findings belong to it. */
size_t tfr_section_count(const struct tfr_report *report, const struct tfr_section *section);
/* The first finding of a section at or behind `from`; report->finding_count if there is none. */
size_t tfr_section_next(const struct tfr_report *report, const struct tfr_section *section,
                        size_t from);
/* Behind the last finding of its group. */
size_t tfr_section_group_end(const struct tfr_report *report, size_t first);

/* Findings by input, each input's in the order of the report: what formats with a part per input
 * walk, so that an audit of many documents costs no more than its findings. Findings of input i are
 * report->findings[order[start[i]]] up to start[i + 1]. Rows need none: they come input by input.
 */
struct tfr_by_input {
    size_t *order;
    size_t *start; /* input_count + 1 of them */
};
void tfr_by_input_init(struct tfr_by_input *by, const struct tfr_report *report);
void tfr_by_input_fini(struct tfr_by_input *by);

/* "4.95" of 495 hundredths, with a sign if negative. */
void tfr_report_points(struct tfr_buf *out, int hundredths);
/* "3 to create, 1 to delete; 80 unchanged"; "nothing to change". */
void tfr_report_changes(struct tfr_buf *out, const struct tfr_counts *counts);
/* What evidence `index` names: its path, or the address where there is none; NULL if one before
 * says the same. @param note what is said of it, without its name in front; never NULL */
const char *tfr_report_evidence(const struct tfr_report_finding *finding, size_t index,
                                const char **note);
/* One sentence or two: what the verdict asks of whoever reads it. */
void tfr_report_next_step(struct tfr_buf *out, const struct tfr_report *report);
/* True if nothing before told what depends on this subject. */
bool tfr_report_blast_is_new(const struct tfr_report *report, size_t index);

#endif
