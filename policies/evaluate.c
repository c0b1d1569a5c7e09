/* SPDX-License-Identifier: Apache-2.0 */
/* Every policy over the objects of its types: the one place where conditions become findings. */
#include "policies/evaluate.h"
#include "policies/config.h"
#include "policies/containers.h"
#include "policies/context.h"
#include "policies/findings.h"
#include "policies/join.h"
#include "policies/roles.h"

#include <string.h>

#define EVIDENCE_LEAVES 8 /* pieces of evidence that a declarative policy writes */

struct tfr_subject tfr_subject_of(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const tfr_node_id node =
        ctx->graph != NULL ? tfr_graph_node_of(ctx->graph, resource) : TFR_NO_NODE;

    return (struct tfr_subject){
        resource,
        ctx->mode == TFR_MODE_CHECKOV ? tfr_checkov_view(ctx, resource)
                                      : tfr_resource_values(resource),
        node,
    };
}

/* ---- texts ---- */

static void add_sym(struct tfr_buf *out, const struct tfr_sym *sym)
{
    if (sym != NULL)
        tfr_buf_add(out, sym->text, sym->len);
}

static void add_paths(struct tfr_buf *out, const struct tfr_paths *paths)
{
    for (uint32_t i = 0; i < paths->count; i++) {
        tfr_buf_puts(out, i > 0 ? ", " : "");
        add_sym(out, paths->at[i]);
    }
}

static const struct tfr_type_row *class_row(const struct tfr_context *ctx,
                                            const struct tfr_resource *resource)
{
    return tfr_config_type_row(ctx->config, tfr_builtin_list("stateful"), resource->type->text);
}

static const char *class_of(const struct tfr_context *ctx, const struct tfr_subject *subject)
{
    const char *const *tags = tfr_type_row_tags(class_row(ctx, subject->resource), subject->values);

    return tags != NULL && *tags != NULL ? *tags : "no class";
}

/* What is lost with it, in words. */
static void add_data(struct tfr_buf *out, const char *class)
{
    static const char *const words[] = { "primary data", "keys or identities", "copies or evidence",
                                         "data in flight or in a cache", "what can be made anew" };

    if (class[0] == 'D' && class[1] >= '1' && class[1] <= '5' && class[2] == '\0')
        tfr_buf_printf(out, "%s (class %s)", words[class[1] - '1'], class);
    else
        tfr_buf_puts(out, "data of no known class");
}

static void add_attribute(struct tfr_context *ctx, struct tfr_buf *out,
                          const struct tfr_subject *subject, const struct tfr_path *path)
{
    const struct tfr_value *value = tfr_attribute_first(ctx, subject, path);

    if (tfr_value_missing(value))
        tfr_buf_puts(out, "not set");
    else
        tfr_value_show(out, path->text, value, 80);
}

/* Why Terraform does it, in words: "because username changes", "because it is tainted". */
static void add_because(struct tfr_buf *out, const struct tfr_resource *resource)
{
    static const struct {
        const char *reason, *words;
    } reasons[] = {
        { "replace_because_tainted", "because it is tainted" },
        { "replace_by_request", "because -replace asks for it" },
        { "replace_by_triggers", "because replace_triggered_by asks for it" },
        { "delete_because_no_resource_config", "because its code is gone" },
        { "delete_because_no_module", "because its module is gone" },
        { "delete_because_count_index", "because count is smaller now" },
        { "delete_because_each_key", "because its key left for_each" },
        { "delete_because_wrong_repetition", "because count or for_each came or went" },
        { "delete_because_no_move_target", "because it was moved to where no code is" },
        { "delete_because_enabled_false", "because it is not enabled" },
    };

    if (resource->replace_paths.count > 0) {
        tfr_buf_puts(out, "because of ");
        add_paths(out, &resource->replace_paths);
        return;
    }
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (tfr_sym_is(resource->action_reason, reasons[i].reason)) {
            tfr_buf_puts(out, reasons[i].words);
            return;
        }
    }
    tfr_buf_puts(out, "as the plan says");
}

static void add_part(struct tfr_context *ctx, struct tfr_buf *out,
                     const struct tfr_subject *subject, const struct tfr_template_part *part)
{
    const struct tfr_resource *resource = subject->resource;

    switch (part->field) {
    case TFR_FIELD_TEXT:
        tfr_buf_puts(out, part->text);
        break;
    case TFR_FIELD_ADDRESS:
        add_sym(out, resource->address);
        break;
    case TFR_FIELD_TYPE:
        add_sym(out, resource->type);
        break;
    case TFR_FIELD_NAME:
        add_sym(out, resource->name);
        break;
    case TFR_FIELD_MODULE:
        add_sym(out, resource->module);
        break;
    case TFR_FIELD_ACTION:
        tfr_buf_puts(out, tfr_action_name(resource->action));
        break;
    case TFR_FIELD_REASON:
        add_sym(out, resource->action_reason);
        break;
    case TFR_FIELD_PREVIOUS_ADDRESS:
        add_sym(out, resource->previous_address);
        break;
    case TFR_FIELD_REPLACE_PATHS:
        add_paths(out, &resource->replace_paths);
        break;
    case TFR_FIELD_BECAUSE:
        add_because(out, resource);
        break;
    case TFR_FIELD_CLASS:
        tfr_buf_puts(out, class_of(ctx, subject));
        break;
    case TFR_FIELD_DATA:
        add_data(out, class_of(ctx, subject));
        break;
    default:
        add_attribute(ctx, out, subject, part->path);
    }
}

static void render(struct tfr_context *ctx, struct tfr_buf *out, const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;

    if (program->message_count == 0)
        tfr_buf_puts(out, ctx->policy->title);
    for (uint32_t i = 0; i < program->message_count; i++)
        add_part(ctx, out, subject, &program->message[i]);
}

/* ---- evidence ---- */

static void attribute_evidence(struct tfr_context *ctx, struct tfr_findings_builder *out,
                               const struct tfr_subject *subject, const struct tfr_path *path)
{
    struct tfr_buf note = { 0 };

    tfr_buf_printf(&note, "%s is ", path->text);
    add_attribute(ctx, &note, subject, path);
    tfr_finding_evidence(out, TFR_EVIDENCE_ATTRIBUTE, subject->resource->address->text, path->text,
                         tfr_buf_text(&note));
    tfr_buf_fini(&note);
}

static void action_evidence(struct tfr_findings_builder *out, const struct tfr_resource *resource)
{
    struct tfr_buf note = { 0 };

    tfr_buf_puts(&note, tfr_action_name(resource->action));
    if (resource->action_reason != NULL)
        tfr_buf_printf(&note, " (%s)", resource->action_reason->text);
    if (resource->replace_paths.count > 0) {
        tfr_buf_puts(&note, ", forced by ");
        add_paths(&note, &resource->replace_paths);
    }
    tfr_finding_evidence(out, TFR_EVIDENCE_ACTION, resource->address->text, NULL,
                         tfr_buf_text(&note));
    tfr_buf_fini(&note);
}

static void write_evidence(struct tfr_context *ctx, struct tfr_findings_builder *out,
                           const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    const enum tfr_truth_value telling = program->violation ? TFR_YES : TFR_NO;
    bool action = false;
    uint32_t written = 0;

    for (uint32_t i = 0; i < program->definition.count && written < EVIDENCE_LEAVES; i++) {
        const struct tfr_condition *leaf = &program->definition.at[i];

        if (leaf->kind == TFR_COND_CHANGE && !action) {
            action_evidence(out, subject->resource);
            action = true;
        }
        if (leaf->kind == TFR_COND_ATTRIBUTE &&
            tfr_attribute_truth(ctx, subject, leaf).is == telling) {
            attribute_evidence(ctx, out, subject, leaf->path);
            written++;
        }
        if (leaf->kind == TFR_COND_CHANGE && leaf->change->path != NULL) {
            attribute_evidence(ctx, out, subject, leaf->change->path);
            written++;
        }
    }
}

/* ---- one subject ---- */

static void adjust(struct tfr_context *ctx, struct tfr_findings_builder *out,
                   const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    uint8_t severity = ctx->policy->severity[out->environment];
    uint8_t all[TFR_ENVIRONMENT_COUNT];

    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const struct tfr_adjust *one = &program->adjust[i];
        const enum tfr_truth_value when = tfr_block_truth(ctx, subject, &one->when).is;
        const uint8_t next = one->has_severity ? one->severity[out->environment]
                                               : tfr_severity_lower(severity, one->lower);

        if (when == TFR_YES || (when == TFR_MAYBE && next > severity))
            severity = next;
    }
    memset(all, severity, sizeof all);
    tfr_finding_severity(out, all);
}

void tfr_record(struct tfr_context *ctx, struct tfr_findings_builder *out,
                const struct tfr_subject *subject, struct tfr_truth truth)
{
    const bool violation = ctx->policy->program->violation;
    struct tfr_buf text = { 0 };

    if (truth.is == TFR_BROKEN)
        return;
    if (truth.is == (violation ? TFR_NO : TFR_YES)) {
        tfr_findings_pass(out, subject->resource);
        adjust(ctx, out, subject);
        return;
    }
    render(ctx, &text, subject);
    if (truth.is == TFR_MAYBE) {
        tfr_findings_undecided(out, subject->resource, truth.because, "%s", tfr_buf_text(&text));
    } else {
        tfr_findings_add(out, subject->resource, "%s", tfr_buf_text(&text));
        write_evidence(ctx, out, subject);
    }
    adjust(ctx, out, subject);
    tfr_buf_fini(&text);
}

void tfr_evaluate_subject(struct tfr_context *ctx, struct tfr_findings_builder *out,
                          const struct tfr_resource *resource)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_subject subject = tfr_subject_of(ctx, resource);
    const struct tfr_truth applies = tfr_block_truth(ctx, &subject, &program->when);

    if (applies.is == TFR_YES)
        tfr_record(ctx, out, &subject, tfr_block_truth(ctx, &subject, &program->definition));
    else if (applies.is == TFR_MAYBE) {
        struct tfr_truth truth = tfr_block_truth(ctx, &subject, &program->definition);

        /* Whether it applies decides only what would be a finding. */
        if (truth.is != (program->violation ? TFR_NO : TFR_YES))
            tfr_record(ctx, out, &subject, applies);
    }
    tfr_arena_reset(&ctx->scratch);
}

/* ---- one policy ---- */

static bool is_wanted(const struct tfr_program *program, const struct tfr_resource *resource)
{
    if (resource->duplicate)
        return false;
    switch (program->objects) {
    case TFR_OBJECTS_GONE:
        return tfr_resource_is_gone(resource) && resource->deposed == NULL;
    case TFR_OBJECTS_ALL:
        return resource->deposed == NULL;
    case TFR_OBJECTS_DEPOSED:
        return resource->deposed != NULL;
    default:
        return tfr_resource_is_live(resource);
    }
}

static void evaluate_drift(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_resources *drift = &ctx->document->drift;
    const struct tfr_program *program = ctx->policy->program;

    for (size_t i = 0; i < drift->count; i++) {
        if (tfr_type_set_has(ctx->index, &program->subjects, &drift->at[i], program->provider))
            tfr_evaluate_subject(ctx, out, &drift->at[i]);
    }
}

static void evaluate_each(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_resource_run run =
        tfr_type_index_select(ctx->index, &program->subjects, program->provider, &ctx->batch);

    for (uint32_t i = 0; i < run.count; i++) {
        if (is_wanted(program, run.at[i]))
            tfr_evaluate_subject(ctx, out, run.at[i]);
    }
}

/* ---- one policy, as Checkov does it ---- */

/* Those of its types, data sources among them; a policy without types is about all. */
static struct tfr_resource_run checkov_subjects(struct tfr_context *ctx)
{
    const struct tfr_program *program = ctx->policy->program;

    if (program->subjects.all && program->provider == NULL)
        return tfr_all_objects(ctx->document, &ctx->batch);
    return tfr_type_index_select(ctx->index, &program->subjects, program->provider, &ctx->batch);
}

/* An exception inside of `and`, `or`, `not` ends the policy for all objects. */
static bool is_lost(struct tfr_context *ctx, const struct tfr_resource_run *run)
{
    bool lost = false;

    for (uint32_t i = 0; ctx->policy->program->definition.count > 1 && i < run->count && !lost;
         i++) {
        const struct tfr_subject subject = tfr_subject_of(ctx, run->at[i]);

        lost = tfr_resource_is_live(run->at[i]) &&
               tfr_block_truth(ctx, &subject, &ctx->policy->program->definition).is == TFR_BROKEN;
        tfr_arena_reset(&ctx->scratch);
    }
    return lost;
}

static void evaluate_as_checkov(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run run = checkov_subjects(ctx);
    const bool lost = is_lost(ctx, &run);

    for (uint32_t i = 0; !lost && i < run.count; i++) {
        if (tfr_resource_is_live(run.at[i]))
            tfr_evaluate_subject(ctx, out, run.at[i]);
    }
}

static void analyse(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_condition *leaf = &ctx->policy->program->definition.at[0];
    const struct tfr_analyser *analyser = tfr_analyser_find(leaf->name);
    const struct tfr_input in = { .document = ctx->document,
                                  .graph = ctx->graph,
                                  .policy = ctx->policy,
                                  .environment = out->environment,
                                  .profile = tfr_config_profile(ctx->config),
                                  .index = ctx->index,
                                  .scratch = &ctx->scratch,
                                  .ctx = ctx };

    if (analyser != NULL)
        analyser->check(&in, out);
    tfr_arena_reset(&ctx->scratch);
}

static bool applies_to(const struct tfr_program *program, const struct tfr_document *document)
{
    const bool state = document->kind == TFR_STATE || document->kind == TFR_RAW_STATE;

    return state ? program->states : program->plans;
}

static void evaluate_policy(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_block *block = &program->definition;

    if (!applies_to(program, ctx->document))
        return;
    if (block->at[block->count - 1].kind == TFR_COND_ANALYSER)
        analyse(ctx, out);
    else if (program->connected)
        tfr_evaluate_connected(ctx, out);
    else if (program->objects == TFR_OBJECTS_DRIFT)
        evaluate_drift(ctx, out);
    else if (ctx->mode == TFR_MODE_CHECKOV)
        evaluate_as_checkov(ctx, out);
    else
        evaluate_each(ctx, out);
}

/* The mode is about policies that were written for Checkov: ours are not. */
static bool is_builtin(const struct tfr_policy *policy)
{
    return strcmp(policy->source, "built-in") == 0;
}

void tfr_evaluate(struct tfr_document *document, const struct tfr_graph *graph,
                  const struct tfr_policies *policies, const struct tfr_evaluate_options *options,
                  struct tfr_findings *out)
{
    struct tfr_context ctx = { .document = document, .graph = graph, .config = options->config };
    struct tfr_findings_builder builder = {
        .out = out, .document = document, .graph = graph, .config = options->config
    };

    const struct tfr_profile *profile = tfr_config_profile(options->config);

    tfr_environment_of(document, options->config, &out->environment);
    if (profile != NULL && profile->has_environment) {
        out->environment.environment = profile->environment;
        memcpy(out->environment.source, "profile", sizeof "profile");
    }
    if (options->has_environment) {
        out->environment.environment = options->environment;
        memcpy(out->environment.source, "--env", sizeof "--env");
    }
    builder.environment = out->environment.environment;
    builder.undecided =
        options->undecided == TFR_UNDECIDED_BLOCK ? TFR_UNDECIDED_REPORT : options->undecided;
    out->strict = options->strict;
    out->strict.undecided_p0_is_no_go = options->undecided == TFR_UNDECIDED_BLOCK;
    ctx.index = tfr_type_index_new(document, options->config);
    ctx.regex = tfr_regex_new();
    ctx.views = options->mode == TFR_MODE_CHECKOV ? tfr_views_new(document) : NULL;
    for (size_t i = 0; i < tfr_policies_count(policies); i++) {
        ctx.policy = builder.policy = tfr_policies_at(policies, i);
        ctx.mode = is_builtin(ctx.policy) ? TFR_MODE_TRUE : options->mode;
        ctx.opaque_count = 0;
        (void)tfr_timing_enter(options->timing, tfr_category_name(ctx.policy->category));
        evaluate_policy(&ctx, &builder);
        tfr_joins_free(ctx.joins);
        ctx.joins = NULL;
        tfr_arena_reset(&ctx.batch);
    }
    tfr_findings_finish(&builder);
    tfr_type_index_free(ctx.index);
    tfr_regex_free(ctx.regex);
    tfr_texts_free(ctx.texts);
    tfr_roles_free(ctx.roles);
    tfr_named_objects_free(ctx.objects);
    tfr_views_free(ctx.views);
    tfr_free(ctx.places);
    tfr_arena_free(&ctx.scratch);
    tfr_arena_free(&ctx.batch);
}
