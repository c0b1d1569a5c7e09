/* SPDX-License-Identifier: Apache-2.0 */
/* The merge of an audit: lines in any order, the same totals. */
#include "report/audit.h"

#include <stdlib.h>
#include <string.h>

/* ---- rows --------------------------------------------------------------------------------------
 */

/* The worst exit code first, in the order 2, 1, 4, 3, 0. */
static int badness(int exit_code)
{
    static const int order[] = { 0, 3, 4, 1, 2 };

    return exit_code >= 0 && exit_code <= 4 ? order[exit_code] : 5;
}

static int by_number(uint64_t a, uint64_t b)
{
    return a < b ? -1 : a > b;
}

bool tfr_audit_is_binary(const struct tfr_audit_row *row)
{
    return row->error != NULL && strcmp(row->error, "input.foreign.binary-plan") == 0;
}

size_t tfr_audit_named(const struct tfr_audit *audit, size_t most)
{
    size_t count = 0;

    while (count < most && count < audit->unreadable.count &&
           !tfr_audit_is_binary(&audit->unreadable.at[count]))
        count++;
    return count;
}

static int worst_first(const void *a, const void *b)
{
    const struct tfr_audit_row *x = a;
    const struct tfr_audit_row *y = b;
    int order = badness(y->exit_code) - badness(x->exit_code);

    if (order == 0)
        order = (int)tfr_audit_is_binary(x) - (int)tfr_audit_is_binary(y);
    if (order == 0)
        order = by_number(y->p0, x->p0);
    if (order == 0)
        order = by_number(y->p1, x->p1);
    if (order == 0)
        order = x->score - y->score;
    if (order == 0)
        order = by_number(y->p2, x->p2);
    return order != 0 ? order : strcmp(x->name, y->name);
}

static void free_row(struct tfr_audit_row *row)
{
    tfr_free(row->name);
    tfr_free(row->kind);
    tfr_free(row->version);
    tfr_free(row->error);
    tfr_free(row->message);
    tfr_free(row->first);
}

static void sort_rows(struct tfr_audit_rows *rows)
{
    if (rows->count > 0)
        qsort(rows->at, rows->count, sizeof *rows->at, worst_first);
    while (!rows->all && rows->count > TFR_AUDIT_SHOWN)
        free_row(&rows->at[--rows->count]);
}

/* Rows that no table shows are dropped when as many again have come: sorting stays cheap. */
static void add_row(struct tfr_audit_rows *rows, const struct tfr_audit_row *row)
{
    if (!rows->all && rows->count == 2 * (size_t)TFR_AUDIT_SHOWN)
        sort_rows(rows);
    rows->at = tfr_grow(rows->at, &rows->cap, rows->count + 1, sizeof *rows->at);
    rows->at[rows->count++] = *row;
}

static void free_rows(struct tfr_audit_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        free_row(&rows->at[i]);
    tfr_free(rows->at);
}

/* ---- totals ------------------------------------------------------------------------------------
 */

static struct tfr_audit_total *total_of(struct tfr_audit *audit, struct tfr_audit_totals *totals,
                                        const char *text)
{
    const struct tfr_sym *sym = tfr_names_get(totals->names, text, strlen(text));
    struct tfr_audit_total *total;

    while (totals->count <= sym->id) {
        totals->at = tfr_grow(totals->at, &totals->cap, totals->count + 1, sizeof *totals->at);
        totals->at[totals->count++] = (struct tfr_audit_total){ 0 };
    }
    total = &totals->at[sym->id];
    total->text = sym;
    if (total->last != audit->documents) {
        total->last = audit->documents;
        total->documents++;
    }
    return total;
}

/* Counts a text once per document. */
static void add_once(struct tfr_audit *audit, struct tfr_audit_totals *totals, const char *text)
{
    struct tfr_audit_total *total = total_of(audit, totals, text);

    total->count = total->documents;
}

static int by_weight(const void *a, const void *b)
{
    const struct tfr_audit_total *x = a;
    const struct tfr_audit_total *y = b;
    int order = by_number(y->p0, x->p0);

    if (order == 0)
        order = by_number(y->p1, x->p1);
    if (order == 0)
        order = by_number(y->p2, x->p2);
    if (order == 0)
        order = by_number(y->count, x->count);
    return order != 0 ? order : strcmp(x->text->text, y->text->text);
}

static void sort_totals(struct tfr_audit_totals *totals)
{
    size_t count = 0;

    for (size_t i = 0; i < totals->count; i++) {
        if (totals->at[i].text != NULL)
            totals->at[count++] = totals->at[i];
    }
    totals->count = count;
    if (count > 0)
        qsort(totals->at, count, sizeof *totals->at, by_weight);
}

/* ---- one line ----------------------------------------------------------------------------------
 */

static void count_open(struct tfr_audit *audit, struct tfr_audit_row *row,
                       struct tfr_audit_total *policy, struct tfr_audit_total *source,
                       const char *severity)
{
    const bool p0 = severity != NULL && strcmp(severity, "P0") == 0;
    const bool p1 = severity != NULL && strcmp(severity, "P1") == 0;
    const bool p2 = severity != NULL && strcmp(severity, "P2") == 0;

    row->p0 += p0;
    row->p1 += p1;
    row->p2 += p2;
    audit->info += !p0 && !p1 && !p2;
    policy->p0 += p0;
    policy->p1 += p1;
    policy->p2 += p2;
    if (source == NULL)
        return;
    source->p0 += p0;
    source->p1 += p1;
    source->p2 += p2;
}

static void add_finding(struct tfr_audit *audit, struct tfr_audit_row *row,
                        const struct tfr_audit_finding *finding)
{
    struct tfr_audit_total *policy = total_of(audit, &audit->policies, finding->policy);
    struct tfr_audit_total *source = NULL;

    policy->count++;
    if (policy->title == NULL && finding->title != NULL)
        policy->title = tfr_arena_text(&audit->arena, finding->title, strlen(finding->title));
    if (finding->source != NULL) {
        source = total_of(audit, &audit->sources, finding->source);
        source->count++;
    }
    row->undecided += finding->undecided;
    if (finding->hygiene && finding->open) {
        row->left_over++;
        tfr_audit_left_add(&audit->left_overs, row->name, finding);
    }
    if (!finding->open)
        return;
    if (row->first == NULL)
        row->first = tfr_copy_text(finding->policy);
    count_open(audit, row, policy, source, finding->severity);
}

static void add_document(struct tfr_audit *audit, struct tfr_audit_row *row,
                         const struct tfr_audit_record *record)
{
    row->kind = tfr_copy_text(record->kind);
    row->version = tfr_copy_text(record->version);
    row->score = record->score;
    row->resources = record->resources;
    for (size_t i = 0; i < record->finding_count; i++)
        add_finding(audit, row, &record->findings[i]);
    for (size_t i = 0; i < record->provider_count; i++)
        total_of(audit, &audit->providers, record->providers[i].name)->count +=
            record->providers[i].resources;
    for (size_t i = 0; i < record->provider_version_count; i++)
        add_once(audit, &audit->provider_versions, record->provider_versions[i]);
    if (record->version != NULL)
        add_once(audit, &audit->versions, record->version);
    for (size_t i = 0; i < record->waiver_count; i++)
        total_of(audit, &audit->waivers_used, record->waivers[i])->count++;
    audit->p0 += row->p0;
    audit->p1 += row->p1;
    audit->p2 += row->p2;
    audit->undecided += row->undecided;
    audit->left_over += row->left_over;
    audit->resources += row->resources;
}

static void take_record(struct tfr_audit *audit, const struct tfr_audit_record *record)
{
    struct tfr_audit_row row = { .name = tfr_copy_text(record->name),
                                 .exit_code = record->exit_code,
                                 .score = -1 };

    audit->documents++;
    audit->by_exit[record->exit_code]++;
    if (record->error != NULL) {
        row.error = tfr_copy_text(record->error);
        row.message = tfr_copy_text(record->message);
        audit->binary_plans += tfr_audit_is_binary(&row);
        add_row(&audit->unreadable, &row);
        return;
    }
    add_document(audit, &row, record);
    if (audit->store != NULL)
        tfr_audit_store_add(audit->store, tfr_arena_text(&audit->arena, row.name, strlen(row.name)),
                            record);
    add_row(&audit->worst, &row);
}

bool tfr_audit_add(struct tfr_audit *audit, const char *line, size_t len, struct tfr_error *err)
{
    struct tfr_arena arena = { 0 };
    struct tfr_audit_record record;
    const bool ok = tfr_audit_read(line, len, audit->store != NULL, &arena, &record, err);

    if (ok)
        take_record(audit, &record);
    tfr_arena_free(&arena);
    return ok;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

struct tfr_audit *tfr_audit_new(const struct tfr_audit_options *options)
{
    struct tfr_audit *audit = tfr_calloc(1, sizeof *audit);
    struct tfr_audit_totals *tables[] = { &audit->waivers_used,      &audit->policies,
                                          &audit->sources,           &audit->providers,
                                          &audit->provider_versions, &audit->versions };

    audit->options = *options;
    audit->worst.all = audit->unreadable.all = audit->left_overs.all = options->all_rows;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        tables[i]->names = tfr_names_new(&audit->arena);
    if (options->across)
        audit->store = tfr_audit_store_new(&audit->arena);
    return audit;
}

void tfr_audit_finish(struct tfr_audit *audit)
{
    sort_rows(&audit->worst);
    sort_rows(&audit->unreadable);
    sort_totals(&audit->policies);
    sort_totals(&audit->sources);
    sort_totals(&audit->providers);
    sort_totals(&audit->provider_versions);
    sort_totals(&audit->versions);
    tfr_audit_left_sort(&audit->left_overs);
    if (audit->store != NULL)
        audit->across = tfr_audit_store_answer(audit->store, &audit->across_count);
}

enum tfr_exit tfr_audit_exit(const struct tfr_audit *audit)
{
    static const enum tfr_exit order[] = { TFR_EXIT_ERROR, TFR_EXIT_NO_GO, TFR_EXIT_NOTHING,
                                           TFR_EXIT_CONDITIONAL };

    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
        if (audit->by_exit[order[i]] > 0)
            return order[i];
    }
    return audit->documents > 0 ? TFR_EXIT_GO : TFR_EXIT_NOTHING;
}

void tfr_audit_free(struct tfr_audit *audit)
{
    struct tfr_audit_totals *tables[] = { &audit->waivers_used,      &audit->policies,
                                          &audit->sources,           &audit->providers,
                                          &audit->provider_versions, &audit->versions };

    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        tfr_names_free(tables[i]->names);
        tfr_free(tables[i]->at);
    }
    free_rows(&audit->worst);
    free_rows(&audit->unreadable);
    tfr_audit_left_fini(&audit->left_overs);
    tfr_audit_store_free(audit->store);
    tfr_arena_free(&audit->arena);
    tfr_free(audit);
}

const struct tfr_audit_format *tfr_audit_format_find(const char *name)
{
    static const struct tfr_audit_format formats[] = {
        { "text", false, tfr_audit_write_text },
        { "json", true, tfr_audit_write_json },
        { "csv", true, tfr_audit_write_csv },
        { "prometheus", false, tfr_audit_write_prometheus },
        { "markdown", false, tfr_audit_write_markdown },
        { "html", false, tfr_audit_write_html },
    };

    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (strcmp(name, formats[i].name) == 0)
            return &formats[i];
    }
    return NULL;
}
