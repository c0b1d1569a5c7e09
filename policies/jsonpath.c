/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/jsonpath.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    struct tfr_arena *arena;
    const char *at;
    struct tfr_jsonpath *out;
};

static void skip_space(struct parser *parser)
{
    while (*parser->at == ' ')
        parser->at++;
}

static bool take(struct parser *parser, const char *text)
{
    const size_t len = strlen(text);

    skip_space(parser);
    if (strncmp(parser->at, text, len) != 0)
        return false;
    parser->at += len;
    return true;
}

static struct tfr_jsonpath_step *add_step(struct parser *parser, enum tfr_jsonpath_kind kind)
{
    struct tfr_jsonpath_step *step;

    if (parser->out->step_count == TFR_JSONPATH_STEPS)
        return NULL;
    step = &parser->out->steps[parser->out->step_count++];
    *step = (struct tfr_jsonpath_step){ .kind = kind, .to = LONG_MAX };
    return step;
}

static const char *copy(struct parser *parser, const char *from, size_t len)
{
    return tfr_arena_text(parser->arena, from, len);
}

/* A quoted text, or a word up to one of `stops`; NULL if there is none. */
static const char *take_word(struct parser *parser, const char *stops)
{
    const char *from;
    size_t len;

    skip_space(parser);
    from = parser->at;
    if (*from == '\'' || *from == '"') {
        const char *end = strchr(from + 1, *from);

        if (end == NULL)
            return NULL;
        parser->at = end + 1;
        return copy(parser, from + 1, (size_t)(end - from - 1));
    }
    len = strcspn(from, stops);
    while (len > 0 && from[len - 1] == ' ')
        len--;
    parser->at += len;
    return len > 0 ? copy(parser, from, len) : NULL;
}

static bool take_operator(struct parser *parser, struct tfr_jsonpath_test *test)
{
    static const char *const words[] = { "==", "!=", "<=", ">=", "=~", "=", "<", ">" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (!take(parser, words[i]))
            continue;
        memcpy(test->op, strcmp(words[i], "==") == 0 ? "=" : words[i],
               strcmp(words[i], "==") == 0 ? 2 : strlen(words[i]) + 1);
        return true;
    }
    return false;
}

static bool is_integer(const char *text)
{
    const char *digits = text + (*text == '-');

    return *digits != '\0' && strspn(digits, "0123456789") == strlen(digits);
}

static bool parse_test(struct parser *parser, struct tfr_jsonpath_step *step)
{
    struct tfr_jsonpath_test *test;
    bool quoted;

    if (step->test_count == TFR_JSONPATH_TESTS || !take(parser, "@"))
        return false;
    test = &step->tests[step->test_count++];
    if (*parser->at == '.')
        parser->at++;
    test->path = take_word(parser, " =!<>&)");
    if (test->path == NULL)
        test->path = "";
    if (!take_operator(parser, test))
        return true;
    skip_space(parser);
    quoted = *parser->at == '\'' || *parser->at == '"';
    test->wanted = take_word(parser, "&)]");
    if (test->wanted == NULL && !quoted)
        return false;
    test->number = !quoted && is_integer(test->wanted);
    return test->wanted != NULL;
}

static bool parse_filter(struct parser *parser)
{
    struct tfr_jsonpath_step *step = add_step(parser, TFR_JSONPATH_FILTER);
    const bool bracket = take(parser, "(");

    if (step == NULL)
        return false;
    do {
        if (!parse_test(parser, step))
            return false;
    } while (take(parser, "&"));
    return (!bracket || take(parser, ")")) && take(parser, "]");
}

static bool parse_slice(struct parser *parser)
{
    struct tfr_jsonpath_step *step = add_step(parser, TFR_JSONPATH_SLICE);
    char *end;

    if (step == NULL)
        return false;
    step->from = strtol(parser->at, &end, 10);
    if (end == parser->at && *end != ':')
        return false;
    parser->at = end;
    if (*parser->at != ':') {
        step->to = step->from == LONG_MAX ? LONG_MAX : step->from + 1;
        return take(parser, "]");
    }
    parser->at++;
    step->to = strtol(parser->at, &end, 10);
    if (end == parser->at)
        step->to = LONG_MAX;
    parser->at = end;
    return take(parser, "]");
}

static bool parse_bracket(struct parser *parser)
{
    struct tfr_jsonpath_step *step;

    if (take(parser, "*")) {
        step = add_step(parser, TFR_JSONPATH_ALL);
        return step != NULL && take(parser, "]");
    }
    if (take(parser, "?"))
        return parse_filter(parser);
    skip_space(parser);
    if (isdigit((unsigned char)*parser->at) || *parser->at == '-' || *parser->at == ':')
        return parse_slice(parser);
    step = add_step(parser, TFR_JSONPATH_NAME);
    if (step == NULL)
        return false;
    step->name = take_word(parser, "]");
    return step->name != NULL && take(parser, "]");
}

static bool parse_name(struct parser *parser, enum tfr_jsonpath_kind kind)
{
    struct tfr_jsonpath_step *step = add_step(parser, kind);

    if (step == NULL)
        return false;
    step->name = take_word(parser, ".[ ");
    return step->name != NULL;
}

bool tfr_jsonpath_parse(struct tfr_arena *arena, const char *text, struct tfr_jsonpath *out)
{
    struct parser parser = { .arena = arena, .at = text, .out = out };
    bool ok = true;

    out->step_count = 0;
    if (*parser.at == '$')
        parser.at++;
    else if (*parser.at != '[' && *parser.at != '.')
        ok = parse_name(&parser, TFR_JSONPATH_NAME);
    while (ok && *parser.at != '\0') {
        if (take(&parser, "["))
            ok = parse_bracket(&parser);
        else if (take(&parser, ".."))
            ok = parse_name(&parser, TFR_JSONPATH_DEEP);
        else if (take(&parser, "."))
            ok = *parser.at == '[' || parse_name(&parser, TFR_JSONPATH_NAME);
        else
            ok = false;
    }
    return ok && out->step_count > 0;
}
