/* SPDX-License-Identifier: Apache-2.0 */
/* One line on standard error that says how far the reading is, where somebody waits and watches. */
#ifndef TFR_CLI_PROGRESS_H
#define TFR_CLI_PROGRESS_H

#include "base/base.h"

#define CLI_PROGRESS_AFTER 1000 /* milliseconds of silence at the start */
#define CLI_PROGRESS_EVERY 200  /* milliseconds between two lines */

/** How far it is. Zero is a line that is never shown. */
struct cli_progress {
    bool on;              /* somebody watches */
    bool shown;           /* there is a line to take away */
    int64_t started, due; /* milliseconds of one clock */
    uint64_t bytes;       /* of text, unpacked */
    uint64_t documents;   /* that were judged or refused */
};

/** True if the line is to be written anew at `now`: then it is due again a while later. */
bool cli_progress_is_due(struct cli_progress *progress, int64_t now);
/** "12 documents, 1234 MB read". */
void cli_progress_text(const struct cli_progress *progress, struct tfr_buf *out);

/** From now on work is done that may take long. @param wanted false: nothing is ever shown, as when
 * standard error is no terminal */
void cli_progress_start(bool wanted);
void cli_progress_bytes(uint64_t bytes);
void cli_progress_document(void);
/** Takes the line away, before something else is written. */
void cli_progress_clear(void);

#endif
