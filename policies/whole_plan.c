/* SPDX-License-Identifier: Apache-2.0 */
/* What a plan takes away, counted: over all of it, and module by module. */
#include "policies/whole_plan.h"

#include "policies/context.h"
#include "policies/lookup.h"
#include "policies/profile.h"

#include <string.h>

/* Beyond both of these one apply takes away too much at once, unless the profile says otherwise. */
#define BLAST_OBJECTS 10
#define BLAST_PERCENT 20

static bool is_current(const struct tfr_resource *resource)
{
    return resource->mode == TFR_MANAGED && resource->deposed == NULL && !resource->duplicate;
}

/* The same of a change, told by its brief. */
static bool is_current_brief(const struct tfr_brief *change)
{
    return change->mode == TFR_MANAGED && (change->is & TFR_BRIEF_IS(TFR_OBJECTS_ALL)) != 0;
}

static bool is_destroyed(const struct tfr_brief *change)
{
    return (change->words & TFR_CHANGE_DELETE) != 0;
}

/* It stands in the state that the plan was made from. */
static bool existed(const struct tfr_brief *change)
{
    return (change->words & (TFR_CHANGE_CREATE | TFR_CHANGE_READ | TFR_CHANGE_IMPORT)) == 0;
}

/* ---- the whole plan ----------------------------------------------------------------------------
 */

struct counts {
    size_t existing, deleted, replaced;
};

static struct counts count_objects(const struct tfr_input *in)
{
    const struct tfr_document *document = in->document;
    const struct tfr_briefs *briefs = tfr_context_briefs(in->ctx);
    struct counts counts = { 0 };

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_brief *brief = tfr_briefs_of(briefs, &document->changes.at[i]);

        if (!is_current_brief(brief))
            continue;
        counts.existing += existed(brief);
        counts.deleted += is_destroyed(brief);
        counts.replaced += (brief->words & TFR_CHANGE_REPLACE) != 0;
    }
    /* What -target leaves out stands in the prior state alone. */
    for (size_t i = 0; i < document->prior.count; i++)
        counts.existing += is_current(&document->prior.at[i]);
    return counts;
}

void tfr_check_blast_limit(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct counts counts = count_objects(in);
    const size_t taken = counts.deleted + counts.replaced;
    const size_t percent = (size_t)tfr_profile_number(in->profile, "blast.percent", BLAST_PERCENT);
    const size_t least = (size_t)tfr_profile_number(in->profile, "blast.max", BLAST_OBJECTS);
    const size_t share = counts.existing / 100 * percent + counts.existing % 100 * percent / 100;
    const size_t limit = share > least ? share : least;

    if (counts.existing == 0)
        return;
    if (taken <= limit) {
        tfr_findings_pass(out, NULL);
        tfr_finding_about(out, "");
        return;
    }
    tfr_findings_add(out, NULL,
                     "it deletes %zu and replaces %zu of %zu objects; more than %zu at once are "
                     "hard to watch",
                     counts.deleted, counts.replaced, counts.existing, limit);
    tfr_finding_about(out, "");
}

/* ---- modules -----------------------------------------------------------------------------------
 */

struct module {
    size_t existing, deleted, staying;
    bool without_call; /* an object says that no instance of the module is wanted */
    bool said;
};

/* Objects of one module, without those of modules in it. */
struct own_objects {
    const struct tfr_sym *path, *block;
    struct module count;
};

struct modules {
    const struct tfr_input *in;
    struct module *at;
    size_t count, cap;
    struct tfr_lookup *by_path; /* places in `at`, from 1: paths with keys and without */
    struct own_objects *own;
    size_t own_count, own_cap;
    struct tfr_lookup *own_by_path; /* places in `own`, from 1 */
    struct own_objects *last;       /* that was asked for: a module stands in one run */
    struct module root;
    bool any; /* a module stood in the state */
};

static struct module *module_at(struct modules *modules, const char *path, size_t len)
{
    const void **place = tfr_lookup_place(&modules->by_path, path, len, modules->in->scratch);

    if (*place == NULL) {
        modules->at = tfr_grow(modules->at, &modules->cap, modules->count + 1, sizeof *modules->at);
        modules->at[modules->count++] = (struct module){ .existing = 0 };
        *place = (const void *)(uintptr_t)modules->count;
    }
    return &modules->at[(uintptr_t)*place - 1];
}

/* The end of the next step of a module path: module.NAME or module.NAME[KEY]. */
static size_t step_end(const struct tfr_sym *path, size_t at)
{
    at += strlen("module.");
    at += strcspn(path->text + at, ".[");
    return path->text[at] == '[' ? tfr_address_key_end(path->text, path->len, at) : at;
}

static void count_in(struct module *module, const struct tfr_resource *resource, bool was,
                     bool destroyed)
{
    module->existing += was;
    module->deleted += destroyed;
    module->staying += !destroyed;
    module->without_call =
        module->without_call || tfr_sym_is(resource->action_reason, "delete_because_no_module");
}

/* The same end in the path without keys. */
static size_t block_end(const struct tfr_sym *block, size_t at)
{
    at += strlen("module.");
    return at + strcspn(block->text + at, ".");
}

static struct own_objects *own_of(struct modules *modules, const struct tfr_resource *resource)
{
    const struct tfr_sym *path = resource->module;
    const void **place;

    if (modules->last != NULL && modules->last->path == path)
        return modules->last;
    place = tfr_lookup_place(&modules->own_by_path, path->text, path->len, NULL);
    if (*place == NULL) {
        modules->own =
            tfr_grow(modules->own, &modules->own_cap, modules->own_count + 1, sizeof *modules->own);
        modules->own[modules->own_count++] =
            (struct own_objects){ .path = path, .block = resource->module_block };
        *place = (const void *)(uintptr_t)modules->own_count;
    }
    modules->last = &modules->own[(uintptr_t)*place - 1];
    return modules->last;
}

static void count_object(struct modules *modules, const struct tfr_resource *resource, bool was,
                         bool destroyed)
{
    count_in(&modules->root, resource, was, destroyed);
    if (resource->module != NULL)
        count_in(&own_of(modules, resource)->count, resource, was, destroyed);
}

static void add_counts(struct module *module, const struct module *own)
{
    module->existing += own->existing;
    module->deleted += own->deleted;
    module->staying += own->staying;
    module->without_call = module->without_call || own->without_call;
}

/* What is in a module is in all modules around it, each with keys and without. */
static void spread_counts(struct modules *modules, const struct own_objects *own)
{
    size_t plain = 0;

    for (size_t at = 0; at < own->path->len; at++, plain++) {
        at = step_end(own->path, at);
        plain = block_end(own->block, plain);
        add_counts(module_at(modules, own->path->text, at), &own->count);
        if (plain != at)
            add_counts(module_at(modules, own->block->text, plain), &own->count);
        modules->any = modules->any || own->count.existing > 0;
    }
}

static bool is_emptied(const struct module *module)
{
    return module->existing > 0 && module->deleted == module->existing && module->staying == 0;
}

/* The outermost module around an object that is emptied, NULL if none is: with its key where the
 * module is still called, without it where nothing of it is left. Arena of scratch. */
static const char *emptied_around(struct modules *modules, const struct tfr_resource *resource)
{
    const struct tfr_sym *path = resource->module, *block = resource->module_block;
    size_t plain = 0;

    for (size_t at = 0; path != NULL && at < path->len; at++, plain++) {
        bool called;

        at = step_end(path, at);
        plain = block_end(block, plain);
        if (!is_emptied(module_at(modules, path->text, at)))
            continue;
        called = module_at(modules, path->text, at)->without_call;
        return !called && is_emptied(module_at(modules, block->text, plain))
                   ? tfr_arena_text(modules->in->scratch, block->text, plain)
                   : tfr_arena_text(modules->in->scratch, path->text, at);
    }
    return NULL;
}

static void report_module(struct modules *modules, struct tfr_findings_builder *out,
                          const char *path)
{
    struct module *module = module_at(modules, path, strlen(path));

    if (module->said)
        return;
    module->said = true;
    tfr_findings_add(out, NULL, "the plan deletes all that is in it: %zu object%s",
                     module->existing, module->existing == 1 ? "" : "s");
    tfr_finding_about(out, path);
    tfr_finding_group(out, path);
    tfr_finding_evidence(
        out, TFR_EVIDENCE_ACTION, path, NULL,
        module->without_call
            ? "the module is called, and this instance of it is not wanted any more"
            : "its objects are not in the configuration any more");
}

static void count_all(struct modules *modules)
{
    const struct tfr_document *document = modules->in->document;
    const struct tfr_briefs *briefs = tfr_context_briefs(modules->in->ctx);

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_resource *change = &document->changes.at[i];
        const struct tfr_brief *brief = tfr_briefs_of(briefs, change);

        if (is_current_brief(brief) && (existed(brief) || !is_destroyed(brief)))
            count_object(modules, change, existed(brief), is_destroyed(brief));
    }
    for (size_t i = 0; i < document->prior.count; i++) {
        const struct tfr_resource *prior = &document->prior.at[i];
        const tfr_node_id node = tfr_graph_find(modules->in->graph, prior->address);

        /* Not what a change tells: what -target leaves out. */
        if (is_current(prior) && node != TFR_NO_NODE &&
            tfr_graph_node(modules->in->graph, node)->resource == prior)
            count_object(modules, prior, true, tfr_resource_is_destroyed(prior));
    }
    for (size_t i = 0; i < modules->own_count; i++)
        spread_counts(modules, &modules->own[i]);
}

void tfr_check_emptied_modules(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    struct modules modules = { .in = in };
    const struct tfr_resource_run changed = tfr_input_changed(in);
    bool any = false;

    count_all(&modules);
    if (modules.any && is_emptied(&modules.root)) {
        tfr_findings_add(out, NULL,
                         "the plan deletes everything that is in the state: %zu object%s",
                         modules.root.existing, modules.root.existing == 1 ? "" : "s");
        tfr_finding_about(out, "");
        any = true;
    }
    for (uint32_t i = 0; i < changed.count && !is_emptied(&modules.root); i++) {
        const struct tfr_resource *change = changed.at[i];
        const char *path = is_current(change) && tfr_resource_is_destroyed(change)
                               ? emptied_around(&modules, change)
                               : NULL;

        if (path != NULL)
            report_module(&modules, out, path);
        any = any || path != NULL;
    }
    if (!any && modules.any) {
        tfr_findings_pass(out, NULL);
        tfr_finding_about(out, "");
    }
    tfr_lookup_free(modules.own_by_path);
    tfr_lookup_free(modules.by_path);
    tfr_free(modules.own);
    tfr_free(modules.at);
}
