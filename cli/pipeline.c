/* SPDX-License-Identifier: Apache-2.0 */
/* The whole program, top to bottom: read, build the graph, evaluate, report, write. */
#include "cli/accepted.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/settings.h"
#include "cli/staleness.h"

#include <string.h>
#include <unistd.h>

struct run {
    const struct cli_options *options;
    struct tfr_evaluate_options evaluate;
    struct tfr_policies *policies;
    struct tfr_waivers *waivers;
    struct tfr_document *state; /* --state, or NULL */
    struct tfr_report_builder *report;
    /* The first document of a single input, or NULL, and what was found in it: the report borrows
     * from both. */
    struct tfr_document *lasting;
    struct tfr_findings findings;
};

static void refuse(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    struct run *run = ctx;
    struct tfr_error told = *error;

    /* Whoever misspells a command means no file. */
    if (strpbrk(name, "-./") == NULL && access(name, F_OK) != 0)
        (void)tfr_fail_hint(&told, "there is no command of this name either: `tfready --help` "
                                   "lists them");
    cli_progress_document();
    tfr_report_add_error(run->report, name, member, &told);
    cli_say_error(name, member, &told);
}

static void take_memory(struct run *run, const struct tfr_document *document,
                        const struct tfr_graph *graph, const struct tfr_findings *findings)
{
    struct tfr_timing *timing = run->options->timing;

    tfr_timing_memory(timing, "document", document->arena.bytes);
    tfr_timing_memory(timing, "graph", tfr_graph_bytes(graph));
    tfr_timing_memory(timing, "findings", findings->arena.bytes);
}

/* Ends the document, now or with the report. */
static void evaluate(struct run *run, struct tfr_document *document)
{
    struct tfr_timing *timing = run->options->timing;
    const char *stage = tfr_timing_enter(timing, "graph");
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };
    const bool lasts = run->options->input_count <= 1 && run->lasting == NULL;

    tfr_evaluate(document, graph, run->policies, &run->evaluate, &findings);
    (void)tfr_timing_enter(timing, "report");
    tfr_waivers_apply(run->waivers, document, &findings);
    tfr_report_add(run->report, document, graph, &findings, lasts);
    (void)tfr_timing_enter(timing, stage);
    take_memory(run, document, graph, &findings);
    tfr_graph_free(graph);
    if (lasts) {
        run->lasting = document;
        run->findings = findings;
    } else {
        tfr_findings_fini(&findings);
        tfr_document_free(document);
    }
}

static void judge(void *ctx, struct tfr_document *document)
{
    struct run *run = ctx;
    struct tfr_error err = { 0 };

    if (cli_is_expected(run->options, document, &err) && cli_is_fresh(document, run->state, &err)) {
        evaluate(run, document);
    } else {
        refuse(run, document->name, document->member, &err);
        tfr_document_free(document);
    }
    cli_progress_document();
}

static void progress(void *ctx, size_t bytes)
{
    (void)ctx;
    cli_progress_bytes(bytes);
}

static void skip(void *ctx, const char *name, const char *member, const char *why)
{
    struct run *run = ctx;

    tfr_report_add_skipped(run->report, name, member, why);
}

bool cli_load_policies(const struct cli_options *options, struct tfr_policies *policies,
                       struct tfr_error *err)
{
    if (!options->no_builtin)
        tfr_policies_add_builtin(policies);
    for (size_t i = 0; i < options->policy_path_count; i++) {
        if (!tfr_policies_load(policies, options->policy_paths[i], err))
            return false;
    }
    if (options->config != NULL && !tfr_config_apply(options->config, policies, err))
        return false;
    if (!tfr_policies_select(policies, options->checks, options->check_count, options->skips,
                             options->skip_count, err))
        return false;
    if (tfr_policies_count(policies) == 0)
        return tfr_fail(err, TFR_E_USAGE, "usage", "no policy is left to evaluate");
    return true;
}

static void read_inputs(struct run *run)
{
    const struct tfr_sink sink = {
        .ctx = run, .document = judge, .refused = refuse, .skipped = skip, .progress = progress
    };

    cli_progress_start(!run->options->quiet);
    if (run->options->input_count == 0)
        tfr_read_input("-", &run->options->read, &sink);
    for (size_t i = 0; i < run->options->input_count; i++)
        tfr_read_input(run->options->inputs[i], &run->options->read, &sink);
    cli_progress_clear();
}

/* A baseline of what could not be read would hide it. */
static bool write_baseline(const struct cli_options *options, const struct tfr_report *report,
                           struct tfr_error *err)
{
    if (options->create_baseline == NULL)
        return true;
    if (report->exit_code == TFR_EXIT_ERROR)
        return tfr_fail(err, TFR_E_USAGE, "usage",
                        "no baseline is written: not everything could be read");
    return cli_write_baseline(options->create_baseline, report, err);
}

static int exit_code(const struct cli_options *options, const struct tfr_report *report)
{
    const bool judged =
        report->exit_code == TFR_EXIT_NO_GO || report->exit_code == TFR_EXIT_CONDITIONAL;

    if (options->soft_fail && judged)
        return TFR_EXIT_GO;
    if (options->fail_on == CLI_FAIL_ON_NO_GO && report->exit_code == TFR_EXIT_CONDITIONAL)
        return TFR_EXIT_GO;
    return (int)report->exit_code;
}

/* A report for people shows none. */
static bool needs_fingerprints(const struct cli_options *options)
{
    bool needed = options->baseline != NULL || options->create_baseline != NULL;

    for (size_t i = 0; i < options->output_count; i++)
        needed = needed || options->outputs[i].format->fingerprints;
    return needed;
}

static int check(const struct cli_options *options, struct tfr_policies *policies,
                 struct tfr_waivers *waivers)
{
    const struct tfr_report_options report_options = { .keep_rows = options->show_passed,
                                                       .before_apply =
                                                           options->expect == CLI_EXPECT_ANY,
                                                       .waivers = waivers,
                                                       .config = options->config,
                                                       .policies = policies };
    struct run run = { .options = options,
                       .evaluate = options->evaluate,
                       .policies = policies,
                       .waivers = waivers,
                       .report = tfr_report_new(&report_options) };
    struct tfr_error err = { 0 };
    struct tfr_report *report;
    const char *stage;
    int code;

    run.evaluate.no_fingerprints = !needs_fingerprints(options);
    tfr_large_pages_allow();
    run.state = cli_load_state(options, &err);
    if (err.code != TFR_OK)
        refuse(&run, options->state, NULL, &err);
    else
        read_inputs(&run);
    err = (struct tfr_error){ 0 };
    stage = tfr_timing_enter(options->timing, "report");
    report = tfr_report_finish(run.report);
    code = exit_code(options, report);
    if (!write_baseline(options, report, &err) ||
        !cli_write_outputs(options, &(struct cli_subject){ .report = report }, &err)) {
        cli_say_error(NULL, NULL, &err);
        code = TFR_EXIT_ERROR;
    }
    tfr_timing_memory(options->timing, "report", report->arena.bytes);
    (void)tfr_timing_enter(options->timing, stage);
    tfr_report_free(report);
    tfr_findings_fini(&run.findings);
    tfr_document_free(run.lasting);
    tfr_document_free(run.state);
    cli_say_timing(options->timing);
    return code;
}

int cli_check(int argc, char **argv)
{
    struct cli_options options = { 0 };
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_waivers *waivers = NULL;
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (!cli_options_parse(argc, argv, &options, &err)) {
        cli_say_error(NULL, NULL, &err);
    } else if (cli_is_question(&options)) {
        code = cli_answer(&options);
    } else if (options.version) {
        (void)printf("tfready %s\n", TFREADY_VERSION);
        code = cli_close_stdout();
    } else if (options.input_count == 0 && isatty(STDIN_FILENO)) {
        (void)tfr_fail(&err, TFR_E_USAGE, "usage", "nothing to read");
        (void)tfr_fail_hint(&err, "name a file, or pipe: terraform show -json tfplan | tfready");
        cli_say_error(NULL, NULL, &err);
    } else if (!cli_load_policies(&options, policies, &err) ||
               (waivers = cli_load_waivers(&options, &err)) == NULL) {
        cli_say_error(NULL, NULL, &err);
    } else {
        code = check(&options, policies, waivers);
    }
    tfr_waivers_free(waivers);
    tfr_policies_free(policies);
    cli_options_fini(&options);
    return code;
}

int cli_manual(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    cli_options_manual(stdout);
    return cli_close_stdout();
}
