/* SPDX-License-Identifier: Apache-2.0 */
/* The table of options, and the pages made of it. */
#include "cli/options.h"
#include "cli/options_table.h"

const struct cli_option_row cli_option_rows[] = {
    { .help = "What is written" },
    { OPT_OUTPUT, 'o', "output", ARG_TEXT, "FORMAT[=FILE]",
      "form of the report, to standard output or FILE; may be repeated (default text)", NULL },
    { OPT_SHOW_PASSED, 0, "show-passed", ARG_NONE, NULL,
      "list what was looked at and found good, too", "false" },
    { OPT_QUIET, 'q', "quiet", ARG_NONE, NULL, "the verdict line only", NULL },
    { OPT_SUMMARY, 0, "summary", ARG_NONE, NULL,
      "text: a line per policy, and the score; of audits, the worst", NULL },
    { OPT_NO_COLOR, 0, "no-color", ARG_NONE, NULL,
      "no colour; also when NO_COLOR is set or output is no terminal", "false" },
    { OPT_ASCII, 0, "ascii", ARG_NONE, NULL,
      "nothing but ASCII in the text report: escapes for the rest", "false" },
    { OPT_TIMING, 0, "timing", ARG_NONE, NULL,
      "write to standard error what time and memory went to", NULL },
    { .help = "How it is judged" },
    { OPT_ENV, 0, "env", ARG_TEXT, "NAME",
      "production, staging or development (default: found in the document)",
      "found in the document" },
    { OPT_EXPECT, 0, "expect", ARG_TEXT, "KIND",
      "plan or state: anything else cannot be read (default: both are judged)", "any" },
    { OPT_STATE, 0, "state", ARG_TEXT, "FILE",
      "the state as it is now: a plan that was made from another one is stale, and not judged",
      NULL },
    { OPT_FAIL_ON, 0, "fail-on", ARG_TEXT, "VERDICT",
      "conditional (default), or no-go: then a CONDITIONAL GO exits with 0", "conditional" },
    { OPT_SOFT_FAIL, 0, "soft-fail", ARG_NONE, NULL,
      "exit with 0 whatever the verdict; unreadable input still exits with 2", NULL },
    { OPT_P1_IN_PRODUCTION, 0, "p1-in-production", ARG_TEXT, "VERDICT",
      "what an open P1 is in production: conditional (default) or no-go", "conditional" },
    { OPT_P0_COVERAGE, 0, "p0-coverage", ARG_COUNT, "PERCENT",
      "of possible P0, what production wants decided before the apply (90)", "90" },
    { OPT_COVERAGE, 0, "coverage", ARG_COUNT, "PERCENT", "of everything, the same (60)", "60" },
    { OPT_CONFIG, 0, "config", ARG_TEXT, "FILE",
      "settings (default .tfready.yaml here or above, up to the root of the repository)", NULL },
    { OPT_PROFILE, 0, "profile", ARG_TEXT, "FILE",
      "what a reviewer knows and no document says (default: the section profile of the settings)",
      NULL },
    { OPT_NO_CONFIG, 0, "no-config", ARG_NONE, NULL, "not even the default file", NULL },
    { OPT_SHOW_CONFIG, 0, "show-config", ARG_NONE, NULL,
      "show every setting and where it comes from, and end", NULL },
    { .help = "What is accepted" },
    { OPT_WAIVERS, 'w', "waivers", ARG_TEXT, "FILE",
      "waivers; may be repeated (default .tfready-waivers.yaml here, if it is there)", NULL },
    { OPT_NO_WAIVERS, 0, "no-waivers", ARG_NONE, NULL, "not even the default file", NULL },
    { OPT_WAIVE_P0, 0, "waive-p0", ARG_NONE, NULL,
      "a waiver, or the baseline, may accept a P0: otherwise it stays a NO-GO", "false" },
    { OPT_BASELINE, 0, "baseline", ARG_TEXT, "FILE", "only findings that are not in it count",
      NULL },
    { OPT_CREATE_BASELINE, 0, "create-baseline", ARG_TEXT, "FILE",
      "write the findings of this run as a baseline", NULL },
    { OPT_AS_OF, 0, "as-of", ARG_TEXT, "DAY",
      "the day on which waivers are looked at, YYYY-MM-DD (default today)", NULL },
    { .help = "Policies" },
    { OPT_CHECK, 'c', "check", ARG_TEXT, "GLOB", "only policies whose id matches; may be repeated",
      NULL },
    { OPT_SKIP_CHECK, 0, "skip-check", ARG_TEXT, "GLOB",
      "not the policies whose id matches; may be repeated", NULL },
    { OPT_POLICY, 'p', "policy", ARG_TEXT, "PATH",
      "add the policies of a file or folder; may be repeated", NULL },
    { OPT_POLICY, 0, "external-checks-dir", ARG_TEXT, "PATH", "the same, under checkov's name",
      NULL },
    { OPT_NO_BUILTIN, 0, "no-builtin", ARG_NONE, NULL, "leave the built-in policies out", "false" },
    { OPT_POLICY_MODE, 0, "policy-mode", ARG_TEXT, "MODE",
      "true (default), or checkov: answer as checkov would, bug for bug", "true" },
    { OPT_UNDECIDED, 0, "undecided", ARG_TEXT, "WHAT",
      "what is not known before the apply: report (default), block, fail, pass", "report" },
    { .help = "Limits (K, M, G: powers of 1024)" },
    { OPT_MAX_DEPTH, 0, "max-depth", ARG_COUNT, "N", "levels of JSON nesting (512)", "512" },
    { OPT_MAX_INPUT, 0, "max-input-bytes", ARG_SIZE, "N", "bytes of one input (64G)", "64G" },
    { OPT_MAX_STRING, 0, "max-string-bytes", ARG_SIZE, "N", "bytes of one string or number (64M)",
      "64M" },
    { OPT_MAX_RESOURCES, 0, "max-resources", ARG_SIZE, "N", "resources of one document (10000000)",
      "10000000" },
    { OPT_MAX_UNPACKED, 0, "max-unpacked-bytes", ARG_SIZE, "N",
      "bytes that one compressed input unpacks to (64G)", "64G" },
    { OPT_MAX_MEMBERS, 0, "max-members", ARG_SIZE, "N", "members of one archive (100000)",
      "100000" },
    { OPT_MAX_RATIO, 0, "max-ratio", ARG_SIZE, "N",
      "how many times its size an input unpacks to, beyond 64M (250)", "250" },
    { OPT_TIMEOUT, 0, "timeout", ARG_SECONDS, "SECONDS", "longest wait for standard input (none)",
      "none" },
    { .help = "Audits alone (tfready audit)" },
    { OPT_JOBS, 'j', "jobs", ARG_COUNT, "N", "processes that read at once (1)", NULL },
    { OPT_NO_ACROSS, 0, "no-across", ARG_NONE, NULL,
      "ask nothing across documents: memory does not grow with their number", NULL },
    { OPT_HISTORY, 0, "history", ARG_TEXT, "FILE",
      "keep what was found, by day (--as-of), for tfready trend", NULL },
    { OPT_KEEP_GOING, 0, "keep-going", ARG_NONE, NULL,
      "the default: one bad document stops nothing", NULL },
    { .help = "Drawings alone (tfready graph)" },
    { OPT_FORMAT, 0, "format", ARG_TEXT, "FORMAT", "dot (default), mermaid, json or graphml",
      NULL },
    { OPT_AROUND, 0, "around", ARG_TEXT, "ADDRESS",
      "only what hangs together with it; * and ? match", NULL },
    { OPT_DEPTH, 0, "depth", ARG_COUNT, "N", "at most N edges away from it (any)", NULL },
    { OPT_DIRECTION, 0, "direction", ARG_TEXT, "WAY",
      "up: what depends on it, down: what it depends on, both (default)", NULL },
    { OPT_COLLAPSE, 0, "collapse", ARG_TEXT, "WHAT",
      "one box for all instances of a block (count), or for a module (module)", NULL },
    { OPT_ONLY_CHANGES, 0, "only-changes", ARG_NONE, NULL, "nothing that stays as it is", NULL },
    { OPT_ALL, 0, "all", ARG_NONE, NULL, "every node, of every kind, without a limit", NULL },
    { .help = "Other" },
    { OPT_HELP, 'h', "help", ARG_NONE, NULL, "this text", NULL },
    { OPT_VERSION, 'V', "version", ARG_NONE, NULL, "the version", NULL },
};

const size_t cli_option_row_count = sizeof cli_option_rows / sizeof cli_option_rows[0];

/* ---- help --------------------------------------------------------------------------------------
 */

static const char commands[] =
    "  tfready [check] [OPTIONS] [FILE | DIRECTORY | -]...   judge plans and states (default)\n"
    "  tfready audit [OPTIONS] PATH | @LIST | -...           many states and plans at once\n"
    "  tfready audit merge [-o FORMAT] FILE...               lines of several audits into one\n"
    "  tfready trend [--since DAY] [--json] FILE             what came and went, from a history\n"
    "  tfready diff [OPTIONS] OLD NEW                        what is fixed, still there, new: "
    "reports,\n"
    "                                                        plans or states; 1 if something got "
    "worse\n"
    "  tfready explain [OPTIONS] ADDRESS [FILE | -]          all that is known about one object\n"
    "  tfready graph [OPTIONS] [FILE | -]                    draw who depends on whom\n"
    "  tfready policies list | show ID | lint PATH | test PATH   the policies, and tools for "
    "authors\n"
    "  tfready profile lint FILE                             what is wrong with a profile\n"
    "  tfready waivers lint [FILE]                           what is wrong with a waiver file\n"
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
    for (size_t i = 0; i < cli_option_row_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
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
    for (size_t i = 0; i < cli_option_row_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];

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
