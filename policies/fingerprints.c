/* SPDX-License-Identifier: Apache-2.0 */
/* What names a finding from one run to the next. */
#include "policies/findings.h"
#include "policies/tables.h"

#include <string.h>

/* How many instances of one block a policy looked at, and how many it found fault with. */
struct tally {
    struct {
        const struct tfr_policy *policy;
        const struct tfr_sym *block;
    } key;
    uint32_t looked, failed;
    UT_hash_handle hh;
};

static struct tally *find_tally(struct tally *table, const struct tally *wanted)
{
    struct tally *found;

    HASH_FIND(hh, table, &wanted->key, sizeof wanted->key, found);
    return found;
}

static void add_tally(struct tally **table, struct tally *one)
{
    HASH_ADD(hh, *table, key, sizeof one->key, one);
}

static void drop_tally(struct tally **table, struct tally *one)
{
    HASH_DEL(*table, one);
}

/* Whether it is about one of the instances that have a number. */
static bool is_numbered(const struct tfr_resource *resource)
{
    return resource != NULL && resource->key.kind == TFR_KEY_INDEX;
}

static void count_row(struct tally **table, const struct tfr_policy *policy,
                      const struct tfr_verdict_row *row)
{
    struct tally wanted, *found;

    if (!is_numbered(row->resource))
        return;
    memset(&wanted, 0, sizeof wanted);
    wanted.key.policy = policy;
    wanted.key.block = row->resource->block;
    found = find_tally(*table, &wanted);
    if (found == NULL) {
        found = tfr_calloc(1, sizeof *found);
        found->key = wanted.key;
        add_tally(table, found);
    }
    found->looked++;
    found->failed += row->result == TFR_FAIL;
}

/* What fingerprints are made with. */
struct press {
    struct tfr_findings *findings;
    struct tally *table;         /* of the policies whose rows are counted */
    struct tfr_hash_trail trail; /* from the id of a policy on: its findings come sorted */
    char digits[256][2];         /* of each byte */
};

/* The rows of one policy stand together: all of those around this one. */
static void count_rows(struct press *press, size_t row)
{
    const struct tfr_findings *findings = press->findings;
    const struct tfr_verdict_row *rows = findings->rows;
    const uint32_t policy = rows[row].policy;

    while (row > 0 && rows[row - 1].policy == policy)
        row--;
    for (; row < findings->row_count && rows[row].policy == policy; row++)
        count_row(&press->table, findings->policies[policy], &rows[row]);
}

/* Whether every instance of its block has the finding. Most policies find no fault with instances
 * that have a number: the rows of one are counted when the first of its findings is about such. */
static bool have_all(struct press *press, const struct tfr_finding *finding)
{
    struct tally wanted, *found;

    memset(&wanted, 0, sizeof wanted);
    wanted.key.policy = finding->policy;
    wanted.key.block = finding->resource->block;
    found = find_tally(press->table, &wanted);
    if (found == NULL) {
        count_rows(press, finding->row);
        found = find_tally(press->table, &wanted);
    }
    return found != NULL && found->looked == found->failed;
}

/* How much of the address is hashed: its number is not when every instance has the finding. */
static size_t stable_len(struct press *press, const struct tfr_finding *finding)
{
    const struct tfr_resource *resource = finding->resource;
    const char *address = finding->address;
    size_t len = strlen(address);

    if (!is_numbered(resource) || address != resource->address->text || !have_all(press, finding))
        return len;
    while (len > 0 && address[len - 1] != '[')
        len--;
    return len > 0 ? len - 1 : 0;
}

/* Sixteen hexadecimal digits. */
static void put_hex(const struct press *press, char *out, uint64_t number)
{
    for (unsigned i = 0; i < 8; i++)
        memcpy(out + 2 * i, press->digits[number >> (56 - 8 * i) & 255], 2);
}

static const char *make_fingerprint(struct press *press, const struct tfr_finding *finding)
{
    char *text = tfr_arena_alloc(&press->findings->arena, 33);
    uint64_t half[2];

    tfr_hash_trail_next(&press->trail, finding->address, stable_len(press, finding), half);
    for (size_t k = 0; k < finding->evidence_count; k++) {
        const char *path = finding->evidence[k].path;

        if (path != NULL)
            tfr_hash_stable_two(half, path, strlen(path) + 1);
    }
    put_hex(press, text, half[0]);
    put_hex(press, text + 16, half[1]);
    text[32] = '\0';
    return text;
}

static void start_policy(struct press *press, const struct tfr_policy *policy)
{
    uint64_t start[2] = { 0, 0x9e3779b97f4a7c15u };

    tfr_hash_stable_two(start, policy->id, strlen(policy->id) + 1);
    tfr_hash_trail_start(&press->trail, start);
}

void tfr_findings_fingerprint(struct tfr_findings *findings)
{
    static const char digits[] = "0123456789abcdef";
    struct press press = { .findings = findings };

    for (unsigned i = 0; i < 256; i++) {
        press.digits[i][0] = digits[i >> 4];
        press.digits[i][1] = digits[i & 15];
    }
    for (size_t i = 0; i < findings->count; i++) {
        if (i == 0 || findings->at[i].policy != findings->at[i - 1].policy)
            start_policy(&press, findings->at[i].policy);
        findings->at[i].fingerprint = make_fingerprint(&press, &findings->at[i]);
    }
    while (press.table != NULL) {
        struct tally *one = press.table;

        drop_tally(&press.table, one);
        tfr_free(one);
    }
}
