/* SPDX-License-Identifier: Apache-2.0 */
/* Parts of the HTML report that stand in files of their own. */
#ifndef TFR_REPORT_HTML_H
#define TFR_REPORT_HTML_H

#include "report/report.h"

void tfr_html_code(struct tfr_buf *out, const char *text);
/* Drawings of what depends on what is destroyed; nothing if nothing is. */
void tfr_html_picture(struct tfr_buf *out, const struct tfr_report *report);
/* Categories, every lost point, coverage. */
void tfr_html_score(struct tfr_buf *out, const struct tfr_report *report);
void tfr_html_not_assessed(struct tfr_buf *out, const struct tfr_report *report);

#endif
