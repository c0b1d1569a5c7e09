/* SPDX-License-Identifier: Apache-2.0 */
/* Every policy over the objects of its types: the one place where conditions become findings. */
#include "policies/evaluate.h"
#include "policies/config.h"
#include "policies/context.h"
#include "policies/findings.h"
#include "policies/set.h"

#include <string.h>

static void analyse(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_condition *leaf = &ctx->policy->program->definition.at[0];
    const struct tfr_analyser *analyser = tfr_analyser_find(leaf->name);
    struct tfr_input in = tfr_context_input(ctx);

    in.environment = out->environment;
    if (analyser != NULL)
        analyser->check(&in, out);
    tfr_arena_reset(&ctx->scratch);
}

static bool applies_to(const struct tfr_program *program, const struct tfr_document *document)
{
    const bool state = document->kind == TFR_STATE || document->kind == TFR_RAW_STATE;

    return state ? program->states : program->plans;
}

static void ask(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    struct tfr_recorder recorder = tfr_recorder_new(ctx, out);
    struct tfr_answers answers = { .arena = &ctx->batch, .texts = &out->out->arena };

    if (ctx->mode != TFR_MODE_CHECKOV) /* where the last answer may undo all others */
        answers.recorder = &recorder;
    tfr_ask(ctx, &answers);
    recorder.most = answers.count;
    for (uint32_t i = 0; i < answers.count; i++)
        tfr_record(&recorder, &answers.at[i]);
}

static void speak(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_block *block = &ctx->policy->program->definition;

    if (block->at[block->count - 1].kind == TFR_COND_ANALYSER)
        analyse(ctx, out);
    else
        ask(ctx, out);
}

/* @param a, b policies that ask and say the same: they have the same adjustments */
static bool weigh_the_same(const struct tfr_policy *a, const struct tfr_policy *b,
                           enum tfr_environment in)
{
    for (uint32_t i = 0; i < a->program->adjust_count; i++) {
        if (a->program->adjust[i].severity[in] != b->program->adjust[i].severity[in])
            return false;
    }
    return a->severity[in] == b->severity[in] && a->severity_is_set[in] == b->severity_is_set[in];
}

/* @param saying of the first policy that asks the same */
static void evaluate_policy(struct tfr_context *ctx, struct tfr_findings_builder *out,
                            struct tfr_saying *saying)
{
    struct tfr_saying own;

    if (!applies_to(ctx->policy->program, ctx->document))
        return;
    if (saying->policy != NULL && weigh_the_same(saying->policy, ctx->policy, out->environment)) {
        tfr_saying_repeat(out, saying);
        return;
    }
    tfr_saying_begin(out, &own);
    speak(ctx, out);
    tfr_saying_end(out, &own);
    if (saying->policy == NULL)
        *saying = own;
}

void tfr_evaluate(struct tfr_document *document, const struct tfr_graph *graph,
                  const struct tfr_policies *policies, const struct tfr_evaluate_options *options,
                  struct tfr_findings *out)
{
    struct tfr_context ctx = { .document = document, .graph = graph, .config = options->config };
    const size_t questions = tfr_set_question_count(policies);
    struct tfr_saying *sayings = tfr_calloc(2 * questions + 1, sizeof *sayings); /* and by mode */
    struct tfr_findings_builder builder = {
        .out = out, .document = document, .graph = graph, .ctx = &ctx, .config = options->config
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
    builder.no_fingerprints = options->no_fingerprints;
    out->strict = options->strict;
    out->strict.undecided_p0_is_no_go = options->undecided == TFR_UNDECIDED_BLOCK;
    tfr_findings_expect(&builder, tfr_object_places(document));
    ctx.index = tfr_type_index_new(document, options->config);
    ctx.regex = tfr_regex_new();
    ctx.views = options->mode == TFR_MODE_CHECKOV ? tfr_views_new(document) : NULL;
    for (size_t i = 0; i < tfr_policies_count(policies); i++) {
        ctx.policy = builder.policy = tfr_policies_at(policies, i);
        /* The mode is about policies that were written for Checkov: ours are not. */
        tfr_context_set_mode(&ctx,
                             tfr_policy_is_builtin(ctx.policy) ? TFR_MODE_TRUE : options->mode);
        (void)tfr_timing_enter(options->timing, tfr_category_name(ctx.policy->category));
        evaluate_policy(&ctx, &builder,
                        &sayings[tfr_set_question(policies, i) +
                                 (ctx.mode == TFR_MODE_CHECKOV ? questions : 0)]);
        tfr_context_next(&ctx);
    }
    tfr_findings_finish(&builder);
    tfr_context_fini(&ctx);
    tfr_free(sayings);
}
