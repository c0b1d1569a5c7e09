/* SPDX-License-Identifier: Apache-2.0 */
/* A report, read back to be compared. */
#ifndef TFR_REPORT_DIFF_H
#define TFR_REPORT_DIFF_H

#include "report/gen.h"
#include "report/report.h"

/* A finding of a report. Texts are arena. */
struct tfr_diff_row {
    const char *fingerprint, *policy, *severity, *state, *address, *title;
};

struct tfr_diff_side {
    const char *verdict;
    long long score;         /* -1: none */
    struct tfr_diff_row *at; /* sorted by fingerprint, the gravest of each first */
    size_t count;
};

/* Reads the JSON of a report; all of it is arena. Error: TFR_E_SCHEMA "diff.report". */
bool tfr_diff_read(struct tfr_arena *arena, const struct tfr_buf *text, struct tfr_diff_side *side,
                   struct tfr_error *err) TFR_CHECKED;
/* What was found of an object that has another address now is taken for the finding of that policy
 * there: `old` gets its fingerprint. `arena` for what it needs meanwhile. */
void tfr_diff_follow(struct tfr_arena *arena, struct tfr_diff_side *old,
                     const struct tfr_diff_side *now, const struct tfr_state_diff *states);
/* enum tfr_severity of a name. */
int tfr_diff_severity(const char *name);
/* 0 no row, 1 undecided, 2 accepted or cosmetic, 3 open. */
int tfr_diff_state(const struct tfr_diff_row *row);

/* What became of the objects of two states, below the findings of a comparison. */
void tfr_diff_write_objects_text(const struct tfr_state_diff *states, struct tfr_buf *out);
void tfr_diff_write_objects_markdown(const struct tfr_state_diff *states, struct tfr_buf *out);
/* Writes the member `objects` into the open object of `gen`. */
void tfr_diff_write_objects_json(const struct tfr_state_diff *states, yajl_gen gen);

#endif
