/* SPDX-License-Identifier: Apache-2.0 */
/* Stages of a run: one is open at any time, so that all of them add up to the whole. */
#include "base/base.h"

#include <string.h>
#include <time.h>

/* More than there are categories of policies and stages around them; what comes beyond goes to the
 * last. */
#define ROWS 32

struct row {
    const char *name;
    uint64_t sum; /* nanoseconds, or bytes */
};

struct rows {
    struct row at[ROWS];
    size_t count;
};

struct tfr_timing {
    struct rows stages, memories;
    struct row *open;
    uint64_t since; /* nanoseconds */
};

static struct row *row_of(struct rows *rows, const char *name)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (rows->at[i].name == name || strcmp(rows->at[i].name, name) == 0)
            return &rows->at[i];
    }
    if (rows->count < ROWS)
        rows->at[rows->count++].name = name;
    return &rows->at[rows->count - 1];
}

static uint64_t now(void)
{
    struct timespec time;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

struct tfr_timing *tfr_timing_new(const char *stage)
{
    struct tfr_timing *timing = tfr_calloc(1, sizeof *timing);

    timing->open = row_of(&timing->stages, stage);
    timing->since = now();
    return timing;
}

void tfr_timing_free(struct tfr_timing *timing)
{
    tfr_free(timing);
}

const char *tfr_timing_enter(struct tfr_timing *timing, const char *stage)
{
    const char *before;
    uint64_t time;

    if (timing == NULL)
        return NULL;
    before = timing->open->name;
    time = now();
    timing->open->sum += time - timing->since;
    timing->since = time;
    timing->open = row_of(&timing->stages, stage);
    return before;
}

void tfr_timing_memory(struct tfr_timing *timing, const char *name, size_t bytes)
{
    struct row *row;

    if (timing == NULL)
        return;
    row = row_of(&timing->memories, name);
    if (row->sum < bytes)
        row->sum = bytes;
}

void tfr_timing_write(struct tfr_timing *timing, struct tfr_buf *out)
{
    uint64_t total = 0;

    if (timing == NULL)
        return;
    (void)tfr_timing_enter(timing, timing->open->name);
    for (size_t i = 0; i < timing->stages.count; i++) {
        const struct row *row = &timing->stages.at[i];

        total += row->sum;
        tfr_buf_printf(out, "%-28s %10.6f s\n", row->name, (double)row->sum / 1e9);
    }
    tfr_buf_printf(out, "%-28s %10.6f s\n", "total", (double)total / 1e9);
    for (size_t i = 0; i < timing->memories.count; i++)
        tfr_buf_printf(out, "%-28s %12llu bytes\n", timing->memories.at[i].name,
                       (unsigned long long)timing->memories.at[i].sum);
}
