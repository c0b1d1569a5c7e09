/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/set.h"
#include "policies/question.h"
#include "policies/tables.h"

#include <fnmatch.h>
#include <string.h>

struct entry {
    const struct tfr_policy *policy;
    UT_hash_handle hh;
};

/* What policies ask and say, under a running number. */
struct question {
    const char *text; /* tfr_question_write() */
    uint32_t number;
    UT_hash_handle hh;
};

struct place {
    const struct tfr_policy *policy;
    uint32_t question;
};

struct tfr_policies {
    struct place *at;
    size_t count, cap;
    struct entry *by_id;
    struct question *questions; /* of loaded policies */
    uint32_t question_count;
    bool comparing;         /* built-in policies as well: somebody may ask what one of them asks */
    struct tfr_arena arena; /* of loaded policies */
};

static struct entry *find_id(const struct tfr_policies *set, const char *id)
{
    struct entry *entry;

    HASH_FIND_STR(set->by_id, id, entry);
    return entry;
}

static void add_id(struct tfr_policies *set, struct entry *entry)
{
    HASH_ADD_KEYPTR(hh, set->by_id, entry->policy->id, strlen(entry->policy->id), entry);
}

static void drop_id(struct tfr_policies *set, struct entry *entry)
{
    HASH_DEL(set->by_id, entry);
}

static struct question *find_question(const struct tfr_policies *set, const struct tfr_buf *text)
{
    struct question *question;

    HASH_FIND(hh, set->questions, tfr_buf_text(text), text->len, question);
    return question;
}

static void add_question(struct tfr_policies *set, struct question *question, size_t len)
{
    HASH_ADD_KEYPTR(hh, set->questions, question->text, len, question);
}

static void drop_question(struct tfr_policies *set, struct question *question)
{
    HASH_DEL(set->questions, question);
}

struct tfr_policies *tfr_policies_new(void)
{
    return tfr_calloc(1, sizeof(struct tfr_policies));
}

void tfr_policies_free(struct tfr_policies *policies)
{
    if (policies == NULL)
        return;
    while (policies->by_id != NULL) {
        struct entry *entry = policies->by_id;

        drop_id(policies, entry);
        tfr_free(entry);
    }
    while (policies->questions != NULL) {
        struct question *question = policies->questions;

        drop_question(policies, question);
        tfr_free(question);
    }
    tfr_free(policies->at);
    tfr_arena_free(&policies->arena);
    tfr_free(policies);
}

struct tfr_arena *tfr_set_arena(struct tfr_policies *set)
{
    return &set->arena;
}

bool tfr_policy_is_builtin(const struct tfr_policy *policy)
{
    return strcmp(policy->source, "built-in") == 0;
}

/* The number of those that ask and say the same; `number` if this is the first of them. */
static uint32_t number_of(struct tfr_policies *set, const struct tfr_policy *policy,
                          uint32_t number)
{
    struct tfr_buf text = { 0 };
    struct question *question;

    tfr_question_write(&text, policy->program);
    question = find_question(set, &text);
    if (question == NULL) {
        question = tfr_calloc(1, sizeof *question);
        question->text = tfr_arena_text(&set->arena, tfr_buf_text(&text), text.len);
        question->number = number;
        add_question(set, question, text.len);
    }
    tfr_buf_fini(&text);
    return question->number;
}

/* Nothing in the catalogue asks twice: it is looked at when somebody else comes. */
static uint32_t question_of(struct tfr_policies *set, const struct tfr_policy *policy)
{
    uint32_t number;

    if (tfr_policy_is_builtin(policy) && !set->comparing)
        return set->question_count++;
    for (size_t i = 0; i < set->count && !set->comparing; i++)
        (void)number_of(set, set->at[i].policy, set->at[i].question);
    set->comparing = true;
    number = number_of(set, policy, set->question_count);
    set->question_count += number == set->question_count;
    return number;
}

bool tfr_set_add(struct tfr_policies *set, const struct tfr_policy *policy, struct tfr_error *err)
{
    struct entry *entry = find_id(set, policy->id);
    struct place place = { .policy = policy };

    if (entry != NULL) {
        (void)tfr_fail(err, TFR_E_SCHEMA, "policy.duplicate",
                       "a policy with the id %.80s exists already: %.120s", policy->id,
                       entry->policy->source);
        tfr_fail_file(err, policy->source);
        return false;
    }
    entry = tfr_calloc(1, sizeof *entry);
    entry->policy = policy;
    add_id(set, entry);
    set->at = tfr_grow(set->at, &set->cap, set->count + 1, sizeof *set->at);
    place.question = question_of(set, policy);
    set->at[set->count++] = place;
    return true;
}

void tfr_set_replace(struct tfr_policies *set, const struct tfr_policy *policy)
{
    struct entry *entry = find_id(set, policy->id);
    const struct tfr_policy *copy = tfr_arena_copy(&set->arena, policy, sizeof *policy);

    for (size_t i = 0; i < set->count; i++) {
        if (set->at[i].policy == entry->policy)
            set->at[i].policy = copy;
    }
    entry->policy = copy;
}

void tfr_set_drop(struct tfr_policies *set, const char *id)
{
    size_t kept = 0;

    for (size_t i = 0; i < set->count; i++) {
        if (strcmp(set->at[i].policy->id, id) != 0)
            set->at[kept++] = set->at[i];
    }
    set->count = kept;
}

static bool matches_any(const char *id, const char *const *globs, size_t count, bool *used)
{
    bool found = false;

    for (size_t i = 0; i < count; i++) {
        if (fnmatch(globs[i], id, 0) != 0)
            continue;
        used[i] = true;
        found = true;
    }
    return found;
}

static bool all_used(const bool *used, const char *const *globs, size_t count,
                     struct tfr_error *err)
{
    for (size_t i = 0; i < count; i++) {
        if (!used[i]) {
            (void)tfr_fail(err, TFR_E_USAGE, "usage", "no policy has an id like %.80s", globs[i]);
            return tfr_fail_hint(err, "tfready policies list shows them all");
        }
    }
    return true;
}

bool tfr_policies_select(struct tfr_policies *policies, const char *const *check,
                         size_t check_count, const char *const *skip, size_t skip_count,
                         struct tfr_error *err)
{
    bool *check_used = tfr_calloc(check_count + 1, sizeof *check_used);
    bool *skip_used = tfr_calloc(skip_count + 1, sizeof *skip_used);
    size_t kept = 0;
    bool ok;

    for (size_t i = 0; i < policies->count; i++) {
        const char *id = policies->at[i].policy->id;
        const bool wanted = matches_any(id, check, check_count, check_used) || check_count == 0;
        const bool skipped = matches_any(id, skip, skip_count, skip_used);

        if (wanted && !skipped)
            policies->at[kept++] = policies->at[i];
    }
    ok =
        all_used(check_used, check, check_count, err) && all_used(skip_used, skip, skip_count, err);
    policies->count = kept;
    tfr_free(check_used);
    tfr_free(skip_used);
    return ok;
}

size_t tfr_policies_count(const struct tfr_policies *policies)
{
    return policies->count;
}

const struct tfr_policy *tfr_policies_at(const struct tfr_policies *policies, size_t index)
{
    return policies->at[index].policy;
}

const struct tfr_policy *tfr_policies_find(const struct tfr_policies *policies, const char *id)
{
    const struct entry *entry = find_id(policies, id);

    return entry != NULL ? entry->policy : NULL;
}

uint32_t tfr_set_question(const struct tfr_policies *set, size_t index)
{
    return set->at[index].question;
}

uint32_t tfr_set_question_count(const struct tfr_policies *set)
{
    return set->question_count;
}
