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
static bool is_numbered(const struct tfr_verdict_row *row)
{
    return row->resource != NULL && row->resource->key.kind == TFR_KEY_INDEX;
}

static void count_row(struct tally **table, const struct tfr_policy *policy,
                      const struct tfr_verdict_row *row)
{
    struct tally wanted, *found;

    if (!is_numbered(row))
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

/* The address that is hashed: without its number when every instance has the finding. */
static void stable_address(struct tally *table, const struct tfr_finding *finding,
                           const char **text, size_t *len)
{
    const struct tfr_resource *resource = finding->resource;
    struct tally wanted, *found = NULL;

    *text = finding->address;
    *len = strlen(finding->address);
    if (resource == NULL || resource->key.kind != TFR_KEY_INDEX ||
        finding->address != resource->address->text)
        return;
    memset(&wanted, 0, sizeof wanted);
    wanted.key.policy = finding->policy;
    wanted.key.block = resource->block;
    found = find_tally(table, &wanted);
    if (found == NULL || found->looked != found->failed)
        return;
    while (*len > 0 && (*text)[*len - 1] != '[')
        (*len)--;
    if (*len > 0)
        (*len)--;
}

/* Sixteen hexadecimal digits. */
static void put_hex(char *out, uint64_t number)
{
    for (int i = 16; i-- > 0; number >>= 4)
        out[i] = "0123456789abcdef"[number & 15];
}

/* @param trail from the id of the policy on: its findings come sorted by address */
static void set_fingerprint(struct tally *table, struct tfr_finding *finding,
                            struct tfr_hash_trail *trail)
{
    const char *address;
    uint64_t half[2];
    size_t len;

    stable_address(table, finding, &address, &len);
    tfr_hash_trail_next(trail, address, len, half);
    for (size_t k = 0; k < finding->evidence_count; k++) {
        const char *path = finding->evidence[k].path;

        if (path != NULL)
            tfr_hash_stable_two(half, path, strlen(path) + 1);
    }
    put_hex(finding->fingerprint, half[0]);
    put_hex(finding->fingerprint + 16, half[1]);
    finding->fingerprint[32] = '\0';
}

/* The rows of one policy stand together: those of a policy that found no fault with instances that
 * have a number need no counting.
 * @return where the rows of the next one begin */
static size_t count_rows(struct tally **table, const struct tfr_findings *findings, size_t first)
{
    const struct tfr_verdict_row *rows = findings->rows;
    size_t end = first;
    bool failed = false;

    for (; end < findings->row_count && rows[end].policy == rows[first].policy; end++)
        failed = failed || (rows[end].result == TFR_FAIL && is_numbered(&rows[end]));
    for (size_t i = first; failed && i < end; i++)
        count_row(table, tfr_row_policy(findings, &rows[i]), &rows[i]);
    return end;
}

void tfr_findings_fingerprint(struct tfr_findings *findings)
{
    const struct tfr_policy *policy = NULL;
    struct tally *table = NULL;
    struct tfr_hash_trail trail;

    for (size_t i = 0; i < findings->row_count;)
        i = count_rows(&table, findings, i);
    for (size_t i = 0; i < findings->count; i++) {
        struct tfr_finding *finding = &findings->at[i];

        if (finding->policy != policy) {
            uint64_t start[2] = { 0, 0x9e3779b97f4a7c15u };

            policy = finding->policy;
            tfr_hash_stable_two(start, policy->id, strlen(policy->id) + 1);
            tfr_hash_trail_start(&trail, start);
        }
        set_fingerprint(table, finding, &trail);
    }
    while (table != NULL) {
        struct tally *one = table;

        drop_tally(&table, one);
        tfr_free(one);
    }
}
