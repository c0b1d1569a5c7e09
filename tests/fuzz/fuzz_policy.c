/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a policy file: loaded or refused with a place, and what loads is evaluated over a
 * small plan. */
#include "policies/compile.h"
#include "policies/set.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char plan[] = "{\"format_version\":\"1.2\",\"terraform_version\":\"1.11.0\",\"planned_"
                           "values\":{},\"resource_changes\":["
                           "{\"address\":\"aws_x.a\",\"mode\":\"managed\",\"type\":\"aws_x\","
                           "\"name\":\"a\",\"change\":{\"actions\":[\"update\"],"
                           "\"before\":{\"a\":1,\"l\":[{\"b\":\"c\"}]},\"after\":{\"a\":2,\"l\":[{"
                           "\"b\":\"d\"},{\"b\":null}],\"p\":\"{\\\"S\\\":[]}\"},"
                           "\"after_unknown\":{\"u\":true}}}]}";

struct run {
    struct tfr_policies *policies;
};

static void judge(void *ctx, struct tfr_document *document)
{
    const struct run *run = ctx;
    const struct tfr_evaluate_options options = { .has_environment = false };
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_findings findings = { 0 };

    tfr_evaluate(document, graph, run->policies, &options, &findings);
    tfr_findings_fini(&findings);
    tfr_graph_free(graph);
    tfr_document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = { tfr_policies_new() };
    const struct tfr_read_options options = { .piece = 0 };
    const struct tfr_sink sink = { .ctx = &run, .document = judge };
    struct tfr_error err = { 0 };
    struct tfr_compiler compiler = {
        .file = { .name = "fuzz", .arena = tfr_set_arena(run.policies) }, .err = &err
    };
    const struct tfr_yaml *const *documents = NULL;
    size_t count = 0;

    if (tfr_yaml_read(&compiler.file, (const char *)data, size, &documents, &count, &err)) {
        for (size_t i = 0; i < count; i++) {
            struct tfr_policy *policy =
                tfr_arena_zalloc(tfr_set_arena(run.policies), sizeof *policy);

            policy->source = "fuzz";
            if (!tfr_compile_policy(&compiler, documents[i], policy) ||
                !tfr_set_add(run.policies, policy, &err))
                break;
        }
    }
    if (tfr_policies_count(run.policies) > 0)
        tfr_read_memory("fuzz", plan, sizeof plan - 1, &options, &sink);
    tfr_policies_free(run.policies);
    return 0;
}
