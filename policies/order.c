/* SPDX-License-Identifier: Apache-2.0 */
/* Findings in the order of reports: severity, policy, address. */
#include "policies/findings.h"

#include <stdlib.h>
#include <string.h>

struct line {
    const char *address;
    size_t from; /* where its finding stands */
    const struct tfr_finding *finding;
};

/* Those of one policy that weigh the same. They were found together, so that few groups are to be
 * told apart, and only addresses are left to be sorted. */
struct group {
    enum tfr_severity severity;
    const struct tfr_policy *policy;
    size_t count;
    size_t next; /* where the next one of it goes */
};

struct groups {
    struct group *at;
    size_t count, cap;
};

static size_t group_of(struct groups *groups, const struct tfr_finding *finding)
{
    for (size_t i = groups->count; i-- > 0 && groups->at[i].policy == finding->policy;) {
        if (groups->at[i].severity == finding->severity)
            return i;
    }
    groups->at = tfr_grow(groups->at, &groups->cap, groups->count + 1, sizeof *groups->at);
    groups->at[groups->count] =
        (struct group){ .severity = finding->severity, .policy = finding->policy };
    return groups->count++;
}

static int by_weight(const void *a, const void *b)
{
    const struct group *left = *(struct group *const *)a, *right = *(struct group *const *)b;
    const int order = (left->severity < right->severity) - (left->severity > right->severity);

    return order != 0 ? order : strcmp(left->policy->id, right->policy->id);
}

static int by_address(const void *a, const void *b)
{
    const struct line *left = a, *right = b;
    const struct tfr_finding *one = left->finding, *two = right->finding;
    int order = strcmp(left->address, right->address);

    if (order == 0)
        order = (one->resource > two->resource) - (one->resource < two->resource);
    return order != 0 ? order : strcmp(one->message, two->message);
}

/* Gives each group its place. */
static void line_up(struct groups *groups)
{
    struct group **order = tfr_malloc((groups->count + 1) * sizeof(struct group *));
    size_t next = 0;

    for (size_t i = 0; i < groups->count; i++)
        order[i] = &groups->at[i];
    qsort(order, groups->count, sizeof(struct group *), by_weight);
    for (size_t i = 0; i < groups->count; i++) {
        order[i]->next = next;
        next += order[i]->count;
    }
    tfr_free(order);
}

/* Most documents hold their objects in the order of their addresses already. */
static void sort_lines(struct line *lines, size_t count)
{
    size_t sorted = 1;

    while (sorted < count && by_address(&lines[sorted - 1], &lines[sorted]) <= 0)
        sorted++;
    if (sorted < count)
        qsort(lines, count, sizeof *lines, by_address);
}

/* @return yours */
static struct line *list_in_order(const struct tfr_findings *findings)
{
    struct line *lines = tfr_malloc((findings->count + 1) * sizeof *lines);
    size_t *group = tfr_malloc((findings->count + 1) * sizeof *group);
    struct groups groups = { 0 };

    for (size_t i = 0; i < findings->count; i++) {
        group[i] = group_of(&groups, &findings->at[i]);
        groups.at[group[i]].count++;
    }
    line_up(&groups);
    for (size_t i = 0; i < findings->count; i++)
        lines[groups.at[group[i]].next++] =
            (struct line){ findings->at[i].address, i, &findings->at[i] };
    for (size_t i = 0; i < groups.count; i++)
        sort_lines(lines + groups.at[i].next - groups.at[i].count, groups.at[i].count);
    tfr_free(groups.at);
    tfr_free(group);
    return lines;
}

/* They are many and large: each is moved once, and they stay where they are. */
void tfr_findings_arrange(struct tfr_findings *findings)
{
    struct line *lines = list_in_order(findings);

    for (size_t i = 0; i < findings->count; i++) {
        struct tfr_finding first;
        size_t at = i, next = lines[i].from;

        if (next == i)
            continue;
        first = findings->at[i];
        /* Around the ring of those that take the place of one another. */
        for (; next != i; at = next, next = lines[at].from) {
            findings->at[at] = findings->at[next];
            lines[at].from = at;
        }
        findings->at[at] = first;
        lines[at].from = at;
    }
    tfr_free(lines);
}
