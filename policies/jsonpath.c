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

static bool is_fraction(const char *text)
{
    const size_t sign = *text == '-', whole = strspn(text + sign, "0123456789");
    const char *dot = text + sign + whole;

    return whole > 0 && *dot == '.' && dot[1] != '\0' &&
           strspn(dot + 1, "0123456789") == strlen(dot + 1);
}

/* What is compared: true and false are 1 and 0. */
static void set_wanted(struct tfr_jsonpath_test *test, bool quoted)
{
    const bool yes = strcmp(test->wanted, "true") == 0, no = strcmp(test->wanted, "false") == 0;

    if (quoted)
        return;
    if (yes || no)
        test->wanted = yes ? "1" : "0";
    test->number = is_integer(test->wanted);
    test->fraction = is_fraction(test->wanted);
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
    test->path = take_word(parser, " =!<>&|)]");
    if (test->path == NULL)
        test->path = "";
    if (!take_operator(parser, test))
        return true;
    skip_space(parser);
    quoted = *parser->at == '\'' || *parser->at == '"';
    test->wanted = take_word(parser, "&|)]");
    if (test->wanted == NULL)
        return false;
    set_wanted(test, quoted);
    return true;
}

/* One test with the brackets around it, or around some. */
static bool parse_bracketed(struct parser *parser, struct tfr_jsonpath_step *step, uint32_t *open)
{
    while (take(parser, "("))
        ++*open;
    if (!parse_test(parser, step))
        return false;
    while (*open > 0 && take(parser, ")"))
        --*open;
    return true;
}

/* All tests, or any of them: of both in one filter, it is any for Checkov, which is not what the
 * brackets between them say. */
static bool parse_filter(struct parser *parser)
{
    struct tfr_jsonpath_step *step = add_step(parser, TFR_JSONPATH_FILTER);
    bool all = false, either = false, inner = false;
    uint32_t open = 0;

    if (step == NULL)
        return false;
    for (;;) {
        if (!parse_bracketed(parser, step, &open))
            return false;
        if (take(parser, "]"))
            break;
        inner = inner || open != 1;
        if (take(parser, "&&") || take(parser, "&"))
            all = true;
        else if (take(parser, "||") || take(parser, "|"))
            either = true;
        else
            return false;
    }
    step->either = either;
    return open == 0 && !(all && either && inner);
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
        step->index = true;
        return take(parser, "]");
    }
    parser->at++;
    step->to = strtol(parser->at, &end, 10);
    if (end == parser->at)
        step->to = LONG_MAX;
    parser->at = end;
    return take(parser, "]");
}

/* What may stand without quotes; words of the dialect may not. */
static bool is_plain_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    static const char others[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789@-";
    const char *at = name + (*name == '@');

    if (strcmp(name, "*") == 0)
        return true;
    if (strncmp(at, "true", 4) == 0 || strncmp(at, "false", 5) == 0 || strcmp(at, "where") == 0 ||
        strcmp(at, "contains") == 0)
        return false;
    return *at != '\0' && strchr(letters, *at) != NULL && strspn(at, others) == strlen(at);
}

static const char *take_name(struct parser *parser, const char *stops)
{
    const char *name;
    bool quoted;

    skip_space(parser);
    quoted = *parser->at == '\'' || *parser->at == '"';
    name = take_word(parser, stops);
    if (name != NULL && !quoted && !is_plain_name(name))
        parser->out->foreign = true;
    return name;
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
    step->name = take_name(parser, "]");
    return step->name != NULL && take(parser, "]");
}

static bool parse_name(struct parser *parser, enum tfr_jsonpath_kind kind)
{
    struct tfr_jsonpath_step *step = add_step(parser, kind);

    if (step == NULL)
        return false;
    step->name = take_name(parser, ".[ ");
    return step->name != NULL;
}

bool tfr_jsonpath_parse(struct tfr_arena *arena, const char *text, struct tfr_jsonpath *out)
{
    struct parser parser = { .arena = arena, .at = text, .out = out };
    bool ok = true;

    out->step_count = 0;
    out->foreign = *text == '.'; /* a path begins with a name */
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
