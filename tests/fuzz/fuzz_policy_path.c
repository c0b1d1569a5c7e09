/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as an attribute path and as a JSONPath, looked up in a value. */
#include "policies/compile.h"
#include "policies/context.h"
#include "policies/jsonpath.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char text[] =
    "{\"a\": [{\"b\": [{\"c\": 1}, {\"c\": \"x\"}], \"d.e\": \"y\"}, 2], "
    "\"f\": \"{\\\"g\\\": [1, {\\\"h\\\": true}]}\", \"i\": {\"j\": {\"k\": null}}}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tfr_arena arena = { 0 };
    struct tfr_error err = { 0 };
    struct tfr_compiler compiler = { .file = { .name = "fuzz", .arena = &arena }, .err = &err };
    struct tfr_document *document = tfr_calloc(1, sizeof *document);
    struct tfr_context ctx = { .document = document };
    const struct tfr_yaml node = { .kind = TFR_YAML_SCALAR };
    const struct tfr_value whole = { .kind = TFR_STRING,
                                     .text = text,
                                     .count = (uint32_t)sizeof text - 1 };
    struct tfr_program program = { .plans = true };
    const struct tfr_policy policy = { .program = &program };
    const char *path_text = tfr_arena_text(&arena, (const char *)data, size);
    const struct tfr_path *path;
    struct tfr_path jsonpath;
    struct tfr_resource resource = { .mode = TFR_MANAGED };
    struct tfr_matches matches;

    document->kind = TFR_PLAN;
    document->names = tfr_names_new(&document->arena);
    resource.address = resource.block = resource.type =
        tfr_names_get(document->names, "aws_x.a", 7);
    resource.after = *tfr_document_parse(document, &whole);
    ctx.policy = &policy;
    ctx.regex = tfr_regex_new();
    path = tfr_compile_path(&compiler, &node, path_text);
    program.path_slots = compiler.path_slots;
    if (path != NULL) {
        const struct tfr_subject subject = { .resource = &resource,
                                             .values = &resource.after,
                                             .node = TFR_NO_NODE };

        tfr_attribute_find(&ctx, &subject, path, &matches);
    }
    jsonpath = (struct tfr_path){ .text = path_text, .slot = program.path_slots };
    tfr_jsonpath_find(&ctx, NULL, &resource.after, &jsonpath, &matches);
    tfr_context_fini(&ctx);
    tfr_document_free(document);
    tfr_arena_free(&arena);
    return 0;
}
