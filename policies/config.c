/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration file: settings, policies that a team sees differently, its own words. */
#include "policies/config.h"
#include "policies/context.h"
#include "policies/profile.h"
#include "policies/set.h"
#include "policies/words.h"
#include "policies/yaml.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A policy that is off, or has another severity. */
struct override {
    const struct tfr_yaml *key;
    const char *id, *reason;
    bool off;
    uint8_t severity[TFR_ENVIRONMENT_COUNT]; /* NONE: as the catalogue says */
};

struct word {
    const char *text;
    enum tfr_environment environment;
};

struct tfr_config {
    struct tfr_arena arena;
    struct tfr_yaml_file file;
    struct tfr_setting *settings;
    size_t setting_count, setting_cap;
    struct override *overrides;
    size_t override_count, override_cap;
    struct tfr_type_row *stateful; /* sorted by type */
    size_t stateful_count;
    struct word *words;
    size_t word_count, word_cap;
    const char **remarks;
    size_t remark_count, remark_cap;
    struct tfr_profile profile;
    bool has_profile;
};

struct tfr_config *tfr_config_new(void)
{
    return tfr_calloc(1, sizeof(struct tfr_config));
}

void tfr_config_free(struct tfr_config *config)
{
    if (config == NULL)
        return;
    tfr_free(config->settings);
    tfr_free(config->overrides);
    tfr_free(config->words);
    tfr_free(config->remarks);
    tfr_arena_free(&config->arena);
    tfr_free(config);
}

const struct tfr_setting *tfr_config_settings(const struct tfr_config *config, size_t *count)
{
    *count = config->setting_count;
    return config->settings;
}

const char *const *tfr_config_remarks(const struct tfr_config *config, size_t *count)
{
    static const char *const none[] = { NULL };

    *count = config != NULL ? config->remark_count : 0;
    return *count > 0 ? config->remarks : none;
}

static void say(struct tfr_config *config, const struct tfr_yaml *at, const char *format, ...)
    TFR_PRINTF(3, 4);

static void say(struct tfr_config *config, const struct tfr_yaml *at, const char *format, ...)
{
    struct tfr_buf text = { 0 };
    va_list args;

    tfr_buf_printf(&text, "%s:%u: ", config->file.name, at->line);
    va_start(args, format);
    tfr_buf_vprintf(&text, format, args);
    va_end(args);
    config->remarks = tfr_grow(config->remarks, &config->remark_cap, config->remark_count + 2,
                               sizeof *config->remarks);
    config->remarks[config->remark_count++] =
        tfr_arena_text(&config->arena, tfr_buf_text(&text), text.len);
    config->remarks[config->remark_count] = NULL;
    tfr_buf_fini(&text);
}

/* ---- reading -----------------------------------------------------------------------------------
 */

static bool wants_text(struct tfr_config *config, const struct tfr_yaml *node, const char *what,
                       struct tfr_error *err)
{
    if (node->kind == TFR_YAML_SCALAR && node->len > 0 && strlen(node->text) == node->len)
        return true;
    return tfr_yaml_fail(err, &config->file, node, "%s wants a text", what);
}

static struct override *add_override(struct tfr_config *config, const struct tfr_yaml *key)
{
    struct override *one;

    config->overrides = tfr_grow(config->overrides, &config->override_cap,
                                 config->override_count + 1, sizeof *config->overrides);
    one = &config->overrides[config->override_count++];
    *one = (struct override){ .key = key, .id = key->text };
    return one;
}

/* disabled: { TFR-OPS-003: why } */
static bool read_disabled(struct tfr_config *config, const struct tfr_yaml *key,
                          const struct tfr_yaml *value, struct tfr_error *err)
{
    struct override *one;

    if (!wants_text(config, value, "a policy that is off", err))
        return tfr_fail_hint(err, "the text is the reason: it stands in every report");
    one = add_override(config, key);
    one->off = true;
    one->reason = value->text;
    return true;
}

static bool read_severity(struct tfr_config *config, const struct tfr_yaml *node, uint8_t *out,
                          struct tfr_error *err)
{
    if (node->kind == TFR_YAML_SCALAR && tfr_severity_parse(node->text, out) &&
        *out != TFR_SEVERITY_NONE)
        return true;
    (void)tfr_yaml_fail(err, &config->file, node, "a severity is P0, P1, P2 or info");
    return tfr_fail_hint(err, "disabled: takes a policy out altogether");
}

/* severities: { TFR-SEC-033: { severity: P2, reason: why } }, or by environment. */
static bool read_override(struct tfr_config *config, const struct tfr_yaml *key,
                          const struct tfr_yaml *value, struct tfr_error *err)
{
    static const char *const keys[] = { "severity",    "production", "staging",
                                        "development", "reason",     NULL };
    const struct tfr_yaml *reason = tfr_yaml_get(value, "reason");
    const struct tfr_yaml *all = tfr_yaml_get(value, "severity");
    struct override *one = add_override(config, key);
    bool any = all != NULL;

    if (value->kind != TFR_YAML_MAP || reason == NULL)
        return tfr_yaml_fail(err, &config->file, value,
                             "a severity is a map of severity and reason");
    if (!tfr_yaml_known_keys(&config->file, value, keys, err) ||
        !wants_text(config, reason, "\"reason\"", err))
        return false;
    one->reason = reason->text;
    for (int i = 0; i < TFR_ENVIRONMENT_COUNT; i++) {
        const struct tfr_yaml *here =
            tfr_yaml_get(value, tfr_environment_name((enum tfr_environment)i));

        any = any || here != NULL;
        here = here != NULL ? here : all;
        if (here != NULL && !read_severity(config, here, &one->severity[i], err))
            return false;
    }
    return any || tfr_yaml_fail(err, &config->file, value, "it says no severity");
}

/* stateful: { mycloud_database: D1 } */
static bool read_stateful(struct tfr_config *config, const struct tfr_yaml *key,
                          const struct tfr_yaml *value, struct tfr_error *err)
{
    struct tfr_type_row *row = &config->stateful[config->stateful_count];
    const char **tags;

    if (value->kind != TFR_YAML_SCALAR || value->len != 2 || value->text[0] != 'D' ||
        value->text[1] < '1' || value->text[1] > '5')
        return tfr_yaml_fail(
            err, &config->file, value,
            "a class of data is D1 (cannot be had again) to D5 (can be made anew)");
    tags = tfr_arena_zalloc(&config->arena, 2 * sizeof *tags);
    tags[0] = value->text;
    *row = (struct tfr_type_row){ .type = key->text, .tags = tags };
    config->stateful_count++;
    return true;
}

/* environments: { production: [live, eu-1] } */
static bool read_words(struct tfr_config *config, const struct tfr_yaml *key,
                       const struct tfr_yaml *value, struct tfr_error *err)
{
    static const char *const keys[] = { "production", "staging", "development", NULL };
    int environment = 0;

    while (keys[environment] != NULL && strcmp(keys[environment], key->text) != 0)
        environment++;
    if (keys[environment] == NULL)
        return tfr_yaml_fail(err, &config->file, key,
                             "an environment is production, staging or development");
    if (value->kind != TFR_YAML_LIST)
        return tfr_yaml_fail(err, &config->file, value, "an environment wants a list of its names");
    for (uint32_t i = 0; i < value->count; i++) {
        if (!wants_text(config, value->items[i], "the name of an environment", err))
            return false;
        config->words = tfr_grow(config->words, &config->word_cap, config->word_count + 1,
                                 sizeof *config->words);
        config->words[config->word_count++] =
            (struct word){ value->items[i]->text, (enum tfr_environment)environment };
    }
    return true;
}

/* profile: { expected: ... } */
static bool read_profile(struct tfr_config *config, const struct tfr_yaml *key,
                         const struct tfr_yaml *value, struct tfr_error *err)
{
    config->has_profile = true;
    return tfr_profile_member(&config->file, &config->profile, key, value, err);
}

static int by_type(const void *a, const void *b)
{
    const struct tfr_type_row *left = a;
    const struct tfr_type_row *right = b;

    return strcmp(left->type, right->type);
}

static const struct section {
    const char *name;
    bool (*read)(struct tfr_config *config, const struct tfr_yaml *key,
                 const struct tfr_yaml *value, struct tfr_error *err);
} sections[] = {
    { "disabled", read_disabled },  { "severities", read_override }, { "stateful", read_stateful },
    { "environments", read_words }, { "profile", read_profile },
};
#define SECTION_COUNT (sizeof sections / sizeof sections[0])

static bool read_section(struct tfr_config *config, const struct section *section,
                         const struct tfr_yaml *map, struct tfr_error *err)
{
    if (map->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(err, &config->file, map, "%s wants a map", section->name);
    if (section->read == read_stateful)
        config->stateful =
            tfr_arena_zalloc(&config->arena, (map->count + 1) * sizeof *config->stateful);
    for (uint32_t i = 0; i < map->count; i++) {
        if (!section->read(config, map->items[2 * i], map->items[2 * i + 1], err))
            return false;
    }
    if (section->read == read_stateful)
        qsort(config->stateful, config->stateful_count, sizeof *config->stateful, by_type);
    return true;
}

static bool read_member(struct tfr_config *config, const struct tfr_yaml *key,
                        const struct tfr_yaml *value, struct tfr_error *err)
{
    for (size_t i = 0; i < SECTION_COUNT; i++) {
        if (strcmp(sections[i].name, key->text) == 0)
            return read_section(config, &sections[i], value, err);
    }
    if (!wants_text(config, value, key->text, err))
        return false;
    config->settings = tfr_grow(config->settings, &config->setting_cap, config->setting_count + 1,
                                sizeof *config->settings);
    config->settings[config->setting_count++] = (struct tfr_setting){
        .key = key->text, .text = value->text, .line = value->line, .column = value->column
    };
    return true;
}

/* The map that a file holds. @param out NULL: nothing but comments */
static bool read_map(struct tfr_config *config, struct tfr_yaml_file *file, const char *path,
                     const struct tfr_yaml **out, struct tfr_error *err)
{
    const struct tfr_yaml *const *documents = NULL;
    size_t count = 0;

    *file = (struct tfr_yaml_file){ .name = tfr_arena_text(&config->arena, path, strlen(path)),
                                    .arena = &config->arena };
    *out = NULL;
    if (!tfr_yaml_read_path(file, path, &documents, &count, err))
        return false;
    if (count == 0)
        return true;
    if (count > 1 || documents[0]->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(err, file, documents[count - 1],
                             "a configuration is one map of settings");
    *out = documents[0];
    return true;
}

static bool load(struct tfr_config *config, const char *path, const char *const *settings,
                 struct tfr_error *err)
{
    const struct tfr_yaml *map = NULL;
    const char **known;
    size_t known_count = 0;

    if (!read_map(config, &config->file, path, &map, err))
        return false;
    if (map == NULL)
        return true;
    while (settings[known_count] != NULL)
        known_count++;
    known = tfr_arena_zalloc(&config->arena, (known_count + SECTION_COUNT + 1) * sizeof *known);
    memcpy(known, settings, known_count * sizeof *known);
    for (size_t i = 0; i < SECTION_COUNT; i++)
        known[known_count + i] = sections[i].name;
    if (!tfr_yaml_known_keys(&config->file, map, known, err))
        return false;
    for (uint32_t i = 0; i < map->count; i++) {
        if (!read_member(config, map->items[2 * i], map->items[2 * i + 1], err))
            return false;
    }
    return true;
}

/* YAML speaks of policies. */
static bool refused(struct tfr_error *err)
{
    if (err->code == TFR_E_SYNTAX || err->code == TFR_E_SCHEMA)
        err->id = err->code == TFR_E_SYNTAX ? "config.syntax" : "config.schema";
    return false;
}

bool tfr_config_load(struct tfr_config *config, const char *path, const char *const *settings,
                     struct tfr_error *err)
{
    return load(config, path, settings, err) || refused(err);
}

bool tfr_config_load_profile(struct tfr_config *config, const char *path, struct tfr_error *err)
{
    struct tfr_yaml_file file;
    const struct tfr_yaml *map = NULL;

    config->profile = (struct tfr_profile){ 0 };
    config->has_profile = true;
    if (!read_map(config, &file, path, &map, err))
        return refused(err);
    for (uint32_t i = 0; map != NULL && i < map->count; i++) {
        if (!tfr_profile_member(&file, &config->profile, map->items[2 * i], map->items[2 * i + 1],
                                err))
            return refused(err);
    }
    return true;
}

const struct tfr_profile *tfr_config_profile(const struct tfr_config *config)
{
    return config != NULL && config->has_profile ? &config->profile : NULL;
}

struct tfr_profile *tfr_config_own_profile(struct tfr_config *config)
{
    config->has_profile = true;
    return &config->profile;
}

/* ---- policies ----------------------------------------------------------------------------------
 */

static bool no_such_policy(const struct tfr_config *config, const struct override *one,
                           const struct tfr_policies *policies, struct tfr_error *err)
{
    const size_t count = tfr_policies_count(policies);
    const char **ids = tfr_calloc(count + 1, sizeof *ids);
    const char *near;

    for (size_t i = 0; i < count; i++)
        ids[i] = tfr_policies_at(policies, i)->id;
    near = tfr_nearest(one->id, ids);
    (void)tfr_yaml_fail(err, &config->file, one->key, "there is no policy %.80s", one->id);
    err->id = "config.policy";
    if (near != NULL)
        (void)tfr_fail_hint(err, "did you mean %s?", near);
    tfr_free(ids);
    return tfr_fail_hint(err, "tfready policies list shows them all");
}

static void change_severity(struct tfr_config *config, const struct override *one,
                            struct tfr_policies *policies, const struct tfr_policy *policy)
{
    struct tfr_policy changed = *policy;

    for (int i = 0; i < TFR_ENVIRONMENT_COUNT; i++) {
        if (one->severity[i] == TFR_SEVERITY_NONE || one->severity[i] == policy->severity[i])
            continue;
        say(config, one->key, "%s is %s in %s, not %s: %s", one->id,
            tfr_severity_name((enum tfr_severity)one->severity[i]),
            tfr_environment_name((enum tfr_environment)i),
            tfr_severity_name((enum tfr_severity)policy->severity[i]), one->reason);
    }
    for (int i = 0; i < TFR_ENVIRONMENT_COUNT; i++) {
        if (one->severity[i] == TFR_SEVERITY_NONE)
            continue;
        changed.severity[i] = one->severity[i];
        changed.severity_is_set[i] = true;
    }
    tfr_set_replace(policies, &changed);
}

bool tfr_config_apply(struct tfr_config *config, struct tfr_policies *policies,
                      struct tfr_error *err)
{
    struct tfr_policies *builtin = tfr_policies_new();
    bool ok = true;

    tfr_policies_add_builtin(builtin);
    for (size_t i = 0; ok && i < config->override_count; i++) {
        const struct override *one = &config->overrides[i];
        const struct tfr_policy *policy = tfr_policies_find(policies, one->id);

        if (policy == NULL) {
            /* One that --no-builtin left out is no mistake. */
            if (tfr_policies_find(builtin, one->id) == NULL)
                ok = no_such_policy(config, one, policies, err);
        } else if (one->off) {
            say(config, one->key, "%s is off: %s", one->id, one->reason);
            tfr_set_drop(policies, one->id);
        } else {
            change_severity(config, one, policies, policy);
        }
    }
    tfr_policies_free(builtin);
    return ok;
}

/* ---- words -------------------------------------------------------------------------------------
 */

const struct tfr_type_row *tfr_config_stateful(const struct tfr_config *config, const char *type)
{
    const struct tfr_type_list list = {
        .name = "stateful",
        .rows = config != NULL ? config->stateful : NULL,
        .count = config != NULL ? (uint32_t)config->stateful_count : 0,
    };

    return tfr_type_list_row(&list, type);
}

const struct tfr_type_row *tfr_config_stateful_rows(const struct tfr_config *config,
                                                    uint32_t *count)
{
    *count = config != NULL ? (uint32_t)config->stateful_count : 0;
    return config != NULL ? config->stateful : NULL;
}

const struct tfr_type_row *tfr_config_type_row(const struct tfr_config *config,
                                               const struct tfr_type_list *list, const char *type)
{
    const struct tfr_type_row *row =
        strcmp(list->name, "stateful") == 0 ? tfr_config_stateful(config, type) : NULL;

    return row != NULL ? row : tfr_type_list_row(list, type);
}

bool tfr_config_names(const struct tfr_config *config, const char *text, size_t len,
                      enum tfr_environment *out)
{
    for (size_t i = 0; config != NULL && i < config->word_count; i++) {
        const struct word *word = &config->words[i];

        if (strlen(word->text) == len && strncasecmp(word->text, text, len) == 0) {
            *out = word->environment;
            return true;
        }
    }
    return false;
}

bool tfr_config_environment(const struct tfr_config *config, const char *text,
                            enum tfr_environment *out)
{
    return tfr_config_names(config, text, strlen(text), out) || tfr_environment_parse(text, out);
}
