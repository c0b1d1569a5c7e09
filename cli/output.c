/* SPDX-License-Identifier: Apache-2.0 */
/* Where reports and messages go. */
#include "cli/output.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_failed(struct tfr_error *err, const char *file, int reason)
{
    (void)tfr_fail(err, TFR_E_IO, "output.write", "cannot write the report: %s", strerror(reason));
    tfr_fail_file(err, file);
    return false;
}

static unsigned columns(void)
{
    struct winsize size;

    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 0;
}

static bool wants_color(const struct cli_options *options)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return !options->no_color && (no_color == NULL || no_color[0] == '\0') &&
           (term == NULL || strcmp(term, "dumb") != 0) && isatty(STDOUT_FILENO);
}

static void emit(const struct cli_output *output, const struct cli_subject *subject,
                 const struct tfr_style *style, FILE *out)
{
    if (output->baseline)
        tfr_report_write_baseline(subject->report, out);
    else if (subject->diff != NULL)
        tfr_diff_write(subject->diff, output->diff, style, out);
    else if (output->audit != NULL)
        output->audit->write(subject->audit, style, out);
    else
        output->format->write(subject->report, style, out);
}

static bool write_stdout(const struct cli_output *output, const struct cli_subject *subject,
                         const struct tfr_style *style, struct tfr_error *err)
{
    errno = 0;
    emit(output, subject, style, stdout);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    /* `tfready plan.json | head -1`: the verdict still counts. */
    return errno == EPIPE || write_failed(err, "standard output", errno);
}

/* A device, pipe or socket such as /dev/stderr cannot be replaced by renaming: write into it. */
static bool write_in_place(const struct cli_output *output, const struct cli_subject *subject,
                           const struct tfr_style *style, struct tfr_error *err)
{
    FILE *file = fopen(output->file, "w");

    if (file == NULL)
        return write_failed(err, output->file, errno);
    emit(output, subject, style, file);
    errno = 0;
    if (ferror(file) != 0) {
        (void)fclose(file);
        return write_failed(err, output->file, EIO);
    }
    return fclose(file) == 0 || errno == EPIPE || write_failed(err, output->file, errno);
}

static FILE *open_beside(const char *file, struct tfr_buf *name, struct tfr_error *err)
{
    const mode_t mask = umask(0);
    FILE *stream = NULL;
    int fd;

    (void)umask(mask);
    tfr_buf_printf(name, "%s.XXXXXX", file);
    fd = mkstemp(name->data);
    if (fd >= 0 && fchmod(fd, 0666 & ~mask) == 0)
        stream = fdopen(fd, "w");
    if (stream != NULL)
        return stream;
    (void)write_failed(err, file, errno);
    if (fd >= 0) {
        (void)close(fd);
        (void)unlink(name->data);
    }
    return NULL;
}

static bool write_file(const struct cli_output *output, const struct cli_subject *subject,
                       const struct tfr_style *style, struct tfr_error *err)
{
    struct tfr_buf name = { 0 };
    struct stat status;
    FILE *file;
    bool ok;

    if (stat(output->file, &status) == 0 && !S_ISREG(status.st_mode))
        return write_in_place(output, subject, style, err);
    file = open_beside(output->file, &name, err);
    if (file == NULL) {
        tfr_buf_fini(&name);
        return false;
    }
    emit(output, subject, style, file);
    errno = 0;
    ok = fflush(file) == 0 && !ferror(file);
    ok = fclose(file) == 0 && ok;
    ok = ok && rename(name.data, output->file) == 0;
    if (!ok) {
        (void)write_failed(err, output->file, errno != 0 ? errno : EIO);
        (void)unlink(name.data);
    }
    tfr_buf_fini(&name);
    return ok;
}

bool cli_write_outputs(const struct cli_options *options, const struct cli_subject *subject,
                       struct tfr_error *err)
{
    const struct tfr_style plain = { .ascii = options->ascii,
                                     .show_passed = options->show_passed,
                                     .quiet = options->quiet,
                                     .summary = options->summary };
    struct tfr_style screen = plain;
    bool ok = true;

    screen.color = wants_color(options);
    screen.width = columns();
    for (size_t i = 0; i < options->output_count && ok; i++) {
        const struct cli_output *output = &options->outputs[i];

        if (output->lines)
            continue; /* written as they came */
        ok = output->file == NULL ? write_stdout(output, subject, &screen, err)
                                  : write_file(output, subject, &plain, err);
    }
    return ok;
}

bool cli_lines_open(const struct cli_output *output, struct cli_lines *lines, struct tfr_error *err)
{
    *lines = (struct cli_lines){ .file = output->file, .out = stdout };
    if (output->file != NULL)
        lines->out = open_beside(output->file, &lines->name, err);
    return lines->out != NULL;
}

void cli_lines_add(struct cli_lines *lines, const char *line, size_t len)
{
    (void)fwrite(line, 1, len, lines->out);
    (void)fputc('\n', lines->out);
    (void)fflush(lines->out);
}

bool cli_lines_close(struct cli_lines *lines, struct tfr_error *err)
{
    bool ok;

    errno = 0;
    ok = fflush(lines->out) == 0 && !ferror(lines->out);
    if (lines->file == NULL)
        return ok || errno == EPIPE || write_failed(err, "standard output", errno);
    ok = fclose(lines->out) == 0 && ok && rename(lines->name.data, lines->file) == 0;
    if (!ok) {
        (void)write_failed(err, lines->file, errno != 0 ? errno : EIO);
        (void)unlink(lines->name.data);
    }
    tfr_buf_fini(&lines->name);
    return ok;
}

int cli_close_stdout(void)
{
    struct tfr_error err = { 0 };

    errno = 0;
    if (fflush(stdout) == 0 || errno == EPIPE)
        return TFR_EXIT_GO;
    (void)write_failed(&err, "standard output", errno);
    cli_say_error(NULL, NULL, &err);
    return TFR_EXIT_ERROR;
}
