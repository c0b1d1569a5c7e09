/* SPDX-License-Identifier: Apache-2.0 */
/* What an error looks like on a screen. */
#include "cli/cli.h"
#include "cli/progress.h"

#include <string.h>
#include <sys/resource.h>

static void add_safe(struct tfr_buf *out, const char *text)
{
    tfr_buf_add_safe(out, text, strlen(text));
}

static void add_place(struct tfr_buf *out, const struct tfr_error *error)
{
    const char *comma = "";

    if (!error->has_place && error->path[0] == '\0')
        return;
    tfr_buf_puts(out, "\n  at ");
    if (error->has_place && error->line > 0) {
        tfr_buf_printf(out, "line %llu, column %llu, ", (unsigned long long)error->line,
                       (unsigned long long)error->column);
    }
    if (error->has_place) {
        tfr_buf_printf(out, "byte %llu", (unsigned long long)error->offset);
        comma = ", in ";
    }
    if (error->path[0] != '\0') {
        tfr_buf_puts(out, comma);
        add_safe(out, error->path);
    }
}

void cli_say_error(const char *name, const char *member, const struct tfr_error *error)
{
    struct tfr_buf out = { 0 };

    cli_progress_clear();
    if (name == NULL && error->file[0] != '\0')
        name = error->file;
    tfr_buf_puts(&out, "tfready: ");
    if (name != NULL) {
        add_safe(&out, strcmp(name, "-") == 0 ? "standard input" : name);
        if (member != NULL) {
            tfr_buf_putc(&out, ':');
            add_safe(&out, member);
        }
        if (!error->has_place && error->line > 0) /* policies: people look for line and column */
            tfr_buf_printf(&out, ":%llu:%llu", (unsigned long long)error->line,
                           (unsigned long long)error->column);
        tfr_buf_puts(&out, ": ");
    }
    add_safe(&out, error->msg);
    add_place(&out, error);
    if (error->hint[0] != '\0') {
        tfr_buf_puts(&out, "\n  ");
        add_safe(&out, error->hint);
    }
    tfr_buf_putc(&out, '\n');
    (void)fwrite(tfr_buf_text(&out), 1, out.len, stderr);
    tfr_buf_fini(&out);
}

void cli_say_timing(struct tfr_timing *timing)
{
    struct tfr_buf text = { 0 };
    struct rusage used;

    if (timing == NULL)
        return;
    if (getrusage(RUSAGE_SELF, &used) == 0)
        tfr_timing_memory(timing, "whole process, at most", (size_t)used.ru_maxrss * 1024);
    tfr_timing_write(timing, &text);
    (void)fputs(tfr_buf_text(&text), stderr);
    tfr_buf_fini(&text);
}
