/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Modules whose objects the plan deletes because no call of the configuration makes them any more:
 * one finding per module, its objects as members. The outermost module that is missing is
 * named.
 */
#include "policies/dangling_modules.h"

#include <stdlib.h>
#include <string.h>

struct member {
    const char *module; /* arena of scratch */
    const struct tfr_resource *resource;
};

struct search {
    const struct tfr_input *in;
    bool *known; /* by name id: paths of modules that the configuration calls */
    uint32_t names;
    struct member *members;
    size_t count, cap;
};

/* Marks every module path of the configuration. Modules wait in a list: no recursion over the tree.
 */
static void mark_modules(struct search *search, const struct tfr_config_module *root)
{
    const struct tfr_config_module **list = NULL;
    size_t count = 0, cap = 0;

    list = tfr_grow(list, &cap, 1, sizeof(struct tfr_config_module *));
    list[count++] = root;
    for (size_t i = 0; i < count; i++) {
        const struct tfr_config_module *module = list[i];

        if (module->path != NULL && module->path->id < search->names)
            search->known[module->path->id] = true;
        for (uint32_t k = 0; k < module->call_count; k++) {
            list = tfr_grow(list, &cap, count + 1, sizeof(struct tfr_config_module *));
            list[count++] = module->calls[k].module;
        }
    }
    tfr_free(list);
}

static bool is_known(const struct search *search, const char *path, size_t len)
{
    const struct tfr_sym *sym = tfr_names_find(search->in->document->names, path, len);

    return sym != NULL && sym->id < search->names && search->known[sym->id];
}

/* The shortest prefix of a module path (without keys) that is not called, or 0. */
static size_t missing_prefix(const struct search *search, const struct tfr_sym *path)
{
    for (size_t at = 0; at < path->len;) {
        at += strlen("module.");
        at += strcspn(path->text + at, ".");
        if (!is_known(search, path->text, at))
            return at;
        at++;
    }
    return 0;
}

/* The module that left: not called any more, or called without this instance (count went to 0). */
static const char *left_module(const struct search *search, const struct tfr_resource *resource)
{
    const size_t len = missing_prefix(search, resource->module_block);

    if (len > 0)
        return tfr_arena_text(search->in->scratch, resource->module_block->text, len);
    return tfr_sym_is(resource->action_reason, "delete_because_no_module") ? resource->module->text
                                                                           : NULL;
}

/* A removed block with destroy = false says so; only where the state alone does nobody reads it. */
static bool is_let_go(const struct tfr_resource *resource)
{
    return resource->action == TFR_ACTION_FORGET &&
           !tfr_sym_is(resource->action_reason, "forgot_because_lifecycle_destroy_in_state");
}

static void take(struct search *search, const struct tfr_resource *resource)
{
    const bool leaves =
        tfr_resource_is_gone(resource) && resource->deposed == NULL && !is_let_go(resource);
    const char *module;

    if (!leaves || resource->mode != TFR_MANAGED || resource->module_block == NULL)
        return;
    module = left_module(search, resource);
    if (module == NULL)
        return;
    search->members =
        tfr_grow(search->members, &search->cap, search->count + 1, sizeof *search->members);
    search->members[search->count++] = (struct member){ module, resource };
}

/* Members by address: the order in the document means nothing. */
static int by_module(const void *a, const void *b)
{
    const struct member *left = a, *right = b;
    const int order = strcmp(left->module, right->module);

    if (order != 0)
        return order;
    return strcmp(left->resource->address->text, right->resource->address->text);
}

static void report(const struct search *search, struct tfr_findings_builder *out, size_t first,
                   size_t end)
{
    const char *module = search->members[first].module;
    const size_t count = end - first;

    tfr_findings_add(out, NULL,
                     "%s left the configuration; %zu of its objects %s still in the state", module,
                     count, count == 1 ? "is" : "are");
    tfr_finding_about(out, module);
    tfr_finding_group(out, module);
    tfr_finding_evidence(out, TFR_EVIDENCE_ABSENCE, module, NULL,
                         "no module call makes it any more");
    for (size_t i = first; i < end; i++)
        tfr_finding_member(out, search->members[i].resource->address->text);
}

void tfr_check_dangling_modules(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct search search = { .in = in };
    const struct tfr_resources *changes = &in->document->changes;
    size_t end;

    if (in->document->configuration == NULL)
        return;
    search.names = tfr_names_count(in->document->names);
    search.known = tfr_calloc((size_t)search.names + 1, sizeof *search.known);
    mark_modules(&search, in->document->configuration);
    for (size_t i = 0; i < changes->count; i++)
        take(&search, &changes->at[i]);
    if (search.count > 0)
        qsort(search.members, search.count, sizeof *search.members, by_module);
    for (size_t first = 0; first < search.count; first = end) {
        end = first + 1;
        while (end < search.count &&
               strcmp(search.members[end].module, search.members[first].module) == 0)
            end++;
        report(&search, out, first, end);
    }
    if (search.count == 0 && in->document->configuration->call_count > 0) {
        tfr_findings_pass(out, NULL);
        tfr_finding_about(out, "");
    }
    tfr_free(search.members);
    tfr_free(search.known);
}
