/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/words.h"

#include "policies/yaml.h"

#include <string.h>
#include <strings.h>

struct word {
    const char *text;
    uint16_t value;
};

struct operator_word {
    const char *text;
    uint8_t op;
    bool negate;
};

static const struct operator_word operators[] = {
    { "equals", TFR_OP_EQUALS, false },
    { "not_equals", TFR_OP_EQUALS, true },
    { "equals_ignore_case", TFR_OP_EQUALS_IGNORE_CASE, false },
    { "not_equals_ignore_case", TFR_OP_EQUALS_IGNORE_CASE, true },
    { "regex_match", TFR_OP_REGEX_MATCH, false },
    { "not_regex_match", TFR_OP_REGEX_MATCH, true },
    { "exists", TFR_OP_EXISTS, false },
    { "not_exists", TFR_OP_EXISTS, true },
    { "any", TFR_OP_ANY, false },
    { "contains", TFR_OP_CONTAINS, false },
    { "not_contains", TFR_OP_CONTAINS, true },
    { "within", TFR_OP_WITHIN, false },
    { "not_within", TFR_OP_WITHIN, true },
    { "starting_with", TFR_OP_STARTING_WITH, false },
    { "not_starting_with", TFR_OP_STARTING_WITH, true },
    { "ending_with", TFR_OP_ENDING_WITH, false },
    { "not_ending_with", TFR_OP_ENDING_WITH, true },
    { "greater_than", TFR_OP_GREATER_THAN, false },
    { "greater_than_or_equal", TFR_OP_GREATER_THAN_OR_EQUAL, false },
    { "less_than", TFR_OP_LESS_THAN, false },
    { "less_than_or_equal", TFR_OP_LESS_THAN_OR_EQUAL, false },
    { "subset", TFR_OP_SUBSET, false },
    { "not_subset", TFR_OP_SUBSET, true },
    { "is_empty", TFR_OP_IS_EMPTY, false },
    { "is_not_empty", TFR_OP_IS_EMPTY, true },
    { "length_equals", TFR_OP_LENGTH_EQUALS, false },
    { "length_not_equals", TFR_OP_LENGTH_EQUALS, true },
    { "length_greater_than", TFR_OP_LENGTH_GREATER_THAN, false },
    { "length_greater_than_or_equal", TFR_OP_LENGTH_GREATER_THAN_OR_EQUAL, false },
    { "length_less_than", TFR_OP_LENGTH_LESS_THAN, false },
    { "length_less_than_or_equal", TFR_OP_LENGTH_LESS_THAN_OR_EQUAL, false },
    { "is_true", TFR_OP_IS_TRUE, false },
    { "is_false", TFR_OP_IS_TRUE, true },
    { "intersects", TFR_OP_INTERSECTS, false },
    { "not_intersects", TFR_OP_INTERSECTS, true },
    { "range_includes", TFR_OP_RANGE_INCLUDES, false },
    { "range_not_includes", TFR_OP_RANGE_INCLUDES, true },
    { "number_of_words_equals", TFR_OP_WORDS_EQUALS, false },
    { "number_of_words_not_equals", TFR_OP_WORDS_EQUALS, true },
    { "number_of_words_greater_than", TFR_OP_WORDS_GREATER_THAN, false },
    { "number_of_words_greater_than_or_equal", TFR_OP_WORDS_GREATER_THAN_OR_EQUAL, false },
    { "number_of_words_less_than", TFR_OP_WORDS_LESS_THAN, false },
    { "number_of_words_less_than_or_equal", TFR_OP_WORDS_LESS_THAN_OR_EQUAL, false },
    { "cidr_range_subset", TFR_OP_CIDR_SUBSET, false },
    { "cidr_range_not_subset", TFR_OP_CIDR_SUBSET, true },
};
#define OPERATOR_COUNT (sizeof operators / sizeof operators[0])

static bool find_word(const struct word *words, const char *text, uint16_t *out)
{
    for (size_t i = 0; words[i].text != NULL; i++) {
        if (strcasecmp(words[i].text, text) == 0) {
            *out = words[i].value;
            return true;
        }
    }
    return false;
}

static bool find_byte(const struct word *words, const char *text, uint8_t *out)
{
    uint16_t value = 0;

    if (!find_word(words, text, &value))
        return false;
    *out = (uint8_t)value;
    return true;
}

bool tfr_severity_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "P0", TFR_P0 },
        { "P1", TFR_P1 },
        { "P2", TFR_P2 },
        { "info", TFR_INFO },
        { "critical", TFR_P0 },
        { "high", TFR_P1 },
        { "important", TFR_P1 },
        { "medium", TFR_P2 },
        { "moderate", TFR_P2 },
        { "low", TFR_INFO },
        { "none", TFR_SEVERITY_NONE },
        { "off", TFR_SEVERITY_NONE },
        { NULL, 0 },
    };

    return find_byte(words, text, out);
}

enum tfr_category tfr_category_parse(const char *text)
{
    static const struct word words[] = {
        { "security", TFR_SECURITY },
        { "reliability", TFR_RELIABILITY },
        { "change safety", TFR_CHANGE_SAFETY },
        { "operations", TFR_OPERATIONS },
        { "performance", TFR_PERFORMANCE },
        { "hygiene", TFR_HYGIENE },
        { "documentation", TFR_DOCUMENTATION },
        { "logging", TFR_OPERATIONS },
        { "backup_and_recovery", TFR_RELIABILITY },
        { "convention", TFR_HYGIENE },
        { NULL, 0 },
    };
    uint16_t value = TFR_SECURITY;

    (void)find_word(words, text, &value);
    return (enum tfr_category)value;
}

bool tfr_operator_parse(const char *text, uint8_t *op, bool *negate)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        if (strcmp(operators[i].text, text) == 0) {
            *op = operators[i].op;
            *negate = operators[i].negate;
            return true;
        }
    }
    return false;
}

const char *tfr_operator_name(enum tfr_operator op, bool negate)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        if (operators[i].op == op && operators[i].negate == negate)
            return operators[i].text;
    }
    return op == TFR_OP_ONE_EXISTS ? "one_exists" : "";
}

const char *tfr_operator_nearest(const char *text)
{
    const char *names[OPERATOR_COUNT + 1];

    for (size_t i = 0; i < OPERATOR_COUNT; i++)
        names[i] = operators[i].text;
    names[OPERATOR_COUNT] = NULL;
    return tfr_nearest(text, names);
}

bool tfr_graph_operator_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "unreferenced", TFR_GRAPH_UNREFERENCED },
        { "dependants", TFR_GRAPH_DEPENDANTS },
        { "dependencies", TFR_GRAPH_DEPENDENCIES },
        { "reachable", TFR_GRAPH_REACHABLE },
        { "distinct", TFR_GRAPH_DISTINCT },
        { "joined", TFR_GRAPH_JOINED },
        { NULL, 0 },
    };

    return find_byte(words, text, out);
}

uint16_t tfr_change_word_parse(const char *text)
{
    static const struct word words[] = {
        { "create", TFR_CHANGE_CREATE },
        { "update", TFR_CHANGE_UPDATE },
        { "delete", TFR_CHANGE_DELETE },
        { "replace", TFR_CHANGE_REPLACE },
        { "delete-before-create", TFR_CHANGE_DELETE_CREATE },
        { "create-before-delete", TFR_CHANGE_CREATE_DELETE },
        { "destroy", TFR_CHANGE_DESTROY },
        { "forget", TFR_CHANGE_FORGET },
        { "no-op", TFR_CHANGE_NO_OP },
        { "read", TFR_CHANGE_READ },
        { "import", TFR_CHANGE_IMPORT },
        { "move", TFR_CHANGE_MOVE },
        { NULL, 0 },
    };
    uint16_t value = 0;

    (void)find_word(words, text, &value);
    return value;
}

bool tfr_direction_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "up", TFR_UP }, { "down", TFR_DOWN }, { "around", TFR_AROUND }, { NULL, 0 }
    };

    return find_byte(words, text, out);
}

bool tfr_objects_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "live", TFR_OBJECTS_LIVE },   { "gone", TFR_OBJECTS_GONE },
        { "all", TFR_OBJECTS_ALL },     { "deposed", TFR_OBJECTS_DEPOSED },
        { "drift", TFR_OBJECTS_DRIFT }, { NULL, 0 },
    };

    return find_byte(words, text, out);
}

bool tfr_field_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "address", TFR_FIELD_ADDRESS },
        { "type", TFR_FIELD_TYPE },
        { "name", TFR_FIELD_NAME },
        { "module", TFR_FIELD_MODULE },
        { "action", TFR_FIELD_ACTION },
        { "reason", TFR_FIELD_REASON },
        { "previous_address", TFR_FIELD_PREVIOUS_ADDRESS },
        { "replace_paths", TFR_FIELD_REPLACE_PATHS },
        { "because", TFR_FIELD_BECAUSE },
        { "class", TFR_FIELD_CLASS },
        { "data", TFR_FIELD_DATA },
        { NULL, 0 },
    };

    return find_byte(words, text, out);
}

bool tfr_condition_kind_parse(const char *text, uint8_t *out)
{
    static const struct word words[] = {
        { "attribute", TFR_COND_ATTRIBUTE }, { "connection", TFR_COND_CONNECTION },
        { "filter", TFR_COND_FILTER },       { "resource", TFR_COND_RESOURCE },
        { "change", TFR_COND_CHANGE },       { "graph", TFR_COND_GRAPH },
        { "class", TFR_COND_CLASS },         { "guarded", TFR_COND_GUARDED },
        { "analyser", TFR_COND_ANALYSER },   { NULL, 0 },
    };

    return find_byte(words, text, out);
}

const char *tfr_severity_name(enum tfr_severity severity)
{
    static const char *const names[] = { "none", "info", "P2", "P1", "P0" };

    return names[severity];
}

const char *tfr_environment_name(enum tfr_environment environment)
{
    static const char *const names[] = { "production", "staging", "development" };

    return names[environment];
}

const char *tfr_category_name(enum tfr_category category)
{
    static const char *const names[] = { "Security",     "Reliability", "Change safety",
                                         "Operations",   "Performance", "Hygiene",
                                         "Documentation" };

    return names[category];
}

const char *tfr_result_name(enum tfr_result result)
{
    static const char *const names[] = { "skipped", "pass", "fail", "undecided" };

    return names[result];
}

const char *tfr_finding_state_name(enum tfr_finding_state state)
{
    static const char *const names[] = { "open", "cosmetic", "waived", "undecided" };

    return names[state];
}
