/* SPDX-License-Identifier: Apache-2.0 */
/* Reports back in. Like audit_read.c it looks into values: they are of our own reports, in which no
 * value of an attribute stands but what tfr_value_show() wrote. */
#include "report/diff.h"

#include <stdlib.h>
#include <string.h>

static const char *text_of(struct tfr_arena *arena, const struct tfr_value *object,
                           const char *name)
{
    const struct tfr_value *value = tfr_value_get(object, name);

    return value->kind == TFR_STRING ? tfr_arena_text(arena, value->text, value->count) : "";
}

int tfr_diff_severity(const char *name)
{
    for (int level = TFR_P0; level > TFR_SEVERITY_NONE; level--) {
        if (strcmp(name, tfr_severity_name((enum tfr_severity)level)) == 0)
            return level;
    }
    return TFR_SEVERITY_NONE;
}

int tfr_diff_state(const struct tfr_diff_row *row)
{
    if (row == NULL)
        return 0;
    if (strcmp(row->state, "undecided") == 0)
        return 1;
    return strcmp(row->state, "open") == 0 ? 3 : 2;
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct tfr_diff_row *left = a;
    const struct tfr_diff_row *right = b;
    int order = strcmp(left->fingerprint, right->fingerprint);

    if (order == 0)
        order = tfr_diff_state(right) - tfr_diff_state(left);
    if (order == 0)
        order = tfr_diff_severity(right->severity) - tfr_diff_severity(left->severity);
    return order != 0 ? order : strcmp(left->address, right->address);
}

static void sort_rows(struct tfr_diff_side *side)
{
    const size_t count = side->count;

    if (count > 0)
        qsort(side->at, count, sizeof *side->at, by_fingerprint);
    side->count = 0;
    for (size_t i = 0; i < count; i++) {
        if (side->count == 0 ||
            strcmp(side->at[side->count - 1].fingerprint, side->at[i].fingerprint) != 0)
            side->at[side->count++] = side->at[i];
    }
}

static void read_findings(struct tfr_arena *arena, const struct tfr_value *list,
                          struct tfr_diff_side *side)
{
    const size_t count = list->kind == TFR_LIST ? list->count : 0;
    struct tfr_diff_row *rows = tfr_arena_zalloc(arena, (count + 1) * sizeof *rows);

    for (size_t i = 0; i < count; i++) {
        const struct tfr_value *item = tfr_value_item(list, i);

        rows[i] = (struct tfr_diff_row){
            .fingerprint = text_of(arena, item, "fingerprint"),
            .policy = text_of(arena, item, "policy"),
            .severity = text_of(arena, item, "severity"),
            .state = text_of(arena, item, "state"),
            .address = text_of(arena, item, "address"),
            .title = text_of(arena, item, "title"),
        };
    }
    side->at = rows;
    side->count = count;
    sort_rows(side);
}

/* ---- objects that moved ---- */

static int by_old_address(const void *a, const void *b)
{
    return strcmp((*(const struct tfr_object_diff *const *)a)->old_address,
                  (*(const struct tfr_object_diff *const *)b)->old_address);
}

static int is_old_address(const void *address, const void *move)
{
    return strcmp(address, (*(const struct tfr_object_diff *const *)move)->old_address);
}

static int by_object(const void *a, const void *b)
{
    const struct tfr_diff_row *x = *(const struct tfr_diff_row *const *)a;
    const struct tfr_diff_row *y = *(const struct tfr_diff_row *const *)b;
    const int order = strcmp(x->address, y->address);

    return order != 0 ? order : strcmp(x->policy, y->policy);
}

/* Gives a row the fingerprint of its policy's finding at the new address, if there is one. */
static void rename_row(struct tfr_diff_row *row, const char *address,
                       const struct tfr_diff_row *const *now, size_t count)
{
    const struct tfr_diff_row wanted = { .policy = row->policy, .address = address };
    const struct tfr_diff_row *key = &wanted;
    const struct tfr_diff_row *const *found =
        count > 0 ? bsearch(&key, now, count, sizeof *now, by_object) : NULL;

    if (found != NULL)
        row->fingerprint = (*found)->fingerprint;
}

void tfr_diff_follow(struct tfr_arena *arena, struct tfr_diff_side *old,
                     const struct tfr_diff_side *now, const struct tfr_state_diff *states)
{
    const struct tfr_object_diff **moves =
        tfr_arena_alloc(arena, (states->count + 1) * sizeof *moves);
    const struct tfr_diff_row **rows = tfr_arena_alloc(arena, (now->count + 1) * sizeof *rows);
    size_t count = 0;

    for (size_t i = 0; i < states->count; i++) {
        if (states->at[i].change == TFR_OBJECT_MOVED)
            moves[count++] = &states->at[i];
    }
    if (count == 0)
        return;
    for (size_t i = 0; i < now->count; i++)
        rows[i] = &now->at[i];
    qsort(moves, count, sizeof *moves, by_old_address);
    if (now->count > 0)
        qsort(rows, now->count, sizeof *rows, by_object);
    for (size_t i = 0; i < old->count; i++) {
        const struct tfr_object_diff **move =
            bsearch(old->at[i].address, moves, count, sizeof *moves, is_old_address);

        if (move != NULL)
            rename_row(&old->at[i], (*move)->address, rows, now->count);
    }
    sort_rows(old);
}

/* ---- the whole ---- */

static bool fail(struct tfr_error *err, const char *message, const char *hint)
{
    (void)tfr_fail(err, TFR_E_SCHEMA, "diff.report", "%s", message);
    return tfr_fail_hint(err, "%s", hint);
}

bool tfr_diff_read(struct tfr_arena *arena, const struct tfr_buf *text, struct tfr_diff_side *side,
                   struct tfr_error *err)
{
    struct tfr_names *names = tfr_names_new(arena);
    const struct tfr_value *value =
        tfr_text_parse(arena, names, tfr_buf_text(text), text->len, false);
    const bool is_report = tfr_value_is(tfr_value_get(value, "schema"), "tfready/report/1");
    const bool judged = tfr_value_get(value, "verdict")->kind == TFR_STRING &&
                        tfr_value_get(value, "findings")->kind == TFR_LIST;

    if (is_report && judged) {
        side->verdict = text_of(arena, value, "verdict");
        side->score = -1;
        (void)tfr_value_integer(tfr_value_get(tfr_value_get(value, "score"), "overall"),
                                &side->score);
        read_findings(arena, tfr_value_get(value, "findings"), side);
    }
    tfr_names_free(names);
    if (!is_report)
        return fail(err, "this is no report of tfready", "tfready -o json writes one");
    return judged || fail(err, "this report has no verdict: there is nothing to compare",
                          "judge the plan again when it can be read");
}
