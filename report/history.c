/* SPDX-License-Identifier: Apache-2.0 */
/* Earlier audits, in one file. */
#include "report/history.h"

#include "report/audit.h"

#include <string.h>

/* Documents of one transaction: whole ones, whenever the program is killed. */
#define BATCH 200

/* How long to wait for another writer, milliseconds. */
#define PATIENCE 30000

struct tfr_history {
    sqlite3 *database;
    sqlite3_stmt *drop, *document, *finding;
    char file[320];
    char day[11];
    unsigned pending;
};

static const char schema[] =
    "CREATE TABLE documents (day TEXT NOT NULL, name TEXT NOT NULL, exit_code INTEGER NOT NULL,"
    " score INTEGER, resources INTEGER NOT NULL, error TEXT, PRIMARY KEY (day, name)) WITHOUT "
    "ROWID;"
    "CREATE TABLE findings (day TEXT NOT NULL, name TEXT NOT NULL, policy TEXT NOT NULL,"
    " severity TEXT NOT NULL, state TEXT NOT NULL, address TEXT NOT NULL, fingerprint TEXT NOT "
    "NULL,"
    " title TEXT, since TEXT, number INTEGER NOT NULL,"
    " PRIMARY KEY (day, name, fingerprint, number)) WITHOUT ROWID;"
    "CREATE INDEX findings_by_fingerprint ON findings (name, fingerprint, day);"
    "PRAGMA user_version = 1;";

static bool failed(struct tfr_error *err, const char *file, const char *id, sqlite3 *database)
{
    (void)tfr_fail(err, TFR_E_IO, id, "the history cannot be used: %s",
                   database != NULL ? tfr_sqlite.sqlite3_errmsg(database) : "no memory");
    tfr_fail_file(err, file);
    return false;
}

static bool run(sqlite3 *database, const char *sql)
{
    return tfr_sqlite.sqlite3_exec(database, sql, NULL, NULL, NULL) == SQLITE_OK;
}

/* The one number that a statement answers with, -1 if it does not. */
static int ask(sqlite3 *database, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int number = -1;

    if (tfr_sqlite.sqlite3_prepare_v2(database, sql, -1, &statement, NULL) == SQLITE_OK &&
        tfr_sqlite.sqlite3_step(statement) == SQLITE_ROW)
        number = tfr_sqlite.sqlite3_column_int(statement, 0);
    (void)tfr_sqlite.sqlite3_finalize(statement);
    return number;
}

static int version_of(sqlite3 *database)
{
    return ask(database, "PRAGMA user_version");
}

/* Nothing was ever written: a new file, or one whose first writer was killed at once. Somebody
 * else's database has no version of ours either, but tables. */
static bool is_empty(sqlite3 *database)
{
    return version_of(database) == 0 && ask(database, "SELECT count(*) FROM sqlite_master") == 0;
}

/* A new file: two that make it at once must not both do so. */
static bool make_schema(sqlite3 *database)
{
    if (!run(database, "BEGIN IMMEDIATE"))
        return false;
    if (version_of(database) == TFR_HISTORY_VERSION)
        return run(database, "ROLLBACK");
    return run(database, schema) && run(database, "COMMIT");
}

sqlite3 *tfr_history_database(const char *file, bool write, struct tfr_error *err)
{
    /* Readers may write too: what a killed writer left half done is taken back by the next one. */
    const int flags = SQLITE_OPEN_READWRITE | (write ? SQLITE_OPEN_CREATE : 0);
    sqlite3 *database = NULL;
    int version;

    if (!tfr_sqlite_load(err))
        return NULL;
    if (tfr_sqlite.sqlite3_open_v2(file, &database, flags, NULL) != SQLITE_OK ||
        tfr_sqlite.sqlite3_busy_timeout(database, PATIENCE) != SQLITE_OK ||
        version_of(database) < 0 || (write && is_empty(database) && !make_schema(database))) {
        (void)failed(err, file, "history.open", database);
        (void)tfr_sqlite.sqlite3_close(database);
        return NULL;
    }
    version = version_of(database);
    if (version == TFR_HISTORY_VERSION)
        return database;
    if (is_empty(database))
        (void)tfr_fail(err, TFR_E_SCHEMA, "history.empty", "the history holds no audit");
    (void)tfr_fail(err, TFR_E_SCHEMA, "history.schema",
                   "this is no history of tfready, or one of another version (%d)", version);
    (void)tfr_fail_hint(err, "tfready audit --history FILE makes one");
    tfr_fail_file(err, file);
    (void)tfr_sqlite.sqlite3_close(database);
    return NULL;
}

sqlite3_stmt *tfr_history_prepare(sqlite3 *database, const char *sql, const char *file,
                                  struct tfr_error *err)
{
    sqlite3_stmt *statement = NULL;

    if (tfr_sqlite.sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK)
        (void)failed(err, file, "history.open", database);
    return statement;
}

/* ---- writing -----------------------------------------------------------------------------------
 */

static void free_history(struct tfr_history *history)
{
    (void)tfr_sqlite.sqlite3_finalize(history->drop);
    (void)tfr_sqlite.sqlite3_finalize(history->document);
    (void)tfr_sqlite.sqlite3_finalize(history->finding);
    (void)tfr_sqlite.sqlite3_close(history->database);
    tfr_free(history);
}

struct tfr_history *tfr_history_open(const char *file, const char *day, struct tfr_error *err)
{
    struct tfr_history *history = tfr_calloc(1, sizeof *history);

    (void)snprintf(history->file, sizeof history->file, "%s", file);
    (void)snprintf(history->day, sizeof history->day, "%s", day);
    history->database = tfr_history_database(file, true, err);
    if (history->database == NULL) {
        tfr_free(history);
        return NULL;
    }
    history->drop = tfr_history_prepare(
        history->database, "DELETE FROM findings WHERE day = ?1 AND name = ?2", file, err);
    history->document = tfr_history_prepare(
        history->database, "INSERT OR REPLACE INTO documents VALUES (?1, ?2, ?3, ?4, ?5, ?6)", file,
        err);
    history->finding = tfr_history_prepare(
        history->database, "INSERT INTO findings VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        file, err);
    if (err->code == TFR_OK)
        return history;
    free_history(history);
    return NULL;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text)
{
    if (text == NULL)
        (void)tfr_sqlite.sqlite3_bind_null(statement, at);
    else
        (void)tfr_sqlite.sqlite3_bind_text(statement, at, text, -1, SQLITE_TRANSIENT);
}

static bool step(sqlite3_stmt *statement)
{
    const bool done = tfr_sqlite.sqlite3_step(statement) == SQLITE_DONE;

    return tfr_sqlite.sqlite3_reset(statement) == SQLITE_OK && done;
}

static const char *or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static bool put_finding(struct tfr_history *history, const struct tfr_audit_record *record,
                        size_t number)
{
    const struct tfr_audit_finding *finding = &record->findings[number];
    sqlite3_stmt *statement = history->finding;

    bind_text(statement, 1, history->day);
    bind_text(statement, 2, record->name);
    bind_text(statement, 3, finding->policy);
    bind_text(statement, 4, or_empty(finding->severity));
    bind_text(statement, 5, finding->open ? "open" : finding->undecided ? "undecided" : "accepted");
    bind_text(statement, 6, or_empty(finding->address));
    bind_text(statement, 7, or_empty(finding->fingerprint));
    bind_text(statement, 8, finding->title);
    bind_text(statement, 9, finding->since);
    (void)tfr_sqlite.sqlite3_bind_int64(statement, 10, (sqlite3_int64)number);
    return step(statement);
}

static bool put_document(struct tfr_history *history, const struct tfr_audit_record *record)
{
    sqlite3_stmt *statement = history->document;

    bind_text(history->drop, 1, history->day);
    bind_text(history->drop, 2, record->name);
    bind_text(statement, 1, history->day);
    bind_text(statement, 2, record->name);
    (void)tfr_sqlite.sqlite3_bind_int(statement, 3, record->exit_code);
    if (record->score >= 0)
        (void)tfr_sqlite.sqlite3_bind_int(statement, 4, record->score);
    else
        (void)tfr_sqlite.sqlite3_bind_null(statement, 4);
    (void)tfr_sqlite.sqlite3_bind_int64(statement, 5, record->resources);
    bind_text(statement, 6, record->error);
    if (!step(history->drop) || !step(statement))
        return false;
    for (size_t i = 0; i < record->finding_count; i++) {
        if (!put_finding(history, record, i))
            return false;
    }
    return true;
}

static bool commit(struct tfr_history *history, struct tfr_error *err)
{
    if (history->pending == 0 || run(history->database, "COMMIT")) {
        history->pending = 0;
        return true;
    }
    return failed(err, history->file, "history.write", history->database);
}

bool tfr_history_add(struct tfr_history *history, const char *line, size_t len,
                     struct tfr_error *err)
{
    struct tfr_arena arena = { 0 };
    struct tfr_audit_record record;
    bool ok = tfr_audit_read(line, len, false, &arena, &record, err);

    if (ok && history->pending == 0 && !run(history->database, "BEGIN IMMEDIATE"))
        ok = failed(err, history->file, "history.write", history->database);
    if (ok && !put_document(history, &record))
        ok = failed(err, history->file, "history.write", history->database);
    if (ok && ++history->pending == BATCH)
        ok = commit(history, err);
    tfr_arena_free(&arena);
    return ok;
}

bool tfr_history_close(struct tfr_history *history, struct tfr_error *err)
{
    bool ok = true;

    if (history == NULL)
        return true;
    ok = commit(history, err);
    free_history(history);
    return ok;
}
