/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_REPORT_SCORE_H
#define TFR_REPORT_SCORE_H

#include "report/report.h"

/* What a verdict is worth at most. */
#define TFR_NO_GO_CAP 49
#define TFR_CONDITIONAL_CAP 79

/** Scores one document. Ledgers lie in `arena`. Integer arithmetic only: the same everywhere. */
void tfr_score_compute(const struct tfr_findings *findings, struct tfr_arena *arena,
                       struct tfr_score *out);

/** Judges it, and applies the verdict's cap to the score. @param reasons ends with NULL, arena */
enum tfr_verdict tfr_verdict_decide(const struct tfr_document *document,
                                    const struct tfr_findings *findings, struct tfr_arena *arena,
                                    struct tfr_score *score, const char *const **reasons);

/** True if the document holds nothing that could be assessed. */
bool tfr_verdict_is_nothing(const struct tfr_findings *findings);

#endif
