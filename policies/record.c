/* SPDX-License-Identifier: Apache-2.0 */
/* From an answer to a result: the sentence, the evidence, the severity. */
#include "policies/config.h"
#include "policies/evaluate.h"

#include <string.h>

#define ASK_EACH UINT8_MAX /* no severity */
#define EVIDENCE_LEAVES 8  /* pieces of evidence that a declarative policy writes */

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

static const char *class_of(struct tfr_context *ctx, const struct tfr_subject *subject)
{
    const struct tfr_type_row *row =
        tfr_context_type_row(ctx, tfr_builtin_list("stateful"), subject->resource->type);
    const char *const *tags = tfr_type_row_tags(row, subject->values);

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

    if (tfr_value_missing(value) ||
        (value->kind == TFR_UNKNOWN && tfr_attribute_is_unset(ctx, subject, path)))
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

/* Lasts as long as the findings. */
static const char *render(struct tfr_context *ctx, struct tfr_findings_builder *out,
                          const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    struct tfr_buf *text = tfr_findings_text(out);

    if (program->message_count == 0)
        return ctx->policy->title;
    for (uint32_t i = 0; i < program->message_count; i++)
        add_part(ctx, text, subject, &program->message[i]);
    return tfr_findings_keep(out);
}

/* ---- evidence ---- */

static void attribute_evidence(struct tfr_context *ctx, struct tfr_findings_builder *out,
                               const struct tfr_subject *subject, const struct tfr_path *path)
{
    struct tfr_evidence evidence = { .kind = TFR_EVIDENCE_ATTRIBUTE,
                                     .address = subject->resource->address->text,
                                     .path = path->text };
    struct tfr_buf *note = tfr_findings_text(out);

    tfr_buf_puts(note, path->text);
    tfr_buf_puts(note, " is ");
    add_attribute(ctx, note, subject, path);
    evidence.note = tfr_findings_keep(out);
    tfr_findings_witness(out, &evidence);
}

static void action_evidence(struct tfr_findings_builder *out, const struct tfr_resource *resource)
{
    struct tfr_evidence evidence = { .kind = TFR_EVIDENCE_ACTION,
                                     .address = resource->address->text };
    struct tfr_buf *note = tfr_findings_text(out);

    tfr_buf_puts(note, tfr_action_name(resource->action));
    if (resource->action_reason != NULL)
        tfr_buf_printf(note, " (%s)", resource->action_reason->text);
    if (resource->replace_paths.count > 0) {
        tfr_buf_puts(note, ", forced by ");
        add_paths(note, &resource->replace_paths);
    }
    evidence.note = tfr_findings_keep(out);
    tfr_findings_witness(out, &evidence);
}

/* An attribute condition about this type of object that made the answer what it is: below a `not`
 * the other way round. */
static bool is_telling(struct tfr_context *ctx, const struct tfr_subject *subject,
                       const struct tfr_condition *leaf)
{
    const struct tfr_program *program = ctx->policy->program;
    bool yes = program->violation;

    if (leaf->kind != TFR_COND_ATTRIBUTE ||
        !tfr_context_has_type(ctx, &leaf->types, subject->resource, program->provider))
        return false;
    for (const struct tfr_condition *node = leaf; node->up > 0; node += node->up)
        yes = node[node->up].kind == TFR_COND_NOT ? !yes : yes;
    return tfr_attribute_truth(ctx, subject, leaf).is == (yes ? TFR_YES : TFR_NO);
}

/* Several conditions may be about one attribute. */
static bool is_told(const struct tfr_path *const *told, uint32_t count, const struct tfr_path *path)
{
    for (uint32_t i = 0; i < count; i++) {
        if (told[i]->side == path->side && strcmp(told[i]->text, path->text) == 0)
            return true;
    }
    return false;
}

static void write_evidence(struct tfr_context *ctx, struct tfr_findings_builder *out,
                           const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    const struct tfr_path *told[EVIDENCE_LEAVES];
    bool action = false;
    uint32_t written = 0;

    for (uint32_t i = 0; i < program->definition.count && written < EVIDENCE_LEAVES; i++) {
        const struct tfr_condition *leaf = &program->definition.at[i];
        const struct tfr_path *path = NULL;

        if (leaf->kind == TFR_COND_CHANGE && !action) {
            action_evidence(out, subject->resource);
            action = true;
        }
        if (leaf->kind == TFR_COND_CHANGE)
            path = leaf->change->path;
        else if (is_telling(ctx, subject, leaf))
            path = leaf->path;
        if (path == NULL || is_told(told, written, path))
            continue;
        attribute_evidence(ctx, out, subject, path);
        told[written++] = path;
    }
}

/* ---- one answer ---- */

static uint8_t plain_severity(const struct tfr_context *ctx, const struct tfr_findings_builder *out)
{
    return ctx->policy->severity[out->environment];
}

/* What an adjustment makes of a severity when it holds. */
static uint8_t adjusted_severity(const struct tfr_findings_builder *out,
                                 const struct tfr_adjust *adjust, uint8_t severity)
{
    return adjust->has_severity ? adjust->severity[out->environment]
                                : tfr_severity_lower(severity, adjust->lower);
}

static void weigh(struct tfr_context *ctx, struct tfr_findings_builder *out, uint8_t severity)
{
    uint8_t all[TFR_ENVIRONMENT_COUNT];

    if (severity == plain_severity(ctx, out))
        return;
    memset(all, severity, sizeof all);
    tfr_finding_severity(out, all);
}

static void adjust(struct tfr_context *ctx, struct tfr_findings_builder *out,
                   const struct tfr_subject *subject)
{
    const struct tfr_program *program = ctx->policy->program;
    uint8_t severity = plain_severity(ctx, out);

    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const uint8_t next = adjusted_severity(out, &program->adjust[i], severity);
        enum tfr_truth_value when;

        if (next == severity)
            continue; /* whatever holds */
        when = tfr_block_truth(ctx, subject, &program->adjust[i].when).is;
        if (when == TFR_YES || (when == TFR_MAYBE && next > severity))
            severity = next;
    }
    weigh(ctx, out, severity);
}

/* The severity of all objects of a type; ASK_EACH if the adjustments ask for more than the type. */
static uint8_t severity_of_type(struct tfr_context *ctx, const struct tfr_findings_builder *out,
                                const struct tfr_sym *type)
{
    const struct tfr_program *program = ctx->policy->program;
    uint8_t severity = plain_severity(ctx, out);

    for (uint32_t i = 0; i < program->adjust_count; i++) {
        const struct tfr_block *when = &program->adjust[i].when;
        const uint8_t next = adjusted_severity(out, &program->adjust[i], severity);
        enum tfr_type_answer answer = TFR_ANSWER_EACH;

        if (next == severity)
            continue;
        if (when->count == 1 && when->at[0].kind == TFR_COND_CLASS)
            answer = tfr_class_of_type(ctx, type, &when->at[0]);
        if (answer == TFR_ANSWER_EACH)
            return ASK_EACH;
        if (answer == TFR_ANSWER_YES)
            severity = next;
    }
    return severity;
}

/* The same, found out once for each type. */
static uint8_t recall_severity(struct tfr_context *ctx, const struct tfr_findings_builder *out,
                               const struct tfr_sym *type)
{
    const void *part = ctx->policy->program->adjust;
    bool known = false;
    uint8_t severity = *tfr_context_recall(ctx, part, type, TFR_MANAGED, &known);

    if (known)
        return severity;
    severity = severity_of_type(ctx, out, type); /* which may take the place */
    *tfr_context_recall(ctx, part, type, TFR_MANAGED, &known) = severity;
    return severity;
}

/* The changes that an adjustment can be about. */
static uint16_t adjusted_words(const struct tfr_program *program)
{
    uint16_t words = 0;

    for (uint32_t i = 0; i < program->adjust_count; i++)
        words |= tfr_block_words(&program->adjust[i].when);
    return words;
}

/* A pass weighs what a finding would: of most objects their type tells. */
static void adjust_pass(struct tfr_context *ctx, struct tfr_findings_builder *out,
                        const struct tfr_resource *resource, uint16_t words)
{
    const struct tfr_brief *brief = tfr_context_brief(ctx, resource);
    const struct tfr_sym *type = brief != NULL ? brief->type : resource->type;
    struct tfr_subject subject;
    uint8_t severity;

    if (words != UINT16_MAX && brief != NULL && (brief->words & words) == 0)
        return;
    severity = recall_severity(ctx, out, type);
    if (severity != ASK_EACH) {
        weigh(ctx, out, severity);
        return;
    }
    subject = tfr_subject_of(ctx, resource);
    adjust(ctx, out, &subject);
    tfr_arena_reset(&ctx->scratch);
}

static void record_fault(struct tfr_context *ctx, struct tfr_findings_builder *out,
                         const struct tfr_answer *answer)
{
    const struct tfr_subject subject = tfr_subject_of(ctx, answer->resource);

    if (answer->is == TFR_MAYBE) {
        tfr_findings_open(out, answer->resource, answer->because, render(ctx, out, &subject));
    } else {
        tfr_findings_fault(out, answer->resource, render(ctx, out, &subject));
        write_evidence(ctx, out, &subject);
    }
    if (ctx->policy->program->adjust_count > 0)
        adjust(ctx, out, &subject);
    tfr_arena_reset(&ctx->scratch);
}

struct tfr_recorder tfr_recorder_new(struct tfr_context *ctx, struct tfr_findings_builder *out)
{
    const struct tfr_program *program = ctx->policy->program;

    return (struct tfr_recorder){
        .ctx = ctx,
        .out = out,
        .fine = program->violation ? TFR_NO : TFR_YES,
        .adjusted = ctx->mode == TFR_MODE_CHECKOV && program->adjust_count > 0
                        ? UINT16_MAX
                        : adjusted_words(program),
    };
}

void tfr_record(struct tfr_recorder *recorder, const struct tfr_answer *answer)
{
    tfr_findings_room(recorder->out, recorder->most);
    recorder->most = 0;
    if (answer->is != recorder->fine) {
        record_fault(recorder->ctx, recorder->out, answer);
        return;
    }
    tfr_findings_lay_pass(recorder->out, answer->resource); /* as most are */
    if (recorder->adjusted != 0)
        adjust_pass(recorder->ctx, recorder->out, answer->resource, recorder->adjusted);
}
