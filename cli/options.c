/* SPDX-License-Identifier: Apache-2.0 */
/* The command line. One table feeds the parser, --help and the manual page. */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* What the words behind an option mean. */
enum argument { ARG_NONE, ARG_TEXT, ARG_SIZE, ARG_COUNT, ARG_SECONDS };

enum option_id {
    OPT_OUTPUT = 256,
    OPT_ENV,
    OPT_EXPECT,
    OPT_FAIL_ON,
    OPT_SOFT_FAIL,
    OPT_CHECK,
    OPT_SKIP_CHECK,
    OPT_POLICY,
    OPT_NO_BUILTIN,
    OPT_POLICY_MODE,
    OPT_UNDECIDED,
    OPT_SHOW_PASSED,
    OPT_QUIET,
    OPT_NO_COLOR,
    OPT_ASCII,
    OPT_MAX_DEPTH,
    OPT_MAX_INPUT,
    OPT_MAX_STRING,
    OPT_MAX_RESOURCES,
    OPT_MAX_UNPACKED,
    OPT_MAX_MEMBERS,
    OPT_MAX_RATIO,
    OPT_TIMEOUT,
    OPT_HELP,
    OPT_VERSION,
};

struct row {
    int id; /* 0: a heading */
    char letter;
    const char *name;
    enum argument argument;
    const char *word; /* how --help calls the argument */
    const char *help; /* of a heading: its text */
};

static const struct row table[] = {
    { .help = "What is written" },
    { OPT_OUTPUT, 'o', "output", ARG_TEXT, "FORMAT[=FILE]",
      "form of the report, to standard output or FILE; may be repeated (default text)" },
    { OPT_SHOW_PASSED, 0, "show-passed", ARG_NONE, NULL,
      "list what was looked at and found good, too" },
    { OPT_QUIET, 'q', "quiet", ARG_NONE, NULL, "the verdict line only" },
    { OPT_NO_COLOR, 0, "no-color", ARG_NONE, NULL,
      "no colour; also when NO_COLOR is set or output is no terminal" },
    { OPT_ASCII, 0, "ascii", ARG_NONE, NULL, "nothing but ASCII in the text report" },
    { .help = "How it is judged" },
    { OPT_ENV, 0, "env", ARG_TEXT, "NAME",
      "production, staging or development (default: found in the document)" },
    { OPT_EXPECT, 0, "expect", ARG_TEXT, "KIND",
      "plan or state: anything else cannot be read (default: both are judged)" },
    { OPT_FAIL_ON, 0, "fail-on", ARG_TEXT, "VERDICT",
      "conditional (default), or no-go: then a CONDITIONAL GO exits with 0" },
    { OPT_SOFT_FAIL, 0, "soft-fail", ARG_NONE, NULL,
      "exit with 0 whatever the verdict; unreadable input still exits with 2" },
    { .help = "Policies" },
    { OPT_CHECK, 'c', "check", ARG_TEXT, "GLOB",
      "only policies whose id matches; may be repeated" },
    { OPT_SKIP_CHECK, 0, "skip-check", ARG_TEXT, "GLOB",
      "not the policies whose id matches; may be repeated" },
    { OPT_POLICY, 'p', "policy", ARG_TEXT, "PATH",
      "add the policies of a file or folder; may be repeated" },
    { OPT_POLICY, 0, "external-checks-dir", ARG_TEXT, "PATH", "the same, under checkov's name" },
    { OPT_NO_BUILTIN, 0, "no-builtin", ARG_NONE, NULL, "leave the built-in policies out" },
    { OPT_POLICY_MODE, 0, "policy-mode", ARG_TEXT, "MODE",
      "true (default), or checkov: answer as checkov would, bug for bug" },
    { OPT_UNDECIDED, 0, "undecided", ARG_TEXT, "WHAT",
      "what is not known before the apply: report (default), fail or pass" },
    { .help = "Limits (K, M, G: powers of 1024)" },
    { OPT_MAX_DEPTH, 0, "max-depth", ARG_COUNT, "N", "levels of JSON nesting (512)" },
    { OPT_MAX_INPUT, 0, "max-input-bytes", ARG_SIZE, "N", "bytes of one input (64G)" },
    { OPT_MAX_STRING, 0, "max-string-bytes", ARG_SIZE, "N", "bytes of one string or number (64M)" },
    { OPT_MAX_RESOURCES, 0, "max-resources", ARG_SIZE, "N",
      "resources of one document (10000000)" },
    { OPT_MAX_UNPACKED, 0, "max-unpacked-bytes", ARG_SIZE, "N",
      "bytes that one compressed input unpacks to (64G)" },
    { OPT_MAX_MEMBERS, 0, "max-members", ARG_SIZE, "N", "members of one archive (100000)" },
    { OPT_MAX_RATIO, 0, "max-ratio", ARG_SIZE, "N",
      "how many times its size an input unpacks to, beyond 64M (250)" },
    { OPT_TIMEOUT, 0, "timeout", ARG_SECONDS, "SECONDS", "longest wait for standard input (none)" },
    { .help = "Other" },
    { OPT_HELP, 'h', "help", ARG_NONE, NULL, "this text" },
    { OPT_VERSION, 'V', "version", ARG_NONE, NULL, "the version" },
};

#define ROWS (sizeof table / sizeof table[0])

/* ---- arguments ---------------------------------------------------------------------------------
 */

static bool parse_number(const struct row *row, const char *text, uint64_t max, uint64_t *out,
                         struct tfr_error *err)
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

static bool set_output(struct cli_options *options, const char *text, struct tfr_error *err)
{
    const char *equals = strchr(text, '=');
    size_t len = equals != NULL ? (size_t)(equals - text) : strlen(text);
    char name[32] = "";
    const struct tfr_format *format = NULL;
    struct tfr_buf known = { 0 };

    if (len < sizeof name) {
        memcpy(name, text, len);
        name[len] = '\0';
        format = tfr_format_find(name);
    }
    if (format == NULL) {
        for (format = tfr_formats(); format->name != NULL; format++)
            tfr_buf_printf(&known, "%s%s", known.len > 0 ? ", " : "", format->name);
        (void)tfr_fail(err, TFR_E_USAGE, "usage", "there is no output format of that name");
        (void)tfr_fail_hint(err, "formats: %s", tfr_buf_text(&known));
        tfr_buf_fini(&known);
        return false;
    }
    if (equals != NULL && equals[1] == '\0')
        return tfr_fail(err, TFR_E_USAGE, "usage", "-o %s= lacks the name of a file", name);
    options->outputs =
        tfr_realloc(options->outputs, (options->output_count + 1) * sizeof *options->outputs);
    options->outputs[options->output_count++] =
        (struct cli_output){ .format = format, .file = equals != NULL ? equals + 1 : NULL };
    return true;
}

static bool set_env(struct cli_options *options, const char *text, struct tfr_error *err)
{
    if (!tfr_environment_parse(text, &options->evaluate.environment))
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

static bool set_undecided(struct cli_options *options, const char *text, struct tfr_error *err)
{
    static const char *const words[] = { "report", "fail", "pass" };

    for (int i = 0; i < 3; i++) {
        if (strcmp(text, words[i]) == 0) {
            options->evaluate.undecided = (enum tfr_undecided)i;
            return true;
        }
    }
    return tfr_fail(err, TFR_E_USAGE, "usage", "--undecided wants report, fail or pass");
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

static bool set_limit(struct tfr_limits *limits, const struct row *row, const char *text,
                      struct tfr_error *err)
{
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
    default:
        limits->timeout_ms = (uint32_t)number * 1000;
        break;
    }
    return true;
}

static bool set_flag(struct cli_options *options, const struct row *row)
{
    switch (row->id) {
    case OPT_SOFT_FAIL:
        options->soft_fail = true;
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
    case OPT_NO_COLOR:
        options->no_color = true;
        break;
    case OPT_ASCII:
        options->ascii = true;
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

static bool apply(struct cli_options *options, const struct row *row, const char *text,
                  struct tfr_error *err)
{
    switch (row->id) {
    case OPT_OUTPUT:
        return set_output(options, text, err);
    case OPT_ENV:
        return set_env(options, text, err);
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
    case OPT_POLICY:
        push(&options->policy_paths, &options->policy_path_count, text);
        return true;
    default:
        return row->argument == ARG_NONE ? set_flag(options, row)
                                         : set_limit(&options->read.limits, row, text, err);
    }
}

/* ---- parsing -----------------------------------------------------------------------------------
 */

/* The two forms getopt_long() wants of the table. `longs` is ended by a row of zeros. */
static void prepare(struct option *longs, char *letters)
{
    size_t count = 0;

    *letters++ = ':'; /* say '?' and ':' for unknown and incomplete options, print nothing */
    for (size_t i = 0; i < ROWS; i++) {
        if (table[i].id == 0)
            continue;
        longs[count++] = (struct option){
            .name = table[i].name,
            .has_arg = table[i].argument == ARG_NONE ? no_argument : required_argument,
            .flag = NULL,
            .val = (int)i + 1000,
        };
        if (table[i].letter == 0)
            continue;
        *letters++ = table[i].letter;
        if (table[i].argument != ARG_NONE)
            *letters++ = ':';
    }
    longs[count] = (struct option){ 0 };
    *letters = '\0';
}

static const struct row *row_of(int code)
{
    if (code >= 1000)
        return &table[code - 1000];
    for (size_t i = 0; i < ROWS; i++) {
        if (table[i].letter != 0 && table[i].letter == code)
            return &table[i];
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

bool cli_options_parse(int argc, char **argv, struct cli_options *out, struct tfr_error *err)
{
    struct option longs[ROWS + 1];
    char letters[2 * ROWS + 2];
    int code;

    prepare(longs, letters);
    optind = 1;
    while ((code = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
        const struct row *row = code == '?' || code == ':' ? NULL : row_of(code);

        if (row == NULL)
            return bad_option(code, argv, err);
        if (!apply(out, row, optarg, err))
            return false;
    }
    out->inputs = (const char *const *)argv + optind;
    out->input_count = (size_t)(argc - optind);
    return out->output_count > 0 || set_output(out, "text", err);
}

void cli_options_fini(struct cli_options *options)
{
    tfr_free(options->outputs);
    tfr_free(options->policy_paths);
    tfr_free(options->checks);
    tfr_free(options->skips);
    *options = (struct cli_options){ 0 };
}

/* ---- help --------------------------------------------------------------------------------------
 */

static const char commands[] =
    "  tfready [check] [OPTIONS] [FILE | DIRECTORY | -]...   judge plans and states (default)\n"
    "  tfready explain ADDRESS [FILE | -]                    all that is known about one object\n"
    "  tfready graph [GRAPH OPTIONS] [FILE | -]              draw who depends on whom:\n"
    "      --format dot|mermaid|json|graphml, --around ADDRESS, --depth N,\n"
    "      --direction up|down|both, --only-changes, --collapse module|count, --all\n"
    "  tfready policies list | show ID | lint PATH | test PATH   the policies, and tools for "
    "authors\n"
    "  tfready manual                                        this page for man(1)\n";

static const char exit_codes[] = "  0  GO\n"
                                 "  1  NO-GO\n"
                                 "  2  wrong use, unreadable input, broken policy, internal error\n"
                                 "  3  CONDITIONAL GO (0 with --fail-on no-go)\n"
                                 "  4  nothing to assess: no resource in the document\n";

void cli_options_help(FILE *out)
{
    (void)fprintf(out,
                  "tfready says whether a Terraform or OpenTofu plan is ready to apply.\n\n"
                  "  terraform show -json tfplan | tfready\n\n"
                  "Usage:\n%s\nNo file means standard input.\n",
                  commands);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &table[i];
        char left[64];

        if (row->id == 0) {
            (void)fprintf(out, "\n%s:\n", row->help);
            continue;
        }
        (void)snprintf(left, sizeof left, "%c%c%s--%s%s%s", row->letter != 0 ? '-' : ' ',
                       row->letter != 0 ? row->letter : ' ', row->letter != 0 ? ", " : "  ",
                       row->name, row->word != NULL ? " " : "", row->word != NULL ? row->word : "");
        (void)fprintf(out, "  %-30s %s\n", left, row->help);
    }
    (void)fprintf(out, "\nFormats:\n");
    for (const struct tfr_format *format = tfr_formats(); format->name != NULL; format++)
        (void)fprintf(out, "  %-12s %s\n", format->name, format->summary);
    (void)fprintf(out, "\nExit codes:\n%s", exit_codes);
}

void cli_options_manual(FILE *out)
{
    (void)fprintf(out,
                  ".TH TFREADY 1\n.SH NAME\ntfready \\- is this plan ready to apply?\n"
                  ".SH SYNOPSIS\n.nf\n%s.fi\n.SH DESCRIPTION\n"
                  "Reads Terraform and OpenTofu plans and states, and says GO, CONDITIONAL GO or\n"
                  "NO\\-GO, with a score and the reason for every point. No file means standard\n"
                  "input. Values marked as sensitive are never written.\n.SH OPTIONS\n",
                  commands);
    for (size_t i = 0; i < ROWS; i++) {
        const struct row *row = &table[i];

        if (row->id == 0) {
            (void)fprintf(out, ".SS %s\n", row->help);
            continue;
        }
        (void)fprintf(out, ".TP\n.B ");
        if (row->letter != 0)
            (void)fprintf(out, "\\-%c, ", row->letter);
        (void)fprintf(out, "\\-\\-");
        for (const char *at = row->name; *at != '\0'; at++)
            (void)fprintf(out, *at == '-' ? "\\-" : "%c", *at);
        (void)fprintf(out, "%s%s\n%s\n", row->word != NULL ? " " : "",
                      row->word != NULL ? row->word : "", row->help);
    }
    (void)fprintf(out, ".SH EXIT STATUS\n.nf\n%s.fi\n", exit_codes);
}
