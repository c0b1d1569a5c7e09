/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/evaluate.h"

#include <string.h>

void tfr_answers_open(struct tfr_answers *answers, size_t most)
{
    if (answers->recorder != NULL)
        answers->recorder->most = most;
    else
        answers->at = tfr_arena_alloc(answers->arena, (most + 1) * sizeof *answers->at);
}

void tfr_answers_add(struct tfr_answers *answers, const struct tfr_resource *resource,
                     struct tfr_truth truth)
{
    struct tfr_answer answer = { .resource = resource, .is = truth.is };

    if (truth.is == TFR_BROKEN)
        return;
    if (truth.is == TFR_MAYBE && truth.because != NULL)
        answer.because = tfr_arena_text(answers->texts, truth.because, strlen(truth.because));
    if (answers->recorder != NULL)
        tfr_record(answers->recorder, &answer);
    else
        answers->at[answers->count++] = answer;
}

/* Whether it applies decides only what would be a finding. */
static void add_answer(struct tfr_context *ctx, struct tfr_answers *out,
                       const struct tfr_resource *resource, struct tfr_truth applies,
                       struct tfr_truth truth)
{
    const enum tfr_truth_value fine = ctx->policy->program->violation ? TFR_NO : TFR_YES;

    if (applies.is == TFR_YES)
        tfr_answers_add(out, resource, truth);
    else if (applies.is == TFR_MAYBE && truth.is != fine)
        tfr_answers_add(out, resource, applies);
}

static void ask_one(struct tfr_context *ctx, struct tfr_answers *out,
                    const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_truth applies = tfr_block_truth(ctx, subject, &program->when);

    if (applies.is != TFR_NO)
        add_answer(ctx, out, subject->resource, applies,
                   tfr_block_truth(ctx, subject, &program->definition));
    tfr_arena_reset(&ctx->scratch);
}

static void ask_drift(struct tfr_context *ctx, struct tfr_answers *out)
{
    const struct tfr_resources *drift = &ctx->document->drift;
    const struct tfr_program *program = ctx->policy->program;

    tfr_answers_open(out, drift->count);
    for (size_t i = 0; i < drift->count; i++) {
        const struct tfr_resource *resource = &drift->at[i];

        if (tfr_type_set_has(ctx->index, &program->subjects, resource, program->provider)) {
            const struct tfr_subject subject = tfr_subject_of(ctx, resource);

            ask_one(ctx, out, &subject);
        }
    }
}

/* Objects of one type lie far from each other: while one is asked, those behind it are fetched, the
 * values of one and the members of another. */
static void fetch_ahead(const struct tfr_briefs *briefs, const struct tfr_resource_run *run,
                        uint32_t at)
{
    const struct tfr_value *values;

    if (at + 8 >= run->count)
        return;
    TFR_PREFETCH(tfr_briefs_of(briefs, run->at[at + 8])->values);
    values = tfr_briefs_of(briefs, run->at[at + 4])->values;
    for (uint32_t i = 0; values->kind == TFR_OBJECT && i < values->count && i < 40; i += 4)
        TFR_PREFETCH(tfr_member_value(values, i));
}

static void ask_brief(struct tfr_context *ctx, struct tfr_answers *out,
                      const struct tfr_brief *brief, const struct tfr_resource *resource)
{
    const struct tfr_subject subject = tfr_subject_of_brief(brief, resource);

    ask_one(ctx, out, &subject);
}

/* Whether an object is of those changes. */
static bool has_words(const struct tfr_brief *brief, uint16_t words)
{
    return words == UINT16_MAX || (brief->words & words) != 0;
}

static void ask_each(struct tfr_context *ctx, struct tfr_answers *out)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_resource_run run =
        tfr_type_index_select(ctx->index, &program->subjects, program->provider, &ctx->batch);

    const struct tfr_briefs *briefs = tfr_context_briefs(ctx);
    const bool always = program->when.count == 0;
    const uint16_t when = tfr_block_words(&program->when);
    const uint16_t words = tfr_block_words(&program->definition);

    tfr_answers_open(out, run.count);
    for (uint32_t i = 0; i < run.count; i++) {
        const struct tfr_brief *brief = tfr_briefs_of(briefs, run.at[i]);

        if ((brief->is & TFR_BRIEF_IS(program->objects)) == 0 || !has_words(brief, when))
            continue;
        if (always && !has_words(brief, words)) {
            tfr_answers_add(out, run.at[i], tfr_truth_of(false)); /* most plans change little */
            continue;
        }
        if (words == UINT16_MAX)
            fetch_ahead(briefs, &run, i);
        ask_brief(ctx, out, brief, run.at[i]);
    }
}

/* ---- as Checkov does it ---- */

/* Those of its types, data sources among them; a list of types that may be is about all. */
static struct tfr_resource_run checkov_subjects(struct tfr_context *ctx)
{
    const struct tfr_program *program = ctx->policy->program;

    if (program->definition.at[program->definition.count - 1].kind == TFR_COND_RESOURCE)
        return tfr_all_objects(ctx->document, &ctx->batch);
    return tfr_type_index_select(ctx->index, &program->subjects, program->provider, &ctx->batch);
}

/* An exception inside of `and`, `or`, `not` ends the policy for all objects, those that it does not
 * apply to among them. */
static bool ask_or_lose(struct tfr_context *ctx, struct tfr_answers *out,
                        const struct tfr_resource *resource)
{
    const struct tfr_block *definition = &ctx->policy->program->definition;
    const struct tfr_subject subject = tfr_subject_of(ctx, resource);
    const struct tfr_truth truth = tfr_block_truth(ctx, &subject, definition);

    if (truth.is == TFR_BROKEN && definition->count > 1)
        return false;
    add_answer(ctx, out, resource, tfr_block_truth(ctx, &subject, &ctx->policy->program->when),
               truth);
    tfr_arena_reset(&ctx->scratch);
    return true;
}

static void ask_as_checkov(struct tfr_context *ctx, struct tfr_answers *out)
{
    const struct tfr_resource_run run = checkov_subjects(ctx);

    tfr_answers_open(out, run.count);
    for (uint32_t i = 0; i < run.count; i++) {
        if (tfr_context_sees(ctx, run.at[i]) && !ask_or_lose(ctx, out, run.at[i])) {
            out->count = 0;
            break;
        }
    }
}

void tfr_ask(struct tfr_context *ctx, struct tfr_answers *out)
{
    const struct tfr_program *program = ctx->policy->program;

    if (program->connected)
        tfr_ask_connected(ctx, out);
    else if (program->objects == TFR_OBJECTS_DRIFT)
        ask_drift(ctx, out);
    else if (ctx->mode == TFR_MODE_CHECKOV)
        ask_as_checkov(ctx, out);
    else
        ask_each(ctx, out);
}
