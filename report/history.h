/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_REPORT_HISTORY_H
#define TFR_REPORT_HISTORY_H

#include "report/report.h"
#include "report/sqlite.h"

/* The schema's version, in SQLite's user_version. */
#define TFR_HISTORY_VERSION 1

/* Opens the file and checks that it is a history. `write`: makes it if it is empty.
 * @return yours: sqlite3_close(); NULL on failure. SQLite is loaded then */
sqlite3 *tfr_history_database(const char *file, bool write, struct tfr_error *err);
/* Prepares a statement of our own; a statement that SQLite does not take is a broken file. */
sqlite3_stmt *tfr_history_prepare(sqlite3 *database, const char *sql, const char *file,
                                  struct tfr_error *err);

#endif
