/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. */
#include "cli/options.h"
#include "cli/graph_command.h"
#include "cli/options_table.h"
#include "cli/settings.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* ---- arguments ---------------------------------------------------------------------------------
 */

static bool parse_number(const struct cli_option_row *row, const char *text, uint64_t max,
                         uint64_t *out, struct tfr_error *err)
{
    static const char suffixes[] = "KMG";
    const char *suffix;
    char *end;
    unsigned long long number;
    unsigned shift = 0;

    errno = 0;
    number = strtoull(text, &end, 10);
    if (row->argument == ARG_SIZE && *end != '\0' && end[1] == '\0') {
        suffix = strchr(suffixes, *end);
        shift = suffix != NULL ? (unsigned)(suffix - suffixes + 1) * 10 : 0;
        end += suffix != NULL;
    }
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || number == 0 ||
        number > (max >> shift))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s wants a whole number from 1%s", row->name,
                        row->argument == ARG_SIZE ? ", K, M or G may follow" : "");
    *out = (uint64_t)number << shift;
    return true;
}

/* A format of reports, of audits or of comparisons. */
static bool find_format(const struct cli_options *options, const char *name,
                        struct cli_output *output)
{
    if (options->command == CLI_DIFF)
        return tfr_diff_form_find(name, &output->diff);
    if (options->command == CLI_CHECK) {
        output->format = tfr_format_find(name);
        return output->format != NULL;
    }
    output->lines = strcmp(name, "ndjson") == 0;
    output->audit = tfr_audit_format_find(name);
    return output->lines || output->audit != NULL;
}

static void known_formats(const struct cli_options *options, struct tfr_buf *out)
{
    if (options->command == CLI_DIFF) {
        tfr_buf_puts(out, "text, markdown, json");
        return;
    }
    if (options->command == CLI_AUDIT) {
        tfr_buf_puts(out, "text, ndjson, json, csv, prometheus, markdown, html");
        return;
    }
    for (const struct tfr_format *format = tfr_formats(); format->name != NULL; format++)
        tfr_buf_printf(out, "%s%s", out->len > 0 ? ", " : "", format->name);
}

static bool set_output(struct cli_options *options, const char *text, struct tfr_error *err)
{
    const char *equals = strchr(text, '=');
    size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    char name[32] = "";
    struct cli_output output = { .file = equals != NULL ? equals + 1 : NULL };
    struct tfr_buf known = { 0 };

    if (len < sizeof name) {
        memcpy(name, text, len);
        name[len] = '\0';
    }
    if (!find_format(options, name, &output)) {
        known_formats(options, &known);
        (void)tfr_fail(err, TFR_E_USAGE, "usage", "there is no output format of that name");
        (void)tfr_fail_hint(err, "formats: %s", tfr_buf_text(&known));
        tfr_buf_fini(&known);
        return false;
    }
    if (equals != NULL && equals[1] == '\0')
        return tfr_fail(err, TFR_E_USAGE, "usage", "-o %s= lacks the name of a file", name);
    options->outputs =
        tfr_realloc(options->outputs, (options->output_count + 1) * sizeof *options->outputs);
    options->outputs[options->output_count++] = output;
    return true;
}

static bool set_env(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (!tfr_config_environment(options->config, text, &options->evaluate.environment))
        return tfr_fail(err, TFR_E_USAGE, "usage",
                        "--env wants production, staging or development");
    options->evaluate.has_environment = true;
    return true;
}

static bool set_fail_on(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (strcmp(text, "no-go") == 0)
        options->fail_on = CLI_FAIL_ON_NO_GO;
    else if (strcmp(text, "conditional") == 0 || strcmp(text, "conditional-go") == 0)
        options->fail_on = CLI_FAIL_ON_CONDITIONAL;
    else
        return tfr_fail(err, TFR_E_USAGE, "usage", "--fail-on wants conditional or no-go");
    return true;
}

static bool set_expect(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (strcmp(text, "plan") == 0)
        options->expect = CLI_EXPECT_PLAN;
    else if (strcmp(text, "state") == 0)
        options->expect = CLI_EXPECT_STATE;
    else
        return tfr_fail(err, TFR_E_USAGE, "usage", "--expect wants plan or state");
    return true;
}

static bool set_as_of(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (!tfr_day_is_valid(text))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--as-of wants a day such as 2026-12-31");
    options->as_of = text;
    return true;
}

static bool set_undecided(struct cli_options *options, const char *text, struct tfr_error *err)
{
    static const char *const words[] = { "report", "fail", "pass", "block" };

    for (int i = 0; i < 4; i++) {
        if (strcmp(text, words[i]) == 0) {
            options->evaluate.undecided = (enum tfr_undecided)i;
            return true;
        }
    }
    return tfr_fail(err, TFR_E_USAGE, "usage", "--undecided wants report, block, fail or pass");
}

static bool set_p1(struct cli_options *options, const char *text, struct tfr_error *err)
{
    const bool no_go = strcmp(text, "no-go") == 0;

    if (!no_go && strcmp(text, "conditional") != 0)
        return tfr_fail(err, TFR_E_USAGE, "usage", "--p1-in-production wants conditional or no-go");
    options->evaluate.strict.p1_is_no_go = no_go;
    return true;
}

static bool set_percent(const struct cli_option_row *row, const char *text, int *out,
                        struct tfr_error *err)
{
    uint64_t number = 0;

    if (!parse_number(row, text, 100, &number, err))
        return false;
    *out = (int)number;
    return true;
}

static bool set_mode(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (strcmp(text, "checkov") == 0)
        options->evaluate.mode = TFR_MODE_CHECKOV;
    else if (strcmp(text, "true") == 0)
        options->evaluate.mode = TFR_MODE_TRUE;
    else
        return tfr_fail(err, TFR_E_USAGE, "usage", "--policy-mode wants true or checkov");
    return true;
}

static void push(const char ***list, size_t *count, const char *text)
{
    *list = tfr_realloc(*list, (*count + 1) * sizeof **list);
    (*list)[(*count)++] = text;
}

static bool set_limit(struct cli_options *options, const struct cli_option_row *row,
                      const char *text, struct tfr_error *err)
{
    struct tfr_limits *limits = &options->read.limits;
    const bool small = row->argument != ARG_SIZE;
    const uint64_t max = row->argument == ARG_SECONDS ? UINT32_MAX / 1000
                         : small                      ? UINT32_MAX
                                                      : UINT64_MAX;
    uint64_t number = 0;

    if (!parse_number(row, text, max, &number, err))
        return false;
    switch (row->id) {
    case OPT_MAX_DEPTH:
        limits->depth = (uint32_t)number;
        break;
    case OPT_MAX_INPUT:
        limits->input_bytes = number;
        break;
    case OPT_MAX_STRING:
        limits->string_bytes = number;
        break;
    case OPT_MAX_RESOURCES:
        limits->resources = number;
        break;
    case OPT_MAX_UNPACKED:
        limits->unpacked_bytes = number;
        break;
    case OPT_MAX_MEMBERS:
        limits->members = number;
        break;
    case OPT_MAX_RATIO:
        limits->ratio = number;
        break;
    case OPT_JOBS:
        options->jobs = (unsigned)number;
        break;
    default:
        limits->timeout_ms = (uint32_t)number * 1000;
        break;
    }
    return true;
}

static bool set_flag(struct cli_options *options, const struct cli_option_row *row)
{
    switch (row->id) {
    case OPT_SOFT_FAIL:
        options->soft_fail = true;
        break;
    case OPT_NO_WAIVERS:
        options->no_waivers = true;
        break;
    case OPT_WAIVE_P0:
        options->waive_p0 = true;
        break;
    case OPT_NO_BUILTIN:
        options->no_builtin = true;
        break;
    case OPT_SHOW_PASSED:
        options->show_passed = true;
        break;
    case OPT_QUIET:
        options->quiet = true;
        break;
    case OPT_SUMMARY:
        options->summary = true;
        break;
    case OPT_NO_COLOR:
        options->no_color = true;
        break;
    case OPT_ASCII:
        options->ascii = true;
        break;
    case OPT_TIMING:
        if (options->timing == NULL)
            options->timing = tfr_timing_new("start and end");
        options->read.timing = options->evaluate.timing = options->timing;
        break;
    case OPT_NO_ACROSS:
        options->no_across = true;
        break;
    case OPT_KEEP_GOING:
        break;
    case OPT_NO_CONFIG:
        options->no_config = true;
        break;
    case OPT_SHOW_CONFIG:
        options->show_config = true;
        break;
    case OPT_HELP:
        options->help = true;
        break;
    default:
        options->version = true;
        break;
    }
    return true;
}

bool cli_option_apply(struct cli_options *options, const struct cli_option_row *row,
                      const char *text, struct tfr_error *err)
{
    if (row->id >= OPT_FORMAT && row->id <= OPT_ALL)
        return cli_graph_set(&options->draw, row, text, err);
    switch (row->id) {
    case OPT_OUTPUT:
        return set_output(options, text, err);
    case OPT_ENV:
        return set_env(options, text, err);
    case OPT_STATE:
        options->state = text;
        return true;
    case OPT_EXPECT:
        return set_expect(options, text, err);
    case OPT_FAIL_ON:
        return set_fail_on(options, text, err);
    case OPT_UNDECIDED:
        return set_undecided(options, text, err);
    case OPT_POLICY_MODE:
        return set_mode(options, text, err);
    case OPT_CHECK:
        push(&options->checks, &options->check_count, text);
        return true;
    case OPT_SKIP_CHECK:
        push(&options->skips, &options->skip_count, text);
        return true;
    case OPT_HISTORY:
        options->history = text;
        return true;
    case OPT_WAIVERS:
        push(&options->waiver_files, &options->waiver_file_count, text);
        return true;
    case OPT_BASELINE:
        options->baseline = text;
        return true;
    case OPT_CREATE_BASELINE:
        options->create_baseline = text;
        return true;
    case OPT_AS_OF:
        return set_as_of(options, text, err);
    case OPT_P1_IN_PRODUCTION:
        return set_p1(options, text, err);
    case OPT_P0_COVERAGE:
        return set_percent(row, text, &options->evaluate.strict.p0_coverage, err);
    case OPT_COVERAGE:
        return set_percent(row, text, &options->evaluate.strict.coverage, err);
    case OPT_CONFIG:
        options->config_file = text;
        return true;
    case OPT_PROFILE:
        options->profile = text;
        return true;
    case OPT_POLICY:
        push(&options->policy_paths, &options->policy_path_count, text);
        return true;
    default:
        return row->argument == ARG_NONE ? set_flag(options, row)
                                         : set_limit(options, row, text, err);
    }
}

/* ---- parsing -----------------------------------------------------------------------------------
 */

/* The two forms getopt_long() wants of the table. `longs` is ended by a row of zeros. */
static void prepare(struct option *longs, char *letters)
{
    size_t count = 0;

    *letters++ = ':'; /* say '?' and ':' for unknown and incomplete options, print nothing */
    for (size_t i = 0; i < cli_option_row_count; i++) {
        if (cli_option_rows[i].id == 0)
            continue;
        longs[count++] = (struct option){
            .name = cli_option_rows[i].name,
            .has_arg = cli_option_rows[i].argument == ARG_NONE ? no_argument : required_argument,
            .flag = NULL,
            .val = (int)i + 1000,
        };
        if (cli_option_rows[i].letter == 0)
            continue;
        *letters++ = cli_option_rows[i].letter;
        if (cli_option_rows[i].argument != ARG_NONE)
            *letters++ = ':';
    }
    longs[count] = (struct option){ 0 };
    *letters = '\0';
}

static const struct cli_option_row *row_of(int code)
{
    if (code >= 1000)
        return &cli_option_rows[code - 1000];
    for (size_t i = 0; i < cli_option_row_count; i++) {
        if (cli_option_rows[i].letter != 0 && cli_option_rows[i].letter == code)
            return &cli_option_rows[i];
    }
    return NULL;
}

static bool bad_option(int code, char **argv, struct tfr_error *err)
{
    const char *word = argv[optind - 1];

    (void)tfr_fail(err, TFR_E_USAGE, "usage",
                   code == ':' ? "option %.80s lacks its argument"
                               : "unknown or ambiguous option %.80s",
                   word);
    return tfr_fail_hint(err, "`tfready --help` lists the options");
}

/* Words as they stand on the command line; they are done when the file and the environment are. */
struct words {
    struct cli_word *at;
    size_t count, cap;
};

static bool is_of_graph(const struct cli_option_row *row)
{
    return row->id >= OPT_FORMAT && row->id <= OPT_ALL;
}

/* What holds for every command that reads a document. Those without colour can do without it. */
static bool is_of_reading(const struct cli_option_row *row)
{
    return (row->id >= OPT_MAX_DEPTH && row->id <= OPT_TIMEOUT) || row->id == OPT_CONFIG ||
           row->id == OPT_NO_CONFIG || row->id == OPT_NO_COLOR || row->id == OPT_HELP;
}

static bool is_of_judging(const struct cli_option_row *row)
{
    static const int ids[] = { OPT_ENV,     OPT_CHECK,      OPT_SKIP_CHECK,  OPT_POLICY,
                               OPT_PROFILE, OPT_NO_BUILTIN, OPT_POLICY_MODE, OPT_UNDECIDED };

    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++) {
        if (ids[i] == row->id)
            return true;
    }
    return false;
}

/* An option that a command would not heed is refused: it would look as if it were heeded. */
static bool is_meant(const struct cli_options *options, const struct cli_option_row *row,
                     struct tfr_error *err)
{
    if (options->command != CLI_GRAPH && is_of_graph(row))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s is for tfready graph", row->name);
    if (options->command == CLI_GRAPH && !is_of_graph(row) && !is_of_reading(row))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s has no meaning for tfready graph",
                        row->name);
    if (options->command == CLI_EXPLAIN && !is_of_judging(row) && !is_of_reading(row))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s has no meaning for tfready explain",
                        row->name);
    return true;
}

static bool take_option(int code, char **argv, const struct cli_options *options,
                        struct words *words, struct tfr_error *err)
{
    const struct cli_option_row *row = code == '?' || code == ':' ? NULL : row_of(code);

    if (row == NULL)
        return bad_option(code, argv, err);
    if (options->command != CLI_AUDIT && (row->id == OPT_JOBS || row->id == OPT_NO_ACROSS ||
                                          row->id == OPT_HISTORY || row->id == OPT_KEEP_GOING))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s is for tfready audit", row->name);
    if (options->command == CLI_AUDIT &&
        (row->id == OPT_SHOW_PASSED || row->id == OPT_CREATE_BASELINE))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s is not for tfready audit", row->name);
    if (options->command == CLI_DIFF &&
        (row->id == OPT_CREATE_BASELINE || row->id == OPT_STATE || row->id == OPT_SOFT_FAIL))
        return tfr_fail(err, TFR_E_USAGE, "usage", "--%s is not for tfready diff", row->name);
    if (!is_meant(options, row, err))
        return false;
    words->at = tfr_grow(words->at, &words->cap, words->count + 1, sizeof *words->at);
    words->at[words->count++] = (struct cli_word){ row, optarg };
    return true;
}

bool cli_options_parse(int argc, char **argv, struct cli_options *out, struct tfr_error *err)
{
    struct option *longs = tfr_calloc(cli_option_row_count + 1, sizeof *longs);
    char *letters = tfr_malloc(2 * cli_option_row_count + 2);
    struct words words = { 0 };
    bool ok = true;
    int code;

    prepare(longs, letters);
    optind = 1;
    while (ok && (code = getopt_long(argc, argv, letters, longs, NULL)) != -1)
        ok = take_option(code, argv, out, &words, err);
    tfr_free(longs);
    tfr_free(letters);
    out->inputs = (const char *const *)argv + optind;
    out->input_count = (size_t)(argc - optind);
    ok = ok && cli_settle(out, words.at, words.count, err);
    tfr_free(words.at);
    return ok && (out->output_count > 0 || set_output(out, "text", err));
}

void cli_options_fini(struct cli_options *options)
{
    tfr_free(options->outputs);
    tfr_free(options->policy_paths);
    tfr_free(options->waiver_files);
    tfr_free(options->checks);
    tfr_free(options->skips);
    tfr_free(options->sources);
    tfr_config_free(options->config);
    tfr_timing_free(options->timing);
    *options = (struct cli_options){ 0 };
}
