/* SPDX-License-Identifier: Apache-2.0 */
/* Runs the cases that stand beside policies and prints what differs. */
#include "policies/cases.h"
#include "policies/config.h"
#include "policies/set.h"

#include <inttypes.h>
#include <string.h>

/* What a policy's cases showed; each policy should have all four. */
struct coverage {
    bool pass, fail, undecided, near_miss;
};

struct run {
    const struct tfr_policies_test_options *options;
    FILE *out;
    struct tfr_error *err;
    struct tfr_yaml_file file;
    struct tfr_policies *policies;
    struct coverage coverage;
    struct tfr_policies_test_result *result;
    /* the case that runs now */
    const struct tfr_yaml *one;
    const char *name;
    bool differs, read;
};

static void differ(struct run *run, const char *address, const char *format, ...) TFR_PRINTF(3, 4);

static void differ(struct run *run, const char *address, const char *format, ...)
{
    struct tfr_buf text = { 0 };
    va_list args;

    va_start(args, format);
    tfr_buf_vprintf(&text, format, args);
    va_end(args);
    (void)fprintf(run->out, "%s:%" PRIu32 ": %s: %s%s%s\n", run->file.name, run->one->line,
                  run->name, address, *address != '\0' ? ": " : "", tfr_buf_text(&text));
    tfr_buf_fini(&text);
    run->differs = true;
}

static const char *text_of(const struct tfr_yaml *map, const char *key)
{
    const struct tfr_yaml *node = tfr_yaml_get(map, key);

    return node != NULL && node->kind == TFR_YAML_SCALAR ? node->text : NULL;
}

static const struct tfr_finding *finding_at(const struct tfr_findings *findings,
                                            const char *address)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (strcmp(finding->address, address) == 0)
            return finding;
    }
    return NULL;
}

static const char *result_at(const struct tfr_findings *findings, const char *address)
{
    const char *result = "none";

    for (size_t i = 0; i < findings->row_count; i++) {
        const struct tfr_verdict_row *row = &findings->rows[i];

        if (strcmp(tfr_row_address(findings, row), address) == 0)
            result = tfr_result_name((enum tfr_result)row->result);
    }
    return result;
}

static void check_text(struct run *run, const char *address, const char *what, const char *wanted,
                       const char *got)
{
    if (wanted == NULL)
        return;
    if (got == NULL || strstr(got, wanted) == NULL)
        differ(run, address, "expected %s \"%s\", got \"%s\"", what, wanted,
               got != NULL ? got : "");
}

static void check_details(struct run *run, const char *address, const struct tfr_yaml *wanted,
                          const struct tfr_finding *finding)
{
    if (finding == NULL) {
        if (tfr_yaml_get(wanted, "severity") != NULL || tfr_yaml_get(wanted, "message") != NULL)
            differ(run, address, "no finding");
        return;
    }
    check_text(run, address, "severity", text_of(wanted, "severity"),
               tfr_severity_name(finding->severity));
    check_text(run, address, "state", text_of(wanted, "state"),
               tfr_finding_state_name(finding->state));
    check_text(run, address, "message", text_of(wanted, "message"), finding->message);
    check_text(run, address, "because", text_of(wanted, "because"), finding->undecided_because);
}

static void note_coverage(struct run *run, const char *result)
{
    const struct tfr_yaml *near_miss = tfr_yaml_get(run->one, "near_miss");

    run->coverage.pass = run->coverage.pass || strcmp(result, "pass") == 0;
    run->coverage.fail = run->coverage.fail || strcmp(result, "fail") == 0;
    run->coverage.undecided = run->coverage.undecided || strcmp(result, "undecided") == 0;
    if (near_miss != NULL && tfr_value_true(&near_miss->value) && strcmp(result, "fail") != 0)
        run->coverage.near_miss = true;
}

static void check_expected(struct run *run, const struct tfr_findings *findings,
                           const struct tfr_yaml *expect)
{
    for (uint32_t i = 0; i < expect->count; i++) {
        const char *address = expect->items[2 * i]->text;
        const struct tfr_yaml *wanted = expect->items[2 * i + 1];
        const char *result =
            wanted->kind == TFR_YAML_MAP ? text_of(wanted, "result") : wanted->text;
        const char *got = result_at(findings, address);

        if (result == NULL) {
            differ(run, address, "expect needs a result");
            continue;
        }
        if (strcmp(result, got) != 0)
            differ(run, address, "expected %s, got %s", result, got);
        else if (wanted->kind == TFR_YAML_MAP)
            check_details(run, address, wanted, finding_at(findings, address));
        note_coverage(run, result);
    }
}

static void check_surprises(struct run *run, const struct tfr_findings *findings,
                            const struct tfr_yaml *expect)
{
    for (size_t i = 0; i < findings->row_count; i++) {
        const struct tfr_verdict_row *row = &findings->rows[i];
        const char *address = tfr_row_address(findings, row);

        if (row->result != TFR_PASS && tfr_yaml_get(expect, address) == NULL)
            differ(run, address, "got %s, nothing was expected",
                   tfr_result_name((enum tfr_result)row->result));
    }
}

/* What the case says that a reviewer knows; NULL: nothing. */
static struct tfr_config *read_profile(struct run *run)
{
    const struct tfr_yaml *map = tfr_yaml_get(run->one, "profile");
    struct tfr_config *config = NULL;
    struct tfr_error err = { 0 };

    if (map == NULL)
        return NULL;
    config = tfr_config_new();
    for (uint32_t i = 0; map->kind == TFR_YAML_MAP && i < map->count; i++) {
        if (!tfr_profile_member(&run->file, tfr_config_own_profile(config), map->items[2 * i],
                                map->items[2 * i + 1], &err)) {
            differ(run, "", "its profile cannot be read: %s", err.msg);
            break;
        }
    }
    return config;
}

static void judge(void *ctx, struct tfr_document *document)
{
    struct run *run = ctx;
    const struct tfr_yaml *expect = tfr_yaml_get(run->one, "expect");
    const char *environment = text_of(run->one, "environment"), *mode = text_of(run->one, "mode");
    struct tfr_evaluate_options options = { .has_environment = true, .mode = run->options->mode };
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };
    struct tfr_config *config = read_profile(run);

    run->read = true;
    options.config = config;
    if (mode != NULL)
        options.mode = strcmp(mode, "checkov") == 0 ? TFR_MODE_CHECKOV : TFR_MODE_TRUE;
    if (environment != NULL && !tfr_environment_parse(environment, &options.environment))
        differ(run, "", "unknown environment");
    tfr_evaluate(document, graph, run->policies, &options, &findings);
    check_expected(run, &findings, expect);
    check_surprises(run, &findings, expect);
    tfr_findings_fini(&findings);
    tfr_graph_free(graph);
    tfr_document_free(document);
    tfr_config_free(config);
}

static void refuse(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    (void)name;
    (void)member;
    differ(ctx, "", "the document cannot be read: %s at %s", error->msg, error->path);
}

static void skip(void *ctx, const char *name, const char *member, const char *why)
{
    (void)name;
    (void)member;
    differ(ctx, "", "skipped: %s", why);
}

static void read_beside(struct run *run, const char *file, const struct tfr_sink *sink)
{
    const struct tfr_read_options options = { .piece = 0 };
    const char *slash = strrchr(run->file.name, '/');
    struct tfr_buf path = { 0 };

    if (slash != NULL && file[0] != '/')
        tfr_buf_add(&path, run->file.name, (size_t)(slash - run->file.name) + 1);
    tfr_buf_puts(&path, file);
    tfr_read_input(tfr_buf_text(&path), &options, sink);
    tfr_buf_fini(&path);
}

static bool run_case(struct run *run)
{
    static const char *const keys[] = { "name",  "mode",    "environment", "near_miss", "resources",
                                        "drift", "outputs", "kind",        "plan",      "document",
                                        "file",  "expect",  "profile",     NULL };
    const struct tfr_sink sink = {
        .ctx = run, .document = judge, .refused = refuse, .skipped = skip
    };
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_yaml *expect = tfr_yaml_get(run->one, "expect");
    struct tfr_buf text = { 0 };
    bool ok;

    if (run->one->kind != TFR_YAML_MAP || expect == NULL || expect->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(run->err, &run->file, run->one, "a case is a map with a map expect");
    if (!tfr_yaml_known_keys(&run->file, run->one, keys, run->err))
        return false;
    run->name = text_of(run->one, "name");
    if (run->name == NULL)
        return tfr_yaml_fail(run->err, &run->file, run->one, "a case needs a name");
    run->differs = run->read = false;
    run->result->cases++;
    if (text_of(run->one, "file") != NULL) {
        read_beside(run, text_of(run->one, "file"), &sink);
        ok = true;
    } else {
        ok = tfr_case_document(&run->file, run->one, &text, run->err);
        if (ok)
            tfr_read_memory(run->name, tfr_buf_text(&text), text.len, &options, &sink);
    }
    tfr_buf_fini(&text);
    if (ok && !run->read && !run->differs)
        differ(run, "", "there is no document");
    run->result->different += run->differs;
    return ok;
}

static void demand(struct run *run, bool has, const char *what)
{
    if (has)
        return;
    (void)fprintf(run->out, "%s: no %s case\n", run->file.name, what);
    run->result->different++;
}

static void check_coverage(struct run *run, const struct tfr_yaml *root)
{
    if (!run->options->complete)
        return;
    demand(run, run->coverage.pass || text_of(root, "no_pass") != NULL, "pass");
    demand(run, run->coverage.fail, "fail");
    demand(run, run->coverage.undecided || text_of(root, "no_undecided") != NULL, "undecided");
    demand(run, run->coverage.near_miss, "near_miss");
}

static bool run_cases(struct run *run, const struct tfr_yaml *root)
{
    static const char *const keys[] = { "cases", "no_undecided", "no_pass", NULL };
    const struct tfr_yaml *cases = tfr_yaml_get(root, "cases");

    if (cases == NULL || cases->kind != TFR_YAML_LIST)
        return tfr_yaml_fail(run->err, &run->file, root, "a case file is a map with a list cases");
    if (!tfr_yaml_known_keys(&run->file, root, keys, run->err))
        return false;
    for (uint32_t i = 0; i < cases->count; i++) {
        run->one = cases->items[i];
        if (!run_case(run))
            return false;
    }
    check_coverage(run, root);
    return true;
}

/* X.test.yaml tests X.yaml, X.yml or X.json. */
static bool load_tested(struct run *run)
{
    static const char *const tails[] = { ".yaml", ".yml", ".json" };
    const char *tail = strstr(run->file.name, ".test.");
    const char *next;

    while (tail != NULL && (next = strstr(tail + 1, ".test.")) != NULL)
        tail = next;
    for (size_t i = 0; tail != NULL && i < 3; i++) {
        struct tfr_buf path = { 0 };
        FILE *stream;
        bool ok = false;

        tfr_buf_add(&path, run->file.name, (size_t)(tail - run->file.name));
        tfr_buf_puts(&path, tails[i]);
        stream = fopen(tfr_buf_text(&path), "rb");
        if (stream != NULL) {
            (void)fclose(stream);
            ok = tfr_policies_load(run->policies,
                                   tfr_arena_text(run->file.arena, path.data, path.len), run->err);
        }
        tfr_buf_fini(&path);
        if (stream != NULL)
            return ok;
    }
    return tfr_yaml_fail(run->err, &run->file, NULL,
                         "there is no policy file of the same name beside it");
}

static bool run_file(const struct tfr_policies_test_options *options, const char *path, FILE *out,
                     struct tfr_policies_test_result *result, struct tfr_error *err)
{
    struct tfr_arena arena = { 0 };
    struct run run = { .options = options,
                       .out = out,
                       .err = err,
                       .file = { .name = path, .arena = &arena },
                       .result = result };
    const struct tfr_yaml *const *documents = NULL;
    size_t count = 0;
    bool ok;

    run.policies = tfr_policies_new();
    result->files++;
    ok = tfr_yaml_read_path(&run.file, path, &documents, &count, err) && load_tested(&run);
    if (ok && count != 1)
        ok = tfr_yaml_fail(err, &run.file, NULL, "a case file holds one document");
    if (ok)
        ok = run_cases(&run, documents[0]);
    tfr_policies_free(run.policies);
    tfr_arena_free(&arena);
    return ok;
}

/* Policies that have no case file beside them. */
static bool check_untested(const char *path, FILE *out, struct tfr_policies_test_result *result,
                           struct tfr_error *err)
{
    struct tfr_arena arena = { 0 };
    const char *const *policies = NULL;
    size_t count = 0;
    bool ok = tfr_policy_files(&arena, path, &policies, &count, err);

    for (size_t i = 0; ok && i < count; i++) {
        const char *dot = strrchr(policies[i], '.');
        struct tfr_buf name = { 0 };
        FILE *stream;

        tfr_buf_printf(&name, "%.*s.test.yaml", (int)(dot - policies[i]), policies[i]);
        stream = fopen(tfr_buf_text(&name), "rb");
        if (stream == NULL) {
            (void)fprintf(out, "%s: no cases\n", policies[i]);
            result->different++;
        } else {
            (void)fclose(stream);
        }
        tfr_buf_fini(&name);
    }
    tfr_arena_free(&arena);
    return ok;
}

bool tfr_policies_test(const char *path, const struct tfr_policies_test_options *options, FILE *out,
                       struct tfr_policies_test_result *result, struct tfr_error *err)
{
    struct tfr_arena arena = { 0 };
    const char *const *files = NULL;
    size_t count = 0;
    bool ok = tfr_case_files(&arena, path, &files, &count, err);

    if (ok && count == 0) {
        ok = tfr_fail(err, TFR_E_USAGE, "usage", "no case files (NAME.test.yaml) there");
        tfr_fail_file(err, path);
    }
    for (size_t i = 0; ok && i < count; i++)
        ok = run_file(options, files[i], out, result, err);
    tfr_arena_free(&arena);
    return ok && (!options->complete || check_untested(path, out, result, err));
}
