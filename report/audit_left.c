/* SPDX-License-Identifier: Apache-2.0 */
/* What nobody needs any more, the oldest first. */
#include "report/audit.h"

#include <stdlib.h>
#include <string.h>

static void free_left(struct tfr_audit_left *left)
{
    tfr_free(left->document);
    tfr_free(left->policy);
    tfr_free(left->address);
    tfr_free(left->since);
}

static int oldest_first(const void *a, const void *b)
{
    const struct tfr_audit_left *x = a;
    const struct tfr_audit_left *y = b;
    int order = (x->since == NULL) - (y->since == NULL);

    if (order == 0 && x->since != NULL)
        order = strcmp(x->since, y->since);
    if (order == 0)
        order = strcmp(x->document, y->document);
    if (order == 0)
        order = strcmp(x->address, y->address);
    return order != 0 ? order : strcmp(x->policy, y->policy);
}

void tfr_audit_left_sort(struct tfr_audit_lefts *lefts)
{
    if (lefts->count > 0)
        qsort(lefts->at, lefts->count, sizeof *lefts->at, oldest_first);
    while (!lefts->all && lefts->count > TFR_AUDIT_SHOWN)
        free_left(&lefts->at[--lefts->count]);
}

/* What no table shows is dropped when as many again have come, as with rows. */
void tfr_audit_left_add(struct tfr_audit_lefts *lefts, const char *document,
                        const struct tfr_audit_finding *finding)
{
    if (!lefts->all && lefts->count == 2 * (size_t)TFR_AUDIT_SHOWN)
        tfr_audit_left_sort(lefts);
    lefts->at = tfr_grow(lefts->at, &lefts->cap, lefts->count + 1, sizeof *lefts->at);
    lefts->at[lefts->count++] = (struct tfr_audit_left){
        .document = tfr_copy_text(document),
        .policy = tfr_copy_text(finding->policy),
        .address = tfr_copy_text(finding->address != NULL ? finding->address : ""),
        .since = tfr_copy_text(finding->since)
    };
}

void tfr_audit_left_fini(struct tfr_audit_lefts *lefts)
{
    for (size_t i = 0; i < lefts->count; i++)
        free_left(&lefts->at[i]);
    tfr_free(lefts->at);
}

/* Days since 1970-01-01 in the Gregorian calendar; the year begins with March, so that leap days
 * come last. */
static long day_number(const char *day)
{
    int year;
    int month;
    int of_month;
    long era_year;

    if (day == NULL || sscanf(day, "%4d-%2d-%2d", &year, &month, &of_month) != 3)
        return -1;
    era_year = year - (month <= 2);
    return era_year * 365 + era_year / 4 - era_year / 100 + era_year / 400 +
           (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + of_month - 719469;
}

unsigned tfr_audit_days(const char *from, const char *until)
{
    const long first = day_number(from);
    const long last = day_number(until);

    return first >= 0 && last > first ? (unsigned)(last - first) : 0;
}
