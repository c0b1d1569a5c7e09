/* SPDX-License-Identifier: Apache-2.0 */
/* The frame of a policy: metadata, severities, message, and what ties its conditions together. */
#include "policies/compile.h"
#include "policies/words.h"

#include <string.h>
#include <strings.h>

#define MAX_PARTS 64

static bool fail_at(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *what)
{
    return tfr_yaml_fail(compiler->err, &compiler->file, node, "%s", what);
}

/* ---- severity ---- */

/* Catalogue families that weigh one level less where nobody's users are. */
static bool is_lowered_in_development(const char *id)
{
    static const char *const families[] = { "TFR-HA-",  "TFR-BKP-", "TFR-PRF-",
                                            "TFR-OPS-", "TFR-CST-", "TFR-ORP-" };

    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strncmp(id, families[i], strlen(families[i])) == 0)
            return true;
    }
    return false;
}

static bool severity_word(struct tfr_compiler *compiler, const struct tfr_yaml *node, uint8_t *out)
{
    static const char *const words[] = { "P0",       "P1",   "P2",     "info", "none",
                                         "critical", "high", "medium", "low",  NULL };
    const char *near;

    if (node->kind == TFR_YAML_SCALAR && tfr_severity_parse(node->text, out))
        return true;
    (void)fail_at(compiler, node, "a severity is P0, P1, P2, info or none");
    near = node->kind == TFR_YAML_SCALAR ? tfr_nearest(node->text, words) : NULL;
    return near != NULL ? tfr_fail_hint(compiler->err, "did you mean %s?", near) : false;
}

static bool severity_map(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *id,
                         uint8_t out[TFR_ENVIRONMENT_COUNT])
{
    static const char *const keys[] = { "production", "staging", "development", NULL };
    const struct tfr_yaml *staging = tfr_yaml_get(node, "staging"),
                          *development = tfr_yaml_get(node, "development");

    if (!tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err))
        return false;
    if (tfr_yaml_get(node, "production") == NULL)
        return fail_at(compiler, node, "a severity needs production");
    if (!severity_word(compiler, tfr_yaml_get(node, "production"), &out[TFR_PRODUCTION]))
        return false;
    out[TFR_STAGING] = out[TFR_PRODUCTION];
    if (staging != NULL && !severity_word(compiler, staging, &out[TFR_STAGING]))
        return false;
    out[TFR_DEVELOPMENT] = out[TFR_STAGING];
    if (development != NULL)
        return severity_word(compiler, development, &out[TFR_DEVELOPMENT]);
    if (is_lowered_in_development(id) && out[TFR_DEVELOPMENT] > TFR_INFO)
        out[TFR_DEVELOPMENT]--;
    return true;
}

static bool compile_severity(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                             const char *id, uint8_t out[TFR_ENVIRONMENT_COUNT])
{
    uint8_t one = TFR_P2;

    if (node != NULL && node->kind == TFR_YAML_MAP)
        return severity_map(compiler, node, id, out);
    if (node != NULL && !severity_word(compiler, node, &one))
        return false;
    memset(out, one, TFR_ENVIRONMENT_COUNT);
    return true;
}

/* ---- message ---- */

struct parts {
    struct tfr_template_part at[MAX_PARTS];
    uint32_t count;
};

static bool add_part(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                     struct parts *parts, struct tfr_template_part part)
{
    if (parts->count == MAX_PARTS)
        return fail_at(compiler, node, "a message has at most 64 parts");
    parts->at[parts->count++] = part;
    return true;
}

/* `text` begins behind the brace. @return the bytes up to and with the closing brace, 0 on failure
 */
static size_t add_field(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        const char *text, struct parts *parts)
{
    const size_t len = strcspn(text, "}");
    struct tfr_template_part part = { .field = TFR_FIELD_ATTRIBUTE };
    const char *word;

    if (text[len] != '}' || len == 0) {
        (void)fail_at(compiler, node, "a brace is not closed, or empty; {{ is a brace");
        return 0;
    }
    word = tfr_arena_text(compiler->file.arena, text, len);
    if (!tfr_field_parse(word, &part.field)) {
        part.path = tfr_compile_path(compiler, node, word);
        if (part.path == NULL)
            return 0;
    }
    return add_part(compiler, node, parts, part) ? len + 1 : 0;
}

static bool compile_message(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                            struct tfr_program *program)
{
    struct parts parts = { .count = 0 };
    const char *at;

    if (node == NULL)
        return true;
    if (node->kind != TFR_YAML_SCALAR)
        return fail_at(compiler, node, "a message is a text");
    for (at = node->text; *at != '\0';) {
        const size_t len = strcspn(at, "{");
        const size_t take = len > 0 ? len : (at[1] == '{' ? 1 : 0);
        size_t used;

        if (take > 0) {
            const struct tfr_template_part part = {
                .field = TFR_FIELD_TEXT, .text = tfr_arena_text(compiler->file.arena, at, take)
            };
            if (!add_part(compiler, node, &parts, part))
                return false;
            at += len > 0 ? len : 2;
            continue;
        }
        used = add_field(compiler, node, at + 1, &parts);
        if (used == 0)
            return false;
        at += used + 1;
    }
    if (parts.count > 0)
        program->message =
            tfr_arena_copy(compiler->file.arena, parts.at, parts.count * sizeof parts.at[0]);
    program->message_count = parts.count;
    return true;
}

/* ---- metadata ---- */

static bool text_of(struct tfr_compiler *compiler, const struct tfr_yaml *map, const char *key,
                    const char **out)
{
    const struct tfr_yaml *node = tfr_yaml_get(map, key);

    if (node == NULL || node->value.kind == TFR_NULL)
        return true;
    if (node->kind != TFR_YAML_SCALAR)
        return tfr_yaml_fail(compiler->err, &compiler->file, node, "%s must be a text", key);
    *out = node->text;
    return true;
}

static bool need(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *key,
                 const char *text)
{
    if (text != NULL && *text != '\0')
        return true;
    return tfr_yaml_fail(compiler->err, &compiler->file, node, "metadata needs %s", key);
}

static bool compile_metadata(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                             struct tfr_policy *out, struct tfr_program *program)
{
    static const char *const keys[] = { "id",      "name",      "category",   "severity",
                                        "why",     "fix",       "verify",     "maps_to",
                                        "message", "guideline", "guidelines", "frameworks",
                                        NULL };
    const char *category = NULL, *guideline = NULL;

    if (node == NULL || node->kind != TFR_YAML_MAP)
        return fail_at(compiler, node, "a policy needs metadata, a map");
    if (!tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err) ||
        !text_of(compiler, node, "id", &out->id) || !text_of(compiler, node, "name", &out->title) ||
        !text_of(compiler, node, "category", &category) || !need(compiler, node, "id", out->id) ||
        !need(compiler, node, "name", out->title) || !need(compiler, node, "category", category) ||
        !text_of(compiler, node, "why", &out->why) || !text_of(compiler, node, "fix", &out->fix) ||
        !text_of(compiler, node, "verify", &out->verify) ||
        !text_of(compiler, node, "guideline", &guideline))
        return false;
    if (out->fix == NULL)
        out->fix = guideline;
    out->category = tfr_category_parse(category);
    return compile_severity(compiler, tfr_yaml_get(node, "severity"), out->id, out->severity) &&
           tfr_compile_texts(compiler, tfr_yaml_get(node, "maps_to"), &out->maps_to) &&
           compile_message(compiler, tfr_yaml_get(node, "message"), program);
}

/* ---- the rest ---- */

static bool one_adjust(struct tfr_compiler *compiler, const struct tfr_yaml *node, const char *id,
                       struct tfr_adjust *out)
{
    static const char *const keys[] = { "when", "lower", "severity", "note", NULL };
    const struct tfr_yaml *lower = tfr_yaml_get(node, "lower"),
                          *severity = tfr_yaml_get(node, "severity");
    long long levels = 0;

    if (node->kind != TFR_YAML_MAP || tfr_yaml_get(node, "when") == NULL ||
        (lower == NULL) == (severity == NULL))
        return fail_at(compiler, node, "adjust needs when, and either lower or severity");
    if (!tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err) ||
        !text_of(compiler, node, "note", &out->note))
        return false;
    if (lower != NULL && (!tfr_value_integer(&lower->value, &levels) || levels < 1 || levels > 4))
        return fail_at(compiler, lower, "lower is 1 to 4 levels");
    out->lower = (uint8_t)levels;
    out->has_severity = severity != NULL;
    if (severity != NULL && !compile_severity(compiler, severity, id, out->severity))
        return false;
    return tfr_compile_block(compiler, tfr_yaml_get(node, "when"), &out->when);
}

static bool compile_adjust(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                           const char *id, struct tfr_program *program)
{
    struct tfr_adjust *all;

    if (node == NULL)
        return true;
    if (node->kind != TFR_YAML_LIST)
        return fail_at(compiler, node, "adjust must be a list");
    all = tfr_arena_zalloc(compiler->file.arena, (node->count + 1) * sizeof *all);
    for (uint32_t i = 0; i < node->count; i++) {
        if (!one_adjust(compiler, node->items[i], id, &all[i]))
            return false;
    }
    program->adjust = all;
    program->adjust_count = node->count;
    return true;
}

static bool asks_for_change(const struct tfr_block *block)
{
    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *node = &block->at[i];

        if (node->kind == TFR_COND_CHANGE || node->kind == TFR_COND_GUARDED)
            return true;
        if (node->path != NULL &&
            (node->path->side == TFR_SIDE_BEFORE || strncmp(node->path->text, "__change_", 9) == 0))
            return true;
    }
    return false;
}

static bool compile_objects(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                            struct tfr_program *program)
{
    if (node == NULL) {
        program->objects = TFR_OBJECTS_LIVE;
        if (asks_for_change(&program->definition) || asks_for_change(&program->when))
            program->objects = TFR_OBJECTS_ALL;
        return true;
    }
    if (node->kind == TFR_YAML_SCALAR && tfr_objects_parse(node->text, &program->objects))
        return true;
    return fail_at(compiler, node, "objects is live, gone, all, deposed or drift");
}

static bool compile_applies_to(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                               struct tfr_program *program)
{
    const char *const *words = NULL;

    program->plans = program->states = node == NULL;
    if (!tfr_compile_texts(compiler, node, &words))
        return false;
    for (; words != NULL && *words != NULL; words++) {
        if (strcmp(*words, "plan") == 0)
            program->plans = true;
        else if (strcmp(*words, "state") == 0)
            program->states = true;
        else
            return fail_at(compiler, node, "applies_to is plan, state or both");
    }
    return true;
}

/* The union of what the leaves name; everything if none names a type. */
static void gather_subjects(struct tfr_compiler *compiler, struct tfr_program *program)
{
    const struct tfr_block *block = &program->definition;
    struct tfr_type_set *set = &program->subjects;

    for (uint32_t i = 0; i < block->count; i++)
        program->connected = program->connected || block->at[i].kind == TFR_COND_CONNECTION;
    tfr_gather_types(block, true, compiler->file.arena, set);
    set->all = set->count == 0 && !set->taggable;
    if (block->count > 0 && block->at[block->count - 1].kind == TFR_COND_RESOURCE)
        set->all = true;
}

static bool check_shape(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        const struct tfr_program *program)
{
    const struct tfr_block *block = &program->definition;
    const uint32_t root = block->count - 1;

    if (block->at[root].kind == TFR_COND_FILTER)
        return fail_at(compiler, node, "a filter alone decides nothing; put it into an and");
    for (uint32_t i = 0; i < block->count; i++) {
        const struct tfr_condition *at = &block->at[i];

        if (at->kind == TFR_COND_ANALYSER && block->count > 1)
            return fail_at(compiler, node, "an analyser must be the whole definition");
        if (at->kind != TFR_COND_NOT)
            continue;
        for (uint32_t k = i + 1 - at->size; k < i; k++) {
            if (block->at[k].kind == TFR_COND_CONNECTION)
                return fail_at(compiler, node,
                               "not above a connection; use the operator not_exists");
        }
    }
    return true;
}

static bool compile_scope(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                          struct tfr_program *program)
{
    static const char *const keys[] = { "provider", NULL };

    if (node == NULL)
        return true;
    if (node->kind != TFR_YAML_MAP)
        return fail_at(compiler, node, "scope must be a map");
    return tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err) &&
           text_of(compiler, node, "provider", &program->provider);
}

static bool compile_combination(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                                struct tfr_program *program)
{
    const struct tfr_yaml *cosmetic = tfr_yaml_get(node, "cosmetic");

    if (cosmetic != NULL && cosmetic->value.kind != TFR_BOOL)
        return fail_at(compiler, cosmetic, "cosmetic is true or false");
    program->cosmetic = cosmetic != NULL && cosmetic->value.truth;
    return tfr_compile_texts(compiler, tfr_yaml_get(node, "suppresses"), &program->suppresses) &&
           tfr_compile_texts(compiler, tfr_yaml_get(node, "suppresses_when_cosmetic"),
                             &program->suppresses_when_cosmetic);
}

static bool compile_definition(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                               struct tfr_program *program)
{
    const struct tfr_yaml *definition = tfr_yaml_get(node, "definition");
    const struct tfr_yaml *violation = tfr_yaml_get(node, "violation");

    if ((definition == NULL) == (violation == NULL))
        return fail_at(compiler, node, "a policy needs either definition or violation");
    program->violation = violation != NULL;
    if (violation != NULL)
        definition = violation;
    compiler->provider = program->provider;
    if (!tfr_compile_block(compiler, definition, &program->definition))
        return false;
    gather_subjects(compiler, program);
    return check_shape(compiler, definition, program);
}

bool tfr_compile_policy(struct tfr_compiler *compiler, const struct tfr_yaml *node,
                        struct tfr_policy *out)
{
    static const char *const keys[] = { "metadata",
                                        "definition",
                                        "violation",
                                        "scope",
                                        "applies_to",
                                        "objects",
                                        "adjust",
                                        "applies_when",
                                        "cosmetic",
                                        "suppresses",
                                        "suppresses_when_cosmetic",
                                        NULL };
    struct tfr_program *program = tfr_arena_zalloc(compiler->file.arena, sizeof *program);
    const struct tfr_yaml *when = tfr_yaml_get(node, "applies_when");
    bool ok;

    if (node->kind != TFR_YAML_MAP)
        return fail_at(compiler, node, "a policy is a map with metadata and definition");
    out->program = program;
    compiler->path_slots = 0;
    ok = tfr_yaml_known_keys(&compiler->file, node, keys, compiler->err) &&
         compile_metadata(compiler, tfr_yaml_get(node, "metadata"), out, program) &&
         compile_scope(compiler, tfr_yaml_get(node, "scope"), program) &&
         compile_definition(compiler, node, program) &&
         (when == NULL || tfr_compile_block(compiler, when, &program->when)) &&
         compile_objects(compiler, tfr_yaml_get(node, "objects"), program) &&
         compile_combination(compiler, node, program) &&
         compile_applies_to(compiler, tfr_yaml_get(node, "applies_to"), program) &&
         compile_adjust(compiler, tfr_yaml_get(node, "adjust"), out->id, program);
    program->path_slots = compiler->path_slots;
    return ok;
}
