/* SPDX-License-Identifier: Apache-2.0 */
/* tfready policies: what is there, why it says what it says, and the tools of authors. */
#include "cli/policies_command.h"

#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

static int usage_error(const char *what)
{
    struct tfr_error err = { 0 };

    (void)tfr_fail(&err, TFR_E_USAGE, "usage", "%s", what);
    (void)tfr_fail_hint(&err,
                        "tfready policies list | show ID | lint PATH | test [--complete] PATH | "
                        "explain ID|FILE ADDRESS DOCUMENT");
    cli_say_error(NULL, NULL, &err);
    return TFR_EXIT_ERROR;
}

static int fail(const struct tfr_error *err)
{
    cli_say_error(NULL, NULL, err);
    return TFR_EXIT_ERROR;
}

static void print_severity(const struct tfr_policy *policy)
{
    (void)printf("%s/%s/%s", tfr_severity_name((enum tfr_severity)policy->severity[TFR_PRODUCTION]),
                 tfr_severity_name((enum tfr_severity)policy->severity[TFR_STAGING]),
                 tfr_severity_name((enum tfr_severity)policy->severity[TFR_DEVELOPMENT]));
}

/* The built-in ones, and those of the paths. */
static bool load_all(struct tfr_policies *policies, int argc, char **argv, struct tfr_error *err)
{
    tfr_policies_add_builtin(policies);
    for (int i = 0; i < argc; i++) {
        if (!tfr_policies_load(policies, argv[i], err))
            return false;
    }
    return true;
}

static int list(int argc, char **argv)
{
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (load_all(policies, argc, argv, &err)) {
        for (size_t i = 0; i < tfr_policies_count(policies); i++) {
            const struct tfr_policy *policy = tfr_policies_at(policies, i);

            (void)printf("%-16s ", policy->id);
            print_severity(policy);
            (void)printf("  %-14s %s\n", tfr_category_name(policy->category), policy->title);
        }
        code = cli_close_stdout();
    } else {
        (void)fail(&err);
    }
    tfr_policies_free(policies);
    return code;
}

static void print_text(const char *label, const char *text)
{
    if (text != NULL)
        (void)printf("%-9s %s\n", label, text);
}

static void print_policy(const struct tfr_policy *policy)
{
    (void)printf("%s  %s\n", policy->id, policy->title);
    print_text("category", tfr_category_name(policy->category));
    (void)fputs("severity  ", stdout);
    print_severity(policy);
    (void)fputs(" (production/staging/development)\n", stdout);
    print_text("why", policy->why);
    print_text("do", policy->fix);
    print_text("verify", policy->verify);
    for (const char *const *id = policy->maps_to; id != NULL && *id != NULL; id++)
        print_text(id == policy->maps_to ? "same as" : "", *id);
    print_text("source", policy->source);
}

static int show(int argc, char **argv)
{
    struct tfr_policies *policies = tfr_policies_new();
    const struct tfr_policy *policy;
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (argc < 1) {
        (void)usage_error("show needs the id of a policy");
    } else if (!load_all(policies, argc - 1, argv + 1, &err)) {
        (void)fail(&err);
    } else if ((policy = tfr_policies_find(policies, argv[0])) == NULL) {
        (void)usage_error("there is no policy with this id");
    } else {
        print_policy(policy);
        code = cli_close_stdout();
    }
    tfr_policies_free(policies);
    return code;
}

static int lint(int argc, char **argv)
{
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (argc != 1) {
        (void)usage_error("lint needs one file or directory");
    } else if (!tfr_policies_load(policies, argv[0], &err)) {
        (void)fail(&err);
    } else {
        const size_t found = tfr_policies_lint(policies, stdout);

        (void)printf("%zu policies, %zu remarks\n", tfr_policies_count(policies), found);
        code = cli_close_stdout();
        if (code == TFR_EXIT_GO && found > 0)
            code = TFR_EXIT_NO_GO;
    }
    tfr_policies_free(policies);
    return code;
}

static int test(int argc, char **argv)
{
    struct tfr_policies_test_options options = { .complete = false };
    struct tfr_policies_test_result result = { 0 };
    struct tfr_error err = { 0 };
    int code;

    if (argc > 0 && strcmp(argv[0], "--complete") == 0) {
        options.complete = true;
        argc--;
        argv++;
    }
    if (argc != 1)
        return usage_error("test needs one file or directory");
    if (!tfr_policies_test(argv[0], &options, stdout, &result, &err))
        return fail(&err);
    (void)printf("%zu cases of %zu policies, %zu different\n", result.cases, result.files,
                 result.different);
    code = cli_close_stdout();
    return code == TFR_EXIT_GO && result.different > 0 ? TFR_EXIT_NO_GO : code;
}

struct explanation {
    struct tfr_policies *policies;
    const char *address;
    bool read, found;
};

static void explain_document(void *ctx, struct tfr_document *document)
{
    struct explanation *explanation = ctx;
    struct tfr_graph *graph = tfr_graph_build(document);

    explanation->read = true;
    if (tfr_policies_explain(explanation->policies, explanation->address, document, graph, stdout))
        explanation->found = true;
    tfr_graph_free(graph);
    tfr_document_free(document);
}

static void refused(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    (void)ctx;
    cli_say_error(name, member, error);
}

/* The policy: an id of the catalogue, or a file that holds one. */
static bool take_policy(struct tfr_policies *policies, const char *name, struct tfr_error *err)
{
    const char *const globs[] = { name };

    tfr_policies_add_builtin(policies);
    if (tfr_policies_find(policies, name) != NULL)
        return tfr_policies_select(policies, globs, 1, NULL, 0, err);
    if (strchr(name, '/') == NULL && strchr(name, '.') == NULL)
        return tfr_fail(err, TFR_E_USAGE, "usage", "there is no policy with this id");
    return tfr_policies_select(policies, NULL, 0, (const char *const[]){ "*" }, 1, err) &&
           tfr_policies_load(policies, name, err);
}

static int explain(int argc, char **argv)
{
    struct explanation explanation = { .policies = tfr_policies_new() };
    const struct tfr_sink sink = { .ctx = &explanation,
                                   .document = explain_document,
                                   .refused = refused };
    const struct tfr_read_options options = { .piece = 0 };
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (argc != 3) {
        (void)usage_error("explain needs a policy, an address and a document");
    } else if (!take_policy(explanation.policies, argv[0], &err)) {
        (void)fail(&err);
    } else {
        explanation.address = argv[1];
        tfr_read_input(argv[2], &options, &sink);
        if (explanation.read && !explanation.found)
            (void)fputs("tfready: no object has this address\n", stderr);
        code = explanation.found ? cli_close_stdout() : TFR_EXIT_ERROR;
    }
    tfr_policies_free(explanation.policies);
    return code;
}

/* An argument looks like an option, and is none. */
static bool has_option(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (argv[i][0] == '-' && argv[i][1] != '\0' && strcmp(argv[i], "--complete") != 0)
            return true;
    }
    return false;
}

int tfr_cli_policies(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(int argc, char **argv);
    } verbs[] = {
        { "list", list }, { "show", show },       { "lint", lint },
        { "test", test }, { "explain", explain },
    };

    if (argc < 2)
        return usage_error("policies needs a verb");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            return has_option(argc - 2, argv + 2) ? usage_error("policies has no such option")
                                                  : verbs[i].run(argc - 2, argv + 2);
    }
    return usage_error("unknown verb");
}
