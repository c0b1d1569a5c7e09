/* SPDX-License-Identifier: Apache-2.0 */
/* SQLite, loaded when a history is opened: other runs need not wait for it. */
#ifndef TFR_REPORT_SQLITE_H
#define TFR_REPORT_SQLITE_H

#include "base/base.h"

#include <sqlite3.h>

#define TFR_SQLITE_FUNCTIONS(FUNCTION) \
    FUNCTION(sqlite3_bind_int)         \
    FUNCTION(sqlite3_bind_int64)       \
    FUNCTION(sqlite3_bind_null)        \
    FUNCTION(sqlite3_bind_text)        \
    FUNCTION(sqlite3_busy_timeout)     \
    FUNCTION(sqlite3_close)            \
    FUNCTION(sqlite3_column_int)       \
    FUNCTION(sqlite3_column_text)      \
    FUNCTION(sqlite3_errmsg)           \
    FUNCTION(sqlite3_exec)             \
    FUNCTION(sqlite3_finalize)         \
    FUNCTION(sqlite3_open_v2)          \
    FUNCTION(sqlite3_prepare_v2)       \
    FUNCTION(sqlite3_reset)            \
    FUNCTION(sqlite3_step)

/* Each function under its own name. */
struct tfr_sqlite {
#define TFR_FUNCTION(name) __typeof__(name) *name;
    TFR_SQLITE_FUNCTIONS(TFR_FUNCTION)
#undef TFR_FUNCTION
};

/* To be called before `tfr_sqlite` is used. @return false: TFR_E_IO "history.library" */
bool tfr_sqlite_load(struct tfr_error *err) TFR_CHECKED;

extern struct tfr_sqlite tfr_sqlite;

#endif
