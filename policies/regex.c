/* SPDX-License-Identifier: Apache-2.0 */
/* Regular expressions of policies: PCRE2 with limits, compiled once per evaluation and expression.
 * Documents repeat names and images from one object to the next: short texts are remembered. */
#define PCRE2_CODE_UNIT_WIDTH 8

#include "policies/operators.h"
#include "policies/tables.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#define MATCH_LIMIT 200000 /* steps of one match */
#define DEPTH_LIMIT 2000
#define HEAP_LIMIT 4096 /* KiB */

#define SHORT 44   /* bytes of a text that is remembered */
#define RECENT 512 /* of them */

struct entry {
    pcre2_code *code; /* NULL: not an expression */
    UT_hash_handle hh;
    char pattern[]; /* a copy: an expression in a JSONPath lives no longer than one question */
};

/* What an expression said of a text. */
struct answer {
    const struct entry *entry; /* NULL: nothing is remembered here */
    uint32_t options;
    uint8_t len, is;
    char text[SHORT];
};

struct tfr_regex {
    struct entry *entries;
    const struct entry *last; /* that was asked for */
    struct answer *recent;    /* by hash; NULL until one is asked for */
    pcre2_match_data *match;
    pcre2_match_context *limits;
};

struct tfr_regex *tfr_regex_new(void)
{
    struct tfr_regex *cache = tfr_calloc(1, sizeof *cache);

    cache->match = pcre2_match_data_create(1, NULL);
    cache->limits = pcre2_match_context_create(NULL);
    if (cache->match == NULL || cache->limits == NULL)
        tfr_oom();
    (void)pcre2_set_match_limit(cache->limits, MATCH_LIMIT);
    (void)pcre2_set_depth_limit(cache->limits, DEPTH_LIMIT);
    (void)pcre2_set_heap_limit(cache->limits, HEAP_LIMIT);
    return cache;
}

static struct entry *find(struct tfr_regex *cache, const char *pattern)
{
    struct entry *entry;

    HASH_FIND_STR(cache->entries, pattern, entry);
    return entry;
}

static void add(struct tfr_regex *cache, struct entry *entry)
{
    HASH_ADD_KEYPTR(hh, cache->entries, entry->pattern, strlen(entry->pattern), entry);
}

static void drop(struct tfr_regex *cache, struct entry *entry)
{
    HASH_DEL(cache->entries, entry);
}

void tfr_regex_free(struct tfr_regex *cache)
{
    if (cache == NULL)
        return;
    while (cache->entries != NULL) {
        struct entry *entry = cache->entries;

        drop(cache, entry);
        pcre2_code_free(entry->code);
        tfr_free(entry);
    }
    pcre2_match_data_free(cache->match);
    pcre2_match_context_free(cache->limits);
    tfr_free(cache->recent);
    tfr_free(cache);
}

static pcre2_code *compile(const char *pattern, int *error)
{
    PCRE2_SIZE offset;

    return pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED,
                         PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C, error, &offset, NULL);
}

const char *tfr_regex_check(const char *pattern)
{
    int error = 0;
    pcre2_code *code = compile(pattern, &error);

    pcre2_code_free(code);
    return code != NULL ? NULL : "not a regular expression";
}

static const struct entry *make(struct tfr_regex *cache, const char *pattern)
{
    const size_t len = strlen(pattern);
    struct entry *entry = tfr_calloc(1, sizeof *entry + len + 1);
    int error = 0;

    memcpy(entry->pattern, pattern, len + 1);
    entry->code = compile(pattern, &error);
    add(cache, entry);
    return entry;
}

static const struct entry *get(struct tfr_regex *cache, const char *pattern)
{
    if (cache->last != NULL && strcmp(cache->last->pattern, pattern) == 0)
        return cache->last;
    cache->last = find(cache, pattern);
    if (cache->last == NULL)
        cache->last = make(cache, pattern);
    return cache->last;
}

static enum tfr_truth_value match(struct tfr_regex *cache, const struct entry *entry,
                                  const char *text, size_t len, uint32_t options)
{
    const int result =
        pcre2_match(entry->code, (PCRE2_SPTR)text, len, 0, options, cache->match, cache->limits);

    if (result >= 0)
        return TFR_YES;
    return result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
                   result == PCRE2_ERROR_HEAPLIMIT
               ? TFR_MAYBE
               : TFR_NO;
}

static struct answer *answer_for(struct tfr_regex *cache, const struct entry *entry,
                                 const char *text, size_t len)
{
    const uint64_t hash = tfr_hash(text, len) + ((uintptr_t)entry >> 5u);

    if (cache->recent == NULL)
        cache->recent = tfr_calloc(RECENT, sizeof *cache->recent);
    return &cache->recent[hash % RECENT];
}

static enum tfr_truth_value run(struct tfr_regex *cache, const char *pattern, const char *text,
                                size_t len, uint32_t options)
{
    const struct entry *entry = get(cache, pattern);
    struct answer *answer;

    if (entry->code == NULL)
        return TFR_NO;
    if (len == 0 || len > SHORT)
        return match(cache, entry, text, len, options);
    answer = answer_for(cache, entry, text, len);
    if (answer->entry != entry || answer->options != options || answer->len != len ||
        memcmp(answer->text, text, len) != 0) {
        *answer = (struct answer){ .entry = entry, .options = options, .len = (uint8_t)len };
        memcpy(answer->text, text, len);
        answer->is = (uint8_t)match(cache, entry, text, len, options);
    }
    return (enum tfr_truth_value)answer->is;
}

enum tfr_truth_value tfr_regex_match(struct tfr_regex *cache, const char *pattern, const char *text,
                                     size_t len)
{
    return run(cache, pattern, text, len, PCRE2_ANCHORED);
}

enum tfr_truth_value tfr_regex_search(struct tfr_regex *cache, const char *pattern,
                                      const char *text, size_t len)
{
    return run(cache, pattern, text, len, 0);
}
