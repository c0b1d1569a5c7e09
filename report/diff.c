/* SPDX-License-Identifier: Apache-2.0 */
/* Two reports side by side: what is fixed, still there, new, or of another severity. Reports are
 * read back from their JSON, so old files and fresh ones go the same way. */
#include "report/diff.h"

#include "report/escape.h"
#include "report/gen.h"

#include <stdlib.h>
#include <string.h>

#define ROOM 60000 /* bytes of Markdown, after which rows are counted */
#define MOST 65000 /* bytes of Markdown: comments hold 65,536 characters */

struct pair {
    const struct tfr_diff_row *old, *now; /* one may be NULL */
    enum tfr_diff_kind kind;
    bool worse;
};

struct tfr_diff {
    struct tfr_arena arena;
    struct tfr_diff_side sides[2];
    struct pair *pairs;
    size_t count;
    size_t counts[TFR_DIFF_KINDS], worse;
    struct tfr_state_diff states;
    bool has_states;
};

static const char *const kind_names[] = { "new", "changed", "still", "fixed" };
static const char *const kind_titles[] = { "NEW", "CHANGED", "STILL THERE", "FIXED" };

/* ---- comparing ---- */

static bool pair_up(const struct tfr_diff_row *old, const struct tfr_diff_row *now,
                    struct pair *out)
{
    const int before = tfr_diff_state(old);
    const int after = tfr_diff_state(now);
    const int rise = (now != NULL ? tfr_diff_severity(now->severity) : 0) -
                     (old != NULL ? tfr_diff_severity(old->severity) : 0);

    *out = (struct pair){ .old = old, .now = now };
    if (before < 2 && after < 2)
        return false; /* what nobody could decide came or went */
    if (before < 2) {
        out->kind = TFR_DIFF_NEW;
        out->worse = after == 3 && tfr_diff_severity(now->severity) > TFR_INFO;
    } else if (after == 0) {
        out->kind = TFR_DIFF_FIXED;
    } else if (after == 1 || (rise == 0 && before == after)) {
        out->kind = TFR_DIFF_STILL;
    } else {
        out->kind = TFR_DIFF_CHANGED;
        out->worse = after == 3 && (rise > 0 || before < 3);
    }
    return true;
}

static const struct tfr_diff_row *shown(const struct pair *pair)
{
    return pair->now != NULL ? pair->now : pair->old;
}

static int by_kind(const void *a, const void *b)
{
    const struct pair *left = a;
    const struct pair *right = b;
    const struct tfr_diff_row *one = shown(left);
    const struct tfr_diff_row *two = shown(right);
    int order = (int)left->kind - (int)right->kind;

    if (order == 0)
        order = tfr_diff_severity(two->severity) - tfr_diff_severity(one->severity);
    if (order == 0)
        order = strcmp(one->policy, two->policy);
    if (order == 0)
        order = strcmp(one->address, two->address);
    return order != 0 ? order : strcmp(one->fingerprint, two->fingerprint);
}

static void compare(struct tfr_diff *diff)
{
    const struct tfr_diff_side *old = &diff->sides[0];
    const struct tfr_diff_side *now = &diff->sides[1];
    size_t i = 0;
    size_t k = 0;

    diff->pairs =
        tfr_arena_zalloc(&diff->arena, (old->count + now->count + 1) * sizeof *diff->pairs);
    while (i < old->count || k < now->count) {
        const int order = i == old->count ? 1
                          : k == now->count
                              ? -1
                              : strcmp(old->at[i].fingerprint, now->at[k].fingerprint);
        struct pair *pair = &diff->pairs[diff->count];

        if (pair_up(order <= 0 ? &old->at[i] : NULL, order >= 0 ? &now->at[k] : NULL, pair)) {
            diff->count++;
            diff->counts[pair->kind]++;
            diff->worse += pair->worse;
        }
        i += order <= 0;
        k += order >= 0;
    }
    if (diff->count > 0)
        qsort(diff->pairs, diff->count, sizeof *diff->pairs, by_kind);
}

struct tfr_diff *tfr_diff_new(const struct tfr_diff_input *old, const struct tfr_diff_input *now,
                              struct tfr_error *err)
{
    struct tfr_diff *diff = tfr_calloc(1, sizeof *diff);

    if (tfr_diff_read(&diff->arena, old->report, &diff->sides[0], err) &&
        tfr_diff_read(&diff->arena, now->report, &diff->sides[1], err)) {
        diff->has_states = old->state != NULL && now->state != NULL;
        if (diff->has_states) {
            tfr_diff_states(old->state, now->state, &diff->arena, &diff->states);
            tfr_diff_follow(&diff->arena, &diff->sides[0], &diff->sides[1], &diff->states);
        }
        compare(diff);
        return diff;
    }
    tfr_diff_free(diff);
    return NULL;
}

void tfr_diff_free(struct tfr_diff *diff)
{
    if (diff == NULL)
        return;
    tfr_arena_free(&diff->arena);
    tfr_free(diff);
}

bool tfr_diff_is_worse(const struct tfr_diff *diff)
{
    return diff->worse > 0;
}

/* ---- writing ---- */

static void add_side(struct tfr_buf *out, const struct tfr_diff_side *side)
{
    tfr_buf_add_safe(out, side->verdict, strlen(side->verdict));
    if (side->score >= 0)
        tfr_buf_printf(out, " %lld/100", side->score);
}

static void add_head(struct tfr_buf *out, const struct tfr_diff *diff)
{
    add_side(out, &diff->sides[0]);
    tfr_buf_puts(out, " -> ");
    add_side(out, &diff->sides[1]);
    tfr_buf_printf(out, ": %zu fixed, %zu still there, %zu new, %zu changed%s",
                   diff->counts[TFR_DIFF_FIXED], diff->counts[TFR_DIFF_STILL],
                   diff->counts[TFR_DIFF_NEW], diff->counts[TFR_DIFF_CHANGED],
                   diff->worse > 0 ? "; something got worse" : "");
}

/* "P2 open -> P1 open", or what it is. */
static void add_change(struct tfr_buf *out, const struct pair *pair)
{
    const struct tfr_diff_row *row = shown(pair);

    if (pair->kind == TFR_DIFF_CHANGED ||
        (pair->kind == TFR_DIFF_STILL && pair->now != NULL && tfr_diff_state(pair->now) == 1)) {
        tfr_buf_add_safe(out, pair->old->severity, strlen(pair->old->severity));
        tfr_buf_putc(out, ' ');
        tfr_buf_add_safe(out, pair->old->state, strlen(pair->old->state));
        tfr_buf_puts(out, " -> ");
    }
    tfr_buf_add_safe(out, row->severity, strlen(row->severity));
    tfr_buf_putc(out, ' ');
    tfr_buf_add_safe(out, row->state, strlen(row->state));
}

static void write_text(const struct tfr_diff *diff, const struct tfr_style *style,
                       struct tfr_buf *out)
{
    add_head(out, diff);
    tfr_buf_putc(out, '\n');
    for (size_t i = 0; i < diff->count && !style->quiet; i++) {
        const struct pair *pair = &diff->pairs[i];
        const struct tfr_diff_row *row = shown(pair);

        if (style->summary && pair->kind == TFR_DIFF_STILL)
            continue;
        if (i == 0 || pair->kind != diff->pairs[i - 1].kind)
            tfr_buf_printf(out, "\n%s (%zu)\n", kind_titles[pair->kind], diff->counts[pair->kind]);
        tfr_buf_puts(out, "  ");
        add_change(out, pair);
        tfr_buf_puts(out, "  ");
        tfr_buf_add_safe(out, row->policy, strlen(row->policy));
        tfr_buf_puts(out, "  ");
        tfr_buf_add_safe(out, row->title, strlen(row->title));
        tfr_buf_puts(out, "\n    ");
        tfr_buf_add_safe(out, row->address, strlen(row->address));
        tfr_buf_putc(out, '\n');
    }
    if (diff->has_states && !style->quiet)
        tfr_diff_write_objects_text(&diff->states, out);
}

static void write_markdown(const struct tfr_diff *diff, struct tfr_buf *out)
{
    struct tfr_buf cell = { 0 };

    add_head(&cell, diff);
    tfr_buf_puts(out, "# What changed\n\n");
    tfr_escape_markdown(out, tfr_buf_text(&cell), 0);
    tfr_buf_puts(out,
                 "\n\n| result | severity | policy | object | what |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < diff->count; i++) {
        const struct pair *pair = &diff->pairs[i];
        const struct tfr_diff_row *row = shown(pair);

        if (out->len > ROOM) {
            tfr_buf_printf(out,
                           "\n_And %zu more: a comment holds 65,536 characters, `-o json` "
                           "lists all._\n",
                           diff->count - i);
            break;
        }
        tfr_buf_reset(&cell);
        add_change(&cell, pair);
        tfr_buf_printf(out, "| %s%s | ", kind_names[pair->kind], pair->worse ? ", worse" : "");
        tfr_escape_markdown(out, tfr_buf_text(&cell), 0);
        tfr_buf_puts(out, " | ");
        tfr_escape_markdown_code(out, row->policy, 0, true);
        tfr_buf_puts(out, " | ");
        tfr_escape_markdown_code(out, row->address, 400, true);
        tfr_buf_puts(out, " | ");
        tfr_escape_markdown(out, row->title, 400);
        tfr_buf_puts(out, " |\n");
    }
    tfr_buf_reset(&cell);
    if (diff->has_states)
        tfr_diff_write_objects_markdown(&diff->states, &cell);
    if (out->len + cell.len < MOST)
        tfr_buf_puts(out, tfr_buf_text(&cell));
    else
        tfr_buf_puts(out, "\n_What became of the objects is left out: `-o json` tells it._\n");
    tfr_buf_fini(&cell);
}

static void write_json_side(yajl_gen gen, const char *name, const struct tfr_diff_side *side)
{
    tfr_gen_open(gen, name);
    tfr_gen_text(gen, "verdict", side->verdict);
    tfr_gen_maybe(gen, "score", side->score >= 0, side->score);
    tfr_gen_close(gen);
}

static void write_json(const struct tfr_diff *diff, FILE *out)
{
    yajl_gen gen = tfr_gen_new(out, true);

    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "schema", "tfready/diff/1");
    write_json_side(gen, "old", &diff->sides[0]);
    write_json_side(gen, "new", &diff->sides[1]);
    tfr_gen_flag(gen, "worse", diff->worse > 0);
    tfr_gen_open_list(gen, "findings");
    for (size_t i = 0; i < diff->count; i++) {
        const struct pair *pair = &diff->pairs[i];
        const struct tfr_diff_row *row = shown(pair);

        tfr_gen_open(gen, NULL);
        tfr_gen_text(gen, "result", kind_names[pair->kind]);
        tfr_gen_flag(gen, "worse", pair->worse);
        tfr_gen_text(gen, "policy", row->policy);
        tfr_gen_text(gen, "address", row->address);
        tfr_gen_text(gen, "title", row->title);
        tfr_gen_text(gen, "fingerprint", row->fingerprint);
        tfr_gen_text(gen, "old_severity", pair->old != NULL ? pair->old->severity : NULL);
        tfr_gen_text(gen, "old_state", pair->old != NULL ? pair->old->state : NULL);
        tfr_gen_text(gen, "new_severity", pair->now != NULL ? pair->now->severity : NULL);
        tfr_gen_text(gen, "new_state", pair->now != NULL ? pair->now->state : NULL);
        tfr_gen_close(gen);
    }
    tfr_gen_close_list(gen);
    if (diff->has_states)
        tfr_diff_write_objects_json(&diff->states, gen);
    tfr_gen_close(gen);
    tfr_gen_end(gen);
}

void tfr_diff_write(const struct tfr_diff *diff, enum tfr_diff_form form,
                    const struct tfr_style *style, FILE *out)
{
    struct tfr_buf text = { 0 };
    struct tfr_buf ascii = { 0 };

    if (form == TFR_DIFF_JSON) {
        write_json(diff, out);
        return;
    }
    if (form == TFR_DIFF_MARKDOWN)
        write_markdown(diff, &text);
    else
        write_text(diff, style, &text);
    if (style->ascii && form == TFR_DIFF_TEXT)
        tfr_escape_ascii(&ascii, tfr_buf_text(&text));
    else
        tfr_buf_puts(&ascii, tfr_buf_text(&text));
    (void)fwrite(tfr_buf_text(&ascii), 1, ascii.len, out);
    tfr_buf_fini(&text);
    tfr_buf_fini(&ascii);
}

bool tfr_diff_form_find(const char *name, enum tfr_diff_form *out)
{
    static const char *const names[] = { "text", "markdown", "json" };

    for (int i = 0; i < 3; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum tfr_diff_form)i;
            return true;
        }
    }
    return false;
}
