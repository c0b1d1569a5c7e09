/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text from outside, quoted for one syntax each. All of them go through tfr_buf_add_safe() first,
 * so control characters and bidirectional overrides never arrive. NULL adds nothing.
 */
#ifndef TFR_REPORT_ESCAPE_H
#define TFR_REPORT_ESCAPE_H

#include "report/report.h"

/* What is safe already, with escapes for all that is not ASCII. */
void tfr_escape_ascii(struct tfr_buf *out, const char *safe);
/* HTML and XML, in text and in quoted attributes. */
void tfr_escape_xml(struct tfr_buf *out, const char *text);
/* Running text of Markdown: nothing in it is markup, a mention or HTML. At most `limit` bytes of
 * `text` (0: all), then "...". */
void tfr_escape_markdown(struct tfr_buf *out, const char *text, size_t limit);
/* The same as a code span; `cell`: inside a table. */
void tfr_escape_markdown_code(struct tfr_buf *out, const char *text, size_t limit, bool cell);
/* A label of Mermaid, without its quotes. */
void tfr_escape_mermaid(struct tfr_buf *out, const char *text, size_t limit);
/* A cell of RFC 4180 that no spreadsheet takes for a formula, quoted where necessary. */
void tfr_escape_csv(struct tfr_buf *out, const char *text);
/* Workflow commands; `property`: of ::error title=HERE:: */
void tfr_escape_github(struct tfr_buf *out, const char *text, bool property);
/* The value of a label in Prometheus' text format, without its quotes. */
void tfr_escape_label(struct tfr_buf *out, const char *text);
/* A file's name as a relative URI reference (RFC 3986); "stdin" for "-". */
void tfr_escape_uri(struct tfr_buf *out, const char *name);

/* "plan.json", "archive.tar: member", "standard input". */
void tfr_report_input_name(struct tfr_buf *out, const struct tfr_report_input *input);
/* What a finding is about: its address, or words for the whole document. Never NULL. */
const char *tfr_report_subject(const struct tfr_report_finding *finding);

#endif
