/* SPDX-License-Identifier: Apache-2.0 */
/* What a history of audits tells. */
#include "report/gen.h"
#include "report/history.h"

#include <string.h>

/* Findings of a kind that the text names, the rest is counted. */
#define SHOWN 30

struct trend {
    sqlite3 *database;
    const char *file;
    char newest[11], before[11]; /* before: "" if there is nothing to compare with */
    FILE *out;
    yajl_gen gen; /* NULL: text */
    struct tfr_error *err;
};

/* Open findings of one day that another day does not have; the day on which each first came. */
#define ONLY_IN                                                                      \
    "SELECT f.severity, f.policy, f.title, f.name, f.address,"                       \
    " (SELECT min(g.day) FROM findings g WHERE g.name = f.name AND g.fingerprint = " \
    "f.fingerprint),"                                                                \
    " f.since, NULL FROM findings f WHERE f.day = ?1 AND f.state = 'open'"           \
    " AND NOT EXISTS (SELECT 1 FROM findings g WHERE g.name = f.name AND"            \
    " g.fingerprint = f.fingerprint AND g.day = ?2 AND g.state = 'open')"
#define BY_WEIGHT " ORDER BY f.severity, f.policy, f.name, f.address, f.number"
static const char only_in[] = ONLY_IN BY_WEIGHT;

/* Nothing is gone of a document that nobody could judge since. */
static const char gone[] = ONLY_IN
    " AND EXISTS (SELECT 1 FROM documents d WHERE d.day = ?2 AND d.name = f.name AND d.error IS"
    " NULL)" BY_WEIGHT;

/* Documents that were judged, and are unreadable now or not among the documents. */
static const char not_judged[] =
    "SELECT d.name, (SELECT n.error FROM documents n WHERE n.day = ?2 AND n.name = d.name)"
    " FROM documents d WHERE d.day = ?1 AND d.error IS NULL AND NOT EXISTS (SELECT 1 FROM documents"
    " n WHERE n.day = ?2 AND n.name = d.name AND n.error IS NULL) ORDER BY d.name";

/* What stands longest comes first. */
static const char standing[] =
    "SELECT f.severity, f.policy, f.title, f.name, f.address,"
    " (SELECT min(g.day) FROM findings g WHERE g.name = f.name AND g.fingerprint = f.fingerprint)"
    " AS first, f.since, (SELECT g.severity FROM findings g WHERE g.name = f.name AND"
    " g.fingerprint = f.fingerprint AND g.day = ?2 AND g.state = 'open' ORDER BY g.number LIMIT 1)"
    " FROM findings f WHERE f.day = ?1 AND f.state = 'open'"
    " AND EXISTS (SELECT 1 FROM findings g WHERE g.name = f.name AND"
    " g.fingerprint = f.fingerprint AND g.day = ?2 AND g.state = 'open')"
    " ORDER BY first, f.severity, f.policy, f.name, f.address, f.number";

static const char *column(sqlite3_stmt *statement, int at)
{
    return (const char *)tfr_sqlite.sqlite3_column_text(statement, at);
}

static void put(FILE *out, const char *text)
{
    struct tfr_buf safe = { 0 };

    if (text != NULL)
        tfr_buf_add_safe(&safe, text, strlen(text));
    (void)fputs(tfr_buf_text(&safe), out);
    tfr_buf_fini(&safe);
}

static void write_document(const struct trend *trend, sqlite3_stmt *row)
{
    if (trend->gen != NULL) {
        tfr_gen_open(trend->gen, NULL);
        tfr_gen_text(trend->gen, "document", column(row, 0));
        tfr_gen_text(trend->gen, "error", column(row, 1));
        tfr_gen_close(trend->gen);
        return;
    }
    (void)fputs("  ", trend->out);
    put(trend->out, column(row, 0));
    (void)fputs("  ", trend->out);
    put(trend->out, column(row, 1) != NULL ? column(row, 1) : "not among the documents");
    (void)fputc('\n', trend->out);
}

static void write_row(const struct trend *trend, sqlite3_stmt *row)
{
    static const char *const names[] = { "severity", "policy", "title", "document",
                                         "address",  "first",  "since", "before" };

    if (trend->gen != NULL) {
        tfr_gen_open(trend->gen, NULL);
        for (int i = 0; i < 8; i++)
            tfr_gen_text(trend->gen, names[i], column(row, i));
        tfr_gen_close(trend->gen);
        return;
    }
    (void)fputs("  ", trend->out);
    put(trend->out, column(row, 5));
    if (column(row, 7) != NULL && strcmp(column(row, 7), column(row, 0)) != 0) {
        (void)fputs("  was ", trend->out);
        put(trend->out, column(row, 7));
        (void)fputs(", now", trend->out);
    }
    for (int i = 0; i < 5; i++) {
        (void)fputs("  ", trend->out);
        put(trend->out, column(row, i));
    }
    if (column(row, 6) != NULL) {
        (void)fputs("  (object since ", trend->out);
        put(trend->out, column(row, 6));
        (void)fputc(')', trend->out);
    }
    (void)fputc('\n', trend->out);
}

struct list {
    const char *sql, *name, *title;
    const char *in, *other; /* days */
    void (*write)(const struct trend *trend, sqlite3_stmt *row);
};

static bool write_list(const struct trend *trend, const struct list *list)
{
    sqlite3_stmt *statement =
        tfr_history_prepare(trend->database, list->sql, trend->file, trend->err);
    size_t count = 0;

    if (statement == NULL)
        return false;
    (void)tfr_sqlite.sqlite3_bind_text(statement, 1, list->in, -1, SQLITE_STATIC);
    (void)tfr_sqlite.sqlite3_bind_text(statement, 2, list->other, -1, SQLITE_STATIC);
    if (trend->gen != NULL)
        tfr_gen_open_list(trend->gen, list->name);
    else
        (void)fprintf(trend->out, "\n%s\n", list->title);
    while (tfr_sqlite.sqlite3_step(statement) == SQLITE_ROW) {
        if (trend->gen != NULL || count < SHOWN)
            list->write(trend, statement);
        count++;
    }
    if (trend->gen != NULL)
        tfr_gen_close_list(trend->gen);
    else if (count == 0)
        (void)fputs("  none\n", trend->out);
    else if (count > SHOWN)
        (void)fprintf(trend->out, "  and %zu more\n", count - SHOWN);
    return tfr_sqlite.sqlite3_finalize(statement) == SQLITE_OK ||
           tfr_fail(trend->err, TFR_E_IO, "history.open", "the history is broken");
}

/* A day out of the history, "" if there is none. */
static bool find_day(const struct trend *trend, const char *sql, const char *bound, char day[11])
{
    sqlite3_stmt *statement = tfr_history_prepare(trend->database, sql, trend->file, trend->err);

    if (statement == NULL)
        return false;
    if (bound != NULL)
        (void)tfr_sqlite.sqlite3_bind_text(statement, 1, bound, -1, SQLITE_STATIC);
    if (tfr_sqlite.sqlite3_step(statement) == SQLITE_ROW && column(statement, 0) != NULL)
        (void)snprintf(day, 11, "%s", column(statement, 0));
    (void)tfr_sqlite.sqlite3_finalize(statement);
    return true;
}

static bool find_days(struct trend *trend, const struct tfr_trend_options *options)
{
    if (!find_day(trend, "SELECT max(day) FROM documents", NULL, trend->newest))
        return false;
    return options->since != NULL
               ? find_day(trend, "SELECT max(day) FROM documents WHERE day <= ?1", options->since,
                          trend->before)
               : find_day(trend, "SELECT max(day) FROM documents WHERE day < ?1", trend->newest,
                          trend->before);
}

static bool write_all(const struct trend *trend)
{
    const char *now = trend->newest;
    const char *then = trend->before;
    const struct list lists[] = {
        { only_in, "new", "NEW", now, then, write_row },
        { gone, "gone", "GONE", then, now, write_row },
        { standing, "standing", "STILL THERE, longest first", now, then, write_row },
        { not_judged, "not_judged", "NOT JUDGED ANY MORE", then, now, write_document },
    };

    if (trend->gen != NULL) {
        tfr_gen_open(trend->gen, NULL);
        tfr_gen_text(trend->gen, "schema", "tfready/trend/1");
        tfr_gen_text(trend->gen, "day", trend->newest);
        tfr_gen_text(trend->gen, "since", trend->before[0] != '\0' ? trend->before : NULL);
    } else {
        (void)fprintf(trend->out, "TREND  %s against %s\n", trend->newest,
                      trend->before[0] != '\0' ? trend->before : "nothing before it");
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (!write_list(trend, &lists[i]))
            return false;
    }
    if (trend->gen != NULL)
        tfr_gen_close(trend->gen);
    return true;
}

bool tfr_trend_write(const char *file, const struct tfr_trend_options *options, FILE *out,
                     struct tfr_error *err)
{
    struct trend trend = { .file = file, .out = out, .err = err };
    bool ok;

    trend.database = tfr_history_database(file, false, err);
    if (trend.database == NULL)
        return false;
    ok = find_days(&trend, options);
    if (ok && trend.newest[0] == '\0') {
        (void)tfr_fail(err, TFR_E_SCHEMA, "history.empty", "the history holds no audit");
        tfr_fail_file(err, file);
        ok = false;
    }
    if (ok && options->json)
        trend.gen = tfr_gen_new(out, true);
    ok = ok && write_all(&trend);
    if (trend.gen != NULL)
        tfr_gen_end(trend.gen);
    (void)tfr_sqlite.sqlite3_close(trend.database);
    return ok;
}
