/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct cli_progress own;

bool cli_progress_is_due(struct cli_progress *progress, int64_t now)
{
    if (!progress->on || now < progress->due)
        return false;
    progress->due = now + CLI_PROGRESS_EVERY;
    return true;
}

void cli_progress_text(const struct cli_progress *progress, struct tfr_buf *out)
{
    const uint64_t megabytes = progress->bytes / 1000000;

    tfr_buf_printf(out, "%llu document%s, %llu MB read", (unsigned long long)progress->documents,
                   progress->documents == 1 ? "" : "s", (unsigned long long)megabytes);
}

static int64_t now_ms(void)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void cli_progress_start(bool wanted)
{
    const char *term = getenv("TERM");

    own = (struct cli_progress){ .on = wanted && isatty(STDERR_FILENO) &&
                                       (term == NULL || strcmp(term, "dumb") != 0) };
    own.started = own.on ? now_ms() : 0;
    own.due = own.started + CLI_PROGRESS_AFTER;
}

static void show(void)
{
    struct tfr_buf text = { 0 };

    if (!own.on || !cli_progress_is_due(&own, now_ms()))
        return;
    cli_progress_text(&own, &text);
    (void)fprintf(stderr, "\r\033[Ktfready: %s", tfr_buf_text(&text));
    (void)fflush(stderr);
    own.shown = true;
    tfr_buf_fini(&text);
}

void cli_progress_bytes(uint64_t bytes)
{
    own.bytes += bytes;
    show();
}

void cli_progress_document(void)
{
    own.documents++;
    show();
}

void cli_progress_clear(void)
{
    if (!own.shown)
        return;
    (void)fputs("\r\033[K", stderr);
    (void)fflush(stderr);
    own.shown = false;
}
