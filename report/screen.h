/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal, or what is read like one: what the parts of the text report share. */
#ifndef TFR_REPORT_SCREEN_H
#define TFR_REPORT_SCREEN_H

#include "report/sections.h"

enum tfr_color { TFR_PLAIN, TFR_BOLD, TFR_RED, TFR_YELLOW, TFR_GREEN, TFR_DIM };

struct tfr_screen {
    FILE *out;
    const struct tfr_report *report;
    const struct tfr_style *style;
    unsigned width; /* columns */
};

/* What switches a colour on and off: nothing where there is none. */
const char *tfr_screen_start(const struct tfr_screen *writer, enum tfr_color color);
const char *tfr_screen_end(const struct tfr_screen *writer, enum tfr_color color);
enum tfr_color tfr_screen_verdict_color(enum tfr_verdict verdict);
enum tfr_color tfr_screen_section_color(const struct tfr_section *section);
/* Columns of a text: characters, not bytes. */
size_t tfr_screen_columns(const char *text);
/* Writes a text from outside. */
void tfr_screen_put(const struct tfr_screen *writer, enum tfr_color color, const char *text);
/* Writes a text that is broken at blanks, and ends the line; words longer than it (addresses) are
 * left whole. The cursor stands at column `indent`, where each further line begins. */
void tfr_screen_wrap(const struct tfr_screen *writer, const char *text, size_t indent);
/* Writes an input's name; of a long one the end, which tells more, in `room` columns or 20. */
void tfr_screen_input(const struct tfr_screen *writer, const struct tfr_report_input *input,
                      size_t room);

/* The parts of the report: verdict, what now, inputs and changes (text_head.c); a line per policy
 * (text_summary.c); what stands behind the findings (text_tail.c). */
void tfr_text_head(const struct tfr_screen *writer);
void tfr_text_summary(const struct tfr_screen *writer);
void tfr_text_score(const struct tfr_screen *writer);
void tfr_text_passed(const struct tfr_screen *writer);
void tfr_text_end(const struct tfr_screen *writer);
/* "CONDITIONAL GO  79/100", without what belongs to a line. */
void tfr_text_verdict(const struct tfr_screen *writer);

#endif
