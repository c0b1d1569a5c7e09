/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of making a report that stand in files of their own. */
#ifndef TFR_REPORT_BUILD_H
#define TFR_REPORT_BUILD_H

#include "report/report.h"

/* Copies a text, or a list of them that ends with NULL. NULL gives NULL. Arena. */
const char *tfr_report_copy(struct tfr_arena *arena, const char *text);
const char *const *tfr_report_copy_texts(struct tfr_arena *arena, const char *const *texts);

/* Fills the groups of findings, once they are sorted: sections.c. */
void tfr_report_find_groups(struct tfr_report *report);

/* Fills configuration, remarks and waivers, when all documents were judged. */
void tfr_report_add_remarks(struct tfr_report *report, const struct tfr_report_options *options);

#endif
