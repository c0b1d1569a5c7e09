/* SPDX-License-Identifier: Apache-2.0 */
/* Reading a profile, member by member, and asking it. */
#include "policies/profile.h"

#include "policies/operators.h"
#include "policies/words.h"

#include <stdio.h>
#include <string.h>

/* ---- pieces ------------------------------------------------------------------------------------
 */

static bool wants(const struct tfr_yaml_file *file, const struct tfr_yaml *node, const char *what,
                  struct tfr_error *err)
{
    return tfr_yaml_fail(err, file, node, "%.80s", what);
}

static bool is_text(const struct tfr_yaml *node)
{
    return node->kind == TFR_YAML_SCALAR && node->len > 0 && strlen(node->text) == node->len &&
           node->value.kind != TFR_NULL;
}

static bool read_text(const struct tfr_yaml_file *file, const struct tfr_yaml *node,
                      const char *what, const char **out, struct tfr_error *err)
{
    *out = node->text;
    return is_text(node) || wants(file, node, what, err);
}

/* A text or a list of them. */
static bool read_texts(const struct tfr_yaml_file *file, const struct tfr_yaml *node,
                       const char *what, const char *const **out, struct tfr_error *err)
{
    const uint32_t count = node->kind == TFR_YAML_LIST ? node->count : 1;
    const char **texts = tfr_arena_zalloc(file->arena, ((size_t)count + 1) * sizeof *texts);

    *out = texts;
    if (node->kind == TFR_YAML_SCALAR)
        return read_text(file, node, what, texts, err);
    if (node->kind != TFR_YAML_LIST || count == 0)
        return wants(file, node, what, err);
    for (uint32_t i = 0; i < count; i++) {
        if (!read_text(file, node->items[i], what, &texts[i], err))
            return false;
    }
    return true;
}

static bool read_level(const struct tfr_yaml_file *file, const struct tfr_yaml *node, uint8_t *out,
                       struct tfr_error *err)
{
    return (node->kind == TFR_YAML_SCALAR && tfr_severity_parse(node->text, out) &&
            *out != TFR_SEVERITY_NONE) ||
           wants(file, node, "a severity is P0, P1, P2 or info", err);
}

/* ---- services ----------------------------------------------------------------------------------
 */

/* NAME: null | value | [values] | {matches: EXPRESSION} */
static bool read_variable(const struct tfr_yaml_file *file, const struct tfr_yaml *key,
                          const struct tfr_yaml *value, struct tfr_profile_variable *out,
                          struct tfr_error *err)
{
    static const char *const keys[] = { "matches", NULL };
    const char *wrong = NULL;

    out->name = key->text;
    if (value->kind == TFR_YAML_SCALAR && value->value.kind == TFR_NULL)
        return true;
    if (value->kind != TFR_YAML_MAP)
        return read_texts(file, value, "a variable wants its values", &out->values, err);
    if (!tfr_yaml_known_keys(file, value, keys, err))
        return false;
    if (value->count == 0)
        return wants(file, value, "a variable wants its values", err);
    if (!read_text(file, value->items[1], "matches wants a regular expression", &out->pattern, err))
        return false;
    wrong = tfr_regex_check(out->pattern);
    return wrong == NULL || wants(file, value->items[1], wrong, err);
}

static bool read_required(const struct tfr_yaml_file *file, const struct tfr_yaml *map,
                          struct tfr_profile_service *out, struct tfr_error *err)
{
    struct tfr_profile_variable *all;

    if (map->kind != TFR_YAML_MAP)
        return wants(file, map, "required_env wants a map of names and values", err);
    all = tfr_arena_zalloc(file->arena, ((size_t)map->count + 1) * sizeof *all);
    out->required = all;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!read_variable(file, map->items[2 * i], map->items[2 * i + 1], &all[i], err))
            return false;
    }
    out->required_count = map->count;
    return true;
}

static bool read_service_member(const struct tfr_yaml_file *file, const char *key,
                                const struct tfr_yaml *value, struct tfr_profile_service *out,
                                struct tfr_error *err)
{
    if (strcmp(key, "required_env") == 0)
        return read_required(file, value, out, err);
    if (strcmp(key, "forbidden_env") == 0)
        return read_texts(file, value, "forbidden_env wants a list of names", &out->forbidden, err);
    return read_level(file, value, &out->severity, err);
}

static bool read_services(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                          const struct tfr_yaml *map, struct tfr_error *err)
{
    static const char *const keys[] = { "required_env", "forbidden_env", "severity", NULL };
    struct tfr_profile_service *all;

    if (map->kind != TFR_YAML_MAP)
        return wants(file, map, "services wants a map of services", err);
    all = tfr_arena_zalloc(file->arena, ((size_t)map->count + 1) * sizeof *all);
    profile->services = all;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct tfr_yaml *value = map->items[2 * i + 1];

        all[i].name = map->items[2 * i]->text;
        if (value->kind != TFR_YAML_MAP)
            return wants(file, value, "a service wants a map of what it is and needs", err);
        if (!tfr_yaml_known_keys(file, value, keys, err))
            return false;
        for (uint32_t k = 0; k < value->count; k++) {
            if (!read_service_member(file, value->items[2 * k]->text, value->items[2 * k + 1],
                                     &all[i], err))
                return false;
        }
    }
    profile->service_count = map->count;
    return true;
}

/* ---- components --------------------------------------------------------------------------------
 */

static bool read_component(const struct tfr_yaml_file *file, const struct tfr_yaml *value,
                           struct tfr_profile_component *out, struct tfr_error *err)
{
    static const char *const keys[] = { "severity", "types", "name", NULL };
    const struct tfr_yaml *level = tfr_yaml_get(value, "severity");
    const struct tfr_yaml *types = tfr_yaml_get(value, "types");
    const struct tfr_yaml *named = tfr_yaml_get(value, "name");

    if (value->kind == TFR_YAML_SCALAR)
        return value->value.kind == TFR_NULL || read_level(file, value, &out->severity, err);
    if (value->kind != TFR_YAML_MAP)
        return wants(file, value, "a component wants a severity, or a map", err);
    return tfr_yaml_known_keys(file, value, keys, err) &&
           (level == NULL || read_level(file, level, &out->severity, err)) &&
           (types == NULL ||
            read_texts(file, types, "types wants a list of types", &out->types, err)) &&
           (named == NULL || read_text(file, named, "name wants a glob", &out->named, err));
}

/* A kind that nobody knows names no types: it could never be there. */
static bool is_known_kind(const char *kind)
{
    const struct tfr_type_list *list = tfr_builtin_list("components");

    for (uint32_t i = 0; i < list->count; i++) {
        for (const char *const *tag = list->rows[i].tags; tag != NULL && *tag != NULL; tag++) {
            if (strcmp(*tag, kind) == 0)
                return true;
        }
    }
    return false;
}

/* [KIND, ...], or KIND: SEVERITY, or NAME: {types, name, severity} */
static bool read_expected(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                          const struct tfr_yaml *node, struct tfr_error *err)
{
    const bool list = node->kind == TFR_YAML_LIST;
    struct tfr_profile_component *all =
        tfr_arena_zalloc(file->arena, ((size_t)node->count + 1) * sizeof *all);

    if (node->kind == TFR_YAML_SCALAR)
        return wants(file, node, "expected wants a list of components, or a map", err);
    profile->components = all;
    for (uint32_t i = 0; i < node->count; i++) {
        const struct tfr_yaml *key = list ? node->items[i] : node->items[2 * i];
        struct tfr_buf place = { 0 };

        if (!read_text(file, key, "a component is a text", &all[i].name, err) ||
            (!list && !read_component(file, node->items[2 * i + 1], &all[i], err)))
            return false;
        if (all[i].types == NULL && !is_known_kind(all[i].name)) {
            (void)tfr_yaml_fail(err, file, key, "there is no kind of component %.80s", all[i].name);
            return tfr_fail_hint(err,
                                 "give it types: [aws_...], or take a kind of docs/profile.md");
        }
        tfr_buf_printf(&place, "%s:%u", file->name, key->line);
        all[i].place = tfr_arena_text(file->arena, tfr_buf_text(&place), place.len);
        tfr_buf_fini(&place);
    }
    profile->component_count = node->count;
    return true;
}

/* ---- thresholds, documentation -----------------------------------------------------------------
 */

static bool read_thresholds(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                            const struct tfr_yaml *map, struct tfr_error *err)
{
    static const char *const names[] = { "backup.min_days", "backup.target_days", "log.min_days",
                                         "blast.max",       "blast.percent",      NULL };
    struct tfr_profile_threshold *all =
        tfr_arena_zalloc(file->arena, ((size_t)map->count + 1) * sizeof *all);

    if (map->kind != TFR_YAML_MAP)
        return wants(file, map, "thresholds wants a map of names and numbers", err);
    if (!tfr_yaml_known_keys(file, map, names, err))
        return false;
    profile->thresholds = all;
    for (uint32_t i = 0; i < map->count; i++) {
        all[i].name = map->items[2 * i]->text;
        if (!tfr_value_integer(&map->items[2 * i + 1]->value, &all[i].value) || all[i].value < 0)
            return wants(file, map->items[2 * i + 1], "a threshold is a whole number", err);
    }
    profile->threshold_count = map->count;
    return true;
}

static bool read_documentation(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                               const struct tfr_yaml *map, struct tfr_error *err)
{
    struct tfr_profile_document *all =
        tfr_arena_zalloc(file->arena, ((size_t)map->count + 1) * sizeof *all);

    if (map->kind != TFR_YAML_MAP)
        return wants(file, map, "documentation wants a map of topics and places", err);
    profile->documents = all;
    for (uint32_t i = 0; i < map->count; i++) {
        const struct tfr_yaml *value = map->items[2 * i + 1];

        all[i].topic = map->items[2 * i]->text;
        if (value->value.kind == TFR_BOOL && !value->value.truth)
            continue;
        if (value->value.kind == TFR_BOOL ||
            !read_text(file, value, "a document is a path or address, or false", &all[i].where,
                       err))
            return wants(file, value, "a document is a path or address, or false", err);
    }
    profile->document_count = map->count;
    return true;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */

bool tfr_profile_member(const struct tfr_yaml_file *file, struct tfr_profile *profile,
                        const struct tfr_yaml *key, const struct tfr_yaml *value,
                        struct tfr_error *err)
{
    static const char *const keys[] = { "environment", "services",      "expected",
                                        "thresholds",  "documentation", NULL };

    if (strcmp(key->text, "services") == 0)
        return read_services(file, profile, value, err);
    if (strcmp(key->text, "expected") == 0)
        return read_expected(file, profile, value, err);
    if (strcmp(key->text, "thresholds") == 0)
        return read_thresholds(file, profile, value, err);
    if (strcmp(key->text, "documentation") == 0)
        return read_documentation(file, profile, value, err);
    if (strcmp(key->text, "environment") == 0) {
        profile->has_environment = true;
        return (is_text(value) && tfr_environment_parse(value->text, &profile->environment)) ||
               wants(file, value, "an environment is production, staging or development", err);
    }
    (void)tfr_yaml_fail(err, file, key, "a profile has no key %.80s", key->text);
    if (tfr_nearest(key->text, keys) != NULL)
        (void)tfr_fail_hint(err, "did you mean %s?", tfr_nearest(key->text, keys));
    return false;
}

/* ---- asking ------------------------------------------------------------------------------------
 */

long long tfr_profile_number(const struct tfr_profile *profile, const char *name,
                             long long fallback)
{
    for (size_t i = 0; profile != NULL && i < profile->threshold_count; i++) {
        if (strcmp(profile->thresholds[i].name, name) == 0)
            return profile->thresholds[i].value;
    }
    return fallback;
}

struct tfr_value tfr_profile_value(const struct tfr_profile *profile, const struct tfr_value *value,
                                   char text[TFR_PROFILE_DIGITS])
{
    struct tfr_value number = { .kind = TFR_NUMBER };
    const struct tfr_value *name = &tfr_absent;
    long long fallback = 0;

    if (value->kind != TFR_OBJECT)
        return *value;
    name = tfr_value_get(value, "threshold");
    if (name->kind != TFR_STRING || !tfr_value_integer(tfr_value_get(value, "default"), &fallback))
        return *value;
    number.count = (uint32_t)snprintf(text, TFR_PROFILE_DIGITS, "%lld",
                                      tfr_profile_number(profile, name->text, fallback));
    number.text = text;
    return number;
}

const struct tfr_profile_service *tfr_profile_service(const struct tfr_profile *profile,
                                                      const char *name)
{
    for (size_t i = 0; profile != NULL && i < profile->service_count; i++) {
        if (tfr_address_glob(profile->services[i].name, name))
            return &profile->services[i];
    }
    return NULL;
}
