/* SPDX-License-Identifier: Apache-2.0 */
/* The map of an audit: inputs in, lines out. Several processes take turns over the inputs, so that
 * the lines come in one order whatever their number. */
#define _GNU_SOURCE /* F_SETPIPE_SZ */
#include "cli/audit_workers.h"

#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/staleness.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct map {
    const struct cli_options *options;
    const struct cli_rules *rules;
    const struct cli_line_sink *sink;
};

void cli_names_add(struct cli_names *names, const char *name)
{
    names->at = tfr_grow(names->at, &names->cap, names->count + 1, sizeof *names->at);
    names->at[names->count++] = tfr_copy_text(name);
}

void cli_names_fini(struct cli_names *names)
{
    for (size_t i = 0; i < names->count; i++)
        tfr_free(names->at[i]);
    tfr_free(names->at);
}

/* ---- one input ---------------------------------------------------------------------------------
 */

static void hand_over(const struct map *map, struct tfr_report_builder *builder,
                      const struct tfr_document *document)
{
    struct tfr_report *report = tfr_report_finish(builder);
    struct tfr_buf line = { 0 };

    tfr_audit_line(report, document, map->rules->waivers, !map->options->no_across, &line);
    map->sink->line(map->sink->ctx, line.data, line.len);
    tfr_buf_fini(&line);
    tfr_report_free(report);
}

static struct tfr_report_builder *new_report(const struct map *map)
{
    const struct tfr_report_options options = { .policies = map->rules->policies };

    return tfr_report_new(&options);
}

static void refuse(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    const struct map *map = ctx;
    struct tfr_report_builder *builder = new_report(map);

    tfr_report_add_error(builder, name, member, error);
    hand_over(map, builder, NULL);
}

static void evaluate(const struct map *map, struct tfr_document *document)
{
    struct tfr_report_builder *builder = new_report(map);
    struct tfr_timing *timing = map->options->timing;
    const char *stage = tfr_timing_enter(timing, "graph");
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };

    tfr_evaluate(document, graph, map->rules->policies, &map->options->evaluate, &findings);
    (void)tfr_timing_enter(timing, "report");
    tfr_waivers_restart(map->rules->waivers);
    tfr_waivers_apply(map->rules->waivers, document, &findings);
    tfr_report_add(builder, document, graph, &findings, false);
    hand_over(map, builder, document);
    (void)tfr_timing_enter(timing, stage);
    tfr_findings_fini(&findings);
    tfr_graph_free(graph);
}

static void judge(void *ctx, struct tfr_document *document)
{
    const struct map *map = ctx;
    struct tfr_error err = { 0 };

    if (cli_is_expected(map->options, document, &err) &&
        cli_is_fresh(document, map->rules->state, &err))
        evaluate(map, document);
    else
        refuse(ctx, document->name, document->member, &err);
    tfr_document_free(document);
}

static void progress(void *ctx, size_t bytes)
{
    (void)ctx;
    cli_progress_bytes(bytes);
}

static void read_one(const struct map *map, const char *name)
{
    const struct tfr_sink sink = {
        .ctx = (void *)(uintptr_t)map, .document = judge, .refused = refuse, .progress = progress
    };
    struct tfr_read_options options = map->options->read;

    options.skip_foreign = true;
    tfr_read_input(name, &options, &sink);
}

/* ---- processes ---------------------------------------------------------------------------------
 */

/* Bytes that go through a pipe at once: fewer turns between the processes. */
#define PIPE_BYTES 262144

/* Lines are held back this long at most, unless the next document takes longer, milliseconds. */
#define HELD_MS 20

struct worker {
    FILE *out;
    pid_t pid;
    char *buffer; /* of `out` */
};

static bool is_due(struct timespec *last)
{
    struct timespec now = { 0 };

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if ((now.tv_sec - last->tv_sec) * 1000 + (now.tv_nsec - last->tv_nsec) / 1000000 < HELD_MS)
        return false;
    *last = now;
    return true;
}

static void write_line(void *ctx, const char *line, size_t len)
{
    (void)fwrite(line, 1, len, ctx);
    (void)fputc('\n', ctx);
}

/* An empty line ends what came of one input. */
static void work(const struct map *map, const struct cli_names *inputs, size_t first, FILE *out)
{
    const struct cli_line_sink sink = { .ctx = out, .line = write_line };
    const struct map own = { map->options, map->rules, &sink };
    struct timespec last = { 0 };

    for (size_t i = first; i < inputs->count; i += map->options->jobs) {
        read_one(&own, inputs->at[i]);
        (void)fputc('\n', out);
        if (is_due(&last))
            (void)fflush(out);
    }
    (void)fflush(out);
}

static bool start(const struct map *map, const struct cli_names *inputs, size_t number,
                  struct worker *workers, struct tfr_error *err)
{
    struct worker *worker = &workers[number];
    int ends[2];

    if (pipe(ends) != 0)
        return tfr_fail(err, TFR_E_IO, "audit.worker", "cannot make a pipe: %s", strerror(errno));
#ifdef F_SETPIPE_SZ
    (void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 20); /* so that nobody waits for the other one's turn */
#endif
    worker->buffer = tfr_malloc(PIPE_BYTES);
    worker->pid = fork();
    if (worker->pid < 0)
        return tfr_fail(err, TFR_E_IO, "audit.worker", "cannot start a process: %s",
                        strerror(errno));
    if (worker->pid == 0) {
        FILE *out = fdopen(ends[1], "w");

        (void)close(ends[0]);
        for (size_t i = 0; i < number; i++)
            (void)close(fileno(workers[i].out));
        cli_progress_start(false); /* the parent speaks */
        if (out != NULL && setvbuf(out, worker->buffer, _IOFBF, PIPE_BYTES) == 0)
            work(map, inputs, number, out);
        _exit(out != NULL ? 0 : TFR_EXIT_ERROR);
    }
    (void)close(ends[1]);
    worker->out = fdopen(ends[0], "r");
    return (worker->out != NULL && setvbuf(worker->out, worker->buffer, _IOFBF, PIPE_BYTES) == 0) ||
           tfr_fail(err, TFR_E_IO, "audit.worker", "cannot read from a process");
}

/* @return false if the process ended before the input was done */
static bool collect(const struct map *map, struct worker *worker, char **line, size_t *size)
{
    ssize_t len;

    while ((len = getline(line, size, worker->out)) > 1)
        map->sink->line(map->sink->ctx, *line, (size_t)len - 1);
    return len == 1;
}

static bool run_workers(const struct map *map, const struct cli_names *inputs,
                        struct worker *workers, struct tfr_error *err)
{
    const size_t jobs = map->options->jobs;
    char *line = NULL;
    size_t size = 0;
    size_t done = 0;

    while (done < inputs->count && collect(map, &workers[done % jobs], &line, &size))
        done++;
    tfr_free(line);
    if (done == inputs->count)
        return true;
    (void)tfr_fail(err, TFR_E_IO, "audit.worker",
                   "a process ended in the middle of its work: what it read is not judged");
    tfr_fail_file(err, inputs->at[done]);
    return false;
}

static bool map_in_processes(const struct map *map, const struct cli_names *inputs,
                             struct tfr_error *err)
{
    const size_t jobs = map->options->jobs;
    struct worker *workers = tfr_calloc(jobs, sizeof *workers);
    bool ok = true;

    (void)fflush(NULL); /* nothing may be written twice */
    for (size_t i = 0; i < jobs && ok; i++)
        ok = start(map, inputs, i, workers, err);
    ok = ok && run_workers(map, inputs, workers, err);
    for (size_t i = 0; i < jobs; i++) {
        if (workers[i].out != NULL)
            (void)fclose(workers[i].out);
        if (workers[i].pid > 0)
            (void)waitpid(workers[i].pid, NULL, 0);
        tfr_free(workers[i].buffer);
    }
    tfr_free(workers);
    return ok;
}

bool cli_map_inputs(const struct cli_options *options, const struct cli_rules *rules,
                    const struct cli_names *inputs, const struct cli_line_sink *sink,
                    struct tfr_error *err)
{
    const struct map map = { options, rules, sink };

    if (options->jobs > 1 && inputs->count > 1)
        return map_in_processes(&map, inputs, err);
    for (size_t i = 0; i < inputs->count; i++)
        read_one(&map, inputs->at[i]);
    return true;
}
