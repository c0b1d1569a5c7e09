/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_REPORT_JSON_H
#define TFR_REPORT_JSON_H

#include "report/report.h"

/** Writes the report of docs/report.schema.json, indented, with a line end behind it. */
void tfr_report_write_json(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out);
/** The report for people on a terminal. */
void tfr_report_write_text(const struct tfr_report *report, const struct tfr_style *style,
                           FILE *out);

#endif
