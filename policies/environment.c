/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which environment a document is of: root variables first, then the tags of most resources, then
 * words in names. Two sources that disagree: the stricter one. Nothing says so: production.
 */
#include "policies/config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct token {
    const char *text;
    enum tfr_environment environment;
};

static const struct token tokens[] = {
    { "production", TFR_PRODUCTION },
    { "prod", TFR_PRODUCTION },
    { "prd", TFR_PRODUCTION },
    { "live", TFR_PRODUCTION },
    { "staging", TFR_STAGING },
    { "stage", TFR_STAGING },
    { "stg", TFR_STAGING },
    { "uat", TFR_STAGING },
    { "preprod", TFR_STAGING },
    { "qa", TFR_STAGING },
    { "development", TFR_DEVELOPMENT },
    { "dev", TFR_DEVELOPMENT },
    { "test", TFR_DEVELOPMENT },
    { "sandbox", TFR_DEVELOPMENT },
    { "ephemeral", TFR_DEVELOPMENT },
};
#define TOKEN_COUNT (sizeof tokens / sizeof tokens[0])

static bool match_token(const char *text, size_t len, enum tfr_environment *out)
{
    for (size_t i = 0; i < TOKEN_COUNT; i++) {
        if (strlen(tokens[i].text) == len && strncasecmp(tokens[i].text, text, len) == 0) {
            *out = tokens[i].environment;
            return true;
        }
    }
    return false;
}

/* The whole text, or the first of its words that is one of ours. */
static bool find_token(const struct tfr_config *config, const char *text, size_t len,
                       enum tfr_environment *out)
{
    if (tfr_config_names(config, text, len, out))
        return true;
    for (size_t at = 0; at < len;) {
        size_t end = at;

        while (end < len && isalnum((unsigned char)text[end]))
            end++;
        if (end > at && match_token(text + at, end - at, out))
            return true;
        at = end + 1;
    }
    return false;
}

bool tfr_environment_parse(const char *text, enum tfr_environment *out)
{
    return match_token(text, strlen(text), out);
}

static bool from_variables(const struct tfr_document *document, const struct tfr_config *config,
                           struct tfr_environment_guess *out)
{
    static const char *const names[] = { "environment",      "env",     "stage",
                                         "environment_name", "app_env", "deployment_environment" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        for (size_t k = 0; k < document->variable_count; k++) {
            const struct tfr_variable *variable = &document->variables[k];

            if (!tfr_sym_is(variable->name, names[i]) || variable->value.kind != TFR_STRING)
                continue;
            if (!find_token(config, variable->value.text, variable->value.count, &out->environment))
                continue;
            (void)snprintf(out->source, sizeof out->source, "variable %s", names[i]);
            return true;
        }
    }
    return false;
}

/* Names that a document may have, in the order in which they are asked for. */
#define MAPS 4
#define KEYS 6
#define SPOTS 256
struct tag_names {
    const struct tfr_sym *maps[MAPS], *keys[KEYS]; /* NULL: the document has no such name */
    struct {
        const struct tfr_layout *layout;
        const struct tfr_sym *name;
        uint32_t place;
    } spots[SPOTS]; /* where a name stands in objects of one layout: most share theirs */
};

static void find_names(const struct tfr_document *document, const char *const *texts, size_t count,
                       const struct tfr_sym **out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = document->names != NULL
                     ? tfr_names_find(document->names, texts[i], strlen(texts[i]))
                     : NULL;
}

static const struct tfr_value *member_of(struct tag_names *names, const struct tfr_value *object,
                                         const struct tfr_sym *name)
{
    const struct tfr_layout *layout;
    size_t spot;

    if (name == NULL || object->kind != TFR_OBJECT || object->count == 0)
        return &tfr_absent;
    layout = object->object->layout;
    spot = (((uintptr_t)layout >> 3u) + name->id) % SPOTS;
    if (names->spots[spot].layout != layout || names->spots[spot].name != name) {
        names->spots[spot].layout = layout;
        names->spots[spot].name = name;
        names->spots[spot].place = tfr_layout_place(layout, name);
    }
    return names->spots[spot].place < object->count
               ? tfr_member_value(object, names->spots[spot].place)
               : &tfr_absent;
}

/* The value of an Environment, Env or Stage tag. */
static const struct tfr_value *tag_of(struct tag_names *names, const struct tfr_resource *resource)
{
    for (size_t i = 0; i < MAPS; i++) {
        const struct tfr_value *map =
            member_of(names, tfr_resource_values(resource), names->maps[i]);

        for (size_t k = 0; map->kind == TFR_OBJECT && k < KEYS; k++) {
            const struct tfr_value *value = member_of(names, map, names->keys[k]);

            if (value->kind == TFR_STRING)
                return value;
        }
    }
    return &tfr_absent;
}

static bool from_tags(const struct tfr_document *document, const struct tfr_config *config,
                      struct tfr_environment_guess *out)
{
    static const char *const maps[MAPS] = { "tags_all", "effective_labels", "labels", "tags" };
    static const char *const keys[KEYS] = { "Environment", "environment", "Env",
                                            "env",         "Stage",       "stage" };
    size_t count[TFR_ENVIRONMENT_COUNT] = { 0 }, total = 0;
    enum tfr_environment environment = TFR_PRODUCTION;
    const char *last = NULL; /* most tags say the same, and such a text stands once */
    struct tag_names names = { 0 };
    bool found = false;

    find_names(document, maps, MAPS, names.maps);
    find_names(document, keys, KEYS, names.keys);
    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_value *tag = tag_of(&names, &document->changes.at[i]);

        if (i + 8 < document->changes.count)
            TFR_PREFETCH(document->changes.at[i + 8].after.object);
        if (tag->kind != TFR_STRING)
            continue;
        total++;
        if (tag->text != last)
            found = find_token(config, tag->text, tag->count, &environment);
        last = tag->text;
        if (found)
            count[environment]++;
    }
    for (int i = 0; total > 0 && i < TFR_ENVIRONMENT_COUNT; i++) {
        if (count[i] * 5 < total * 4)
            continue;
        out->environment = (enum tfr_environment)i;
        (void)snprintf(out->source, sizeof out->source, "tags Environment on %zu of %zu resources",
                       count[i], total);
        return true;
    }
    return false;
}

/* Words in the values of `name`-like attributes: what most of them say. */
static bool from_names(const struct tfr_document *document, const struct tfr_config *config,
                       struct tfr_environment_guess *out)
{
    static const char *const attributes[] = { "name",   "identifier",   "cluster_identifier",
                                              "bucket", "cluster_name", "replication_group_id" };
    size_t count[TFR_ENVIRONMENT_COUNT] = { 0 }, total = 0;

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_value *values = tfr_resource_values(&document->changes.at[i]);
        enum tfr_environment environment;

        for (size_t k = 0; k < sizeof attributes / sizeof attributes[0]; k++) {
            const struct tfr_value *value = tfr_value_get(values, attributes[k]);

            if (value->kind != TFR_STRING ||
                !find_token(config, value->text, value->count, &environment))
                continue;
            count[environment]++;
            total++;
            break;
        }
    }
    for (int i = 0; total > 0 && i < TFR_ENVIRONMENT_COUNT; i++) {
        if (count[i] * 5 < total * 4)
            continue;
        out->environment = (enum tfr_environment)i;
        (void)snprintf(out->source, sizeof out->source, "names of %zu resources", count[i]);
        return true;
    }
    return false;
}

void tfr_environment_of(const struct tfr_document *document, const struct tfr_config *config,
                        struct tfr_environment_guess *out)
{
    struct tfr_environment_guess tags = { 0 };
    const bool by_tags = from_tags(document, config, &tags);

    if (from_variables(document, config, out)) {
        if (by_tags && tags.environment < out->environment) {
            const struct tfr_environment_guess variable = *out;

            out->environment = tags.environment;
            (void)snprintf(out->source, sizeof out->source, "%.70s (%.30s says %s)", tags.source,
                           variable.source, tfr_environment_name(variable.environment));
        }
        return;
    }
    if (by_tags) {
        *out = tags;
        return;
    }
    if (from_names(document, config, out))
        return;
    out->environment = TFR_PRODUCTION;
    (void)snprintf(out->source, sizeof out->source, "nothing says otherwise");
}
