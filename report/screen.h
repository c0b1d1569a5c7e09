/* SPDX-License-Identifier: Apache-2.0 */
/* A terminal, or what is read like one: what the parts of the text report share. */
#ifndef TFR_REPORT_SCREEN_H
#define TFR_REPORT_SCREEN_H

#include "report/report.h"

enum tfr_color { TFR_PLAIN, TFR_BOLD, TFR_RED, TFR_YELLOW, TFR_GREEN, TFR_DIM };

struct tfr_screen {
    FILE *out;
    const struct tfr_report *report;
    const struct tfr_style *style;
    unsigned width;
};

/* What switches a colour on and off: nothing where there is none. */
const char *tfr_screen_start(const struct tfr_screen *writer, enum tfr_color color);
const char *tfr_screen_end(const struct tfr_screen *writer, enum tfr_color color);
/* Writes a text from outside. */
void tfr_screen_put(const struct tfr_screen *writer, enum tfr_color color, const char *text);

/* The parts behind the findings (text_tail.c). */
void tfr_text_remarks(const struct tfr_screen *writer);
void tfr_text_score(const struct tfr_screen *writer);
void tfr_text_passed(const struct tfr_screen *writer);

#endif
