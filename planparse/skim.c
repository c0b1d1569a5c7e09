/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/skim.h"
#include "planparse/stops.h"
#include "planparse/unescape.h"

#include <string.h>

enum state {
    COLON, /* behind a name */
    VALUE,
    FIRST_ITEM, /* behind [ */
    FIRST_KEY,  /* behind { */
    KEY,        /* behind a comma of an object */
    AFTER,      /* behind a value */
    STRING,
    ESCAPE, /* behind a backslash */
    HEX,
    WORD,
    MINUS,
    ZERO,
    WHOLE,
    POINT,
    FRACTION,
    EXPONENT,
    SIGN,
    POWER,
};

/* What a number looks like up to each of its states. */
static const char *const number_so_far[] = {
    [MINUS] = "-",      [ZERO] = "0",      [WHOLE] = "1",  [POINT] = "1.",
    [FRACTION] = "1.0", [EXPONENT] = "1e", [SIGN] = "1e+", [POWER] = "1e1",
};

/* ---- strings -----------------------------------------------------------------------------------
 */

static bool is_white(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool step_string(struct tfr_skim *skim, char c)
{
    if (c == '"')
        skim->state = skim->key ? COLON : AFTER;
    else
        skim->state = ESCAPE;
    return c == '"' || c == '\\'; /* a line feed is text, but not in a string */
}

static bool step_escape(struct tfr_skim *skim, char c)
{
    if (c == 'u') {
        skim->digits = 4;
        skim->state = HEX;
        return true;
    }
    skim->state = STRING;
    return tfr_escape_meaning(c) != '\0';
}

static bool step_hex(struct tfr_skim *skim, char c)
{
    if (--skim->digits == 0)
        skim->state = STRING;
    return tfr_hex_digit(c) >= 0;
}

/* ---- containers, words, numbers ----------------------------------------------------------------
 */

static uint32_t most_levels(const struct tfr_skim *skim)
{
    return skim->max_levels > 0 && skim->max_levels < TFR_SKIM_LEVELS ? skim->max_levels
                                                                      : TFR_SKIM_LEVELS;
}

static bool open_container(struct tfr_skim *skim, char c)
{
    if (skim->levels == most_levels(skim))
        return false;
    skim->open[skim->levels++] = c;
    skim->state = c == '{' ? FIRST_KEY : FIRST_ITEM;
    return true;
}

static bool close_container(struct tfr_skim *skim, char c)
{
    if (skim->levels == 0 || skim->open[skim->levels - 1] != (c == '}' ? '{' : '['))
        return false;
    skim->levels--;
    skim->state = AFTER;
    return true;
}

static bool begin_string(struct tfr_skim *skim, bool key)
{
    skim->key = key;
    skim->state = STRING;
    return true;
}

static bool begin_word(struct tfr_skim *skim, const char *word)
{
    skim->word = word;
    skim->word_at = 1;
    skim->state = WORD;
    return true;
}

static bool step_word(struct tfr_skim *skim, char c)
{
    if (skim->word[skim->word_at++] != c)
        return false;
    if (skim->word[skim->word_at] == '\0')
        skim->state = AFTER;
    return true;
}

static bool begin_value(struct tfr_skim *skim, char c)
{
    switch (c) {
    case '"':
        return begin_string(skim, false);
    case '{':
    case '[':
        return open_container(skim, c);
    case 't':
        return begin_word(skim, "true");
    case 'f':
        return begin_word(skim, "false");
    case 'n':
        return begin_word(skim, "null");
    case '-':
        skim->state = MINUS;
        return true;
    default:
        skim->state = c == '0' ? ZERO : WHOLE;
        return is_digit(c);
    }
}

/* @return the state behind this byte of a number, AFTER if it is no part of it, COLON for none */
static enum state number_next(enum state state, char c)
{
    const bool digit = is_digit(c);

    switch (state) {
    case MINUS:
        return !digit ? COLON : c == '0' ? ZERO : WHOLE;
    case ZERO:
    case WHOLE:
        if (digit)
            return state == WHOLE ? WHOLE : COLON;
        return c == '.' ? POINT : c == 'e' || c == 'E' ? EXPONENT : AFTER;
    case POINT:
        return digit ? FRACTION : COLON;
    case FRACTION:
        return digit ? FRACTION : c == 'e' || c == 'E' ? EXPONENT : AFTER;
    case EXPONENT:
        return digit ? POWER : c == '+' || c == '-' ? SIGN : COLON;
    case SIGN:
        return digit ? POWER : COLON;
    default:
        return digit ? POWER : AFTER;
    }
}

/* ---- one byte outside of a run -----------------------------------------------------------------
 */

static bool step_after(struct tfr_skim *skim, char c)
{
    if (c == ',' && skim->levels > 0) {
        skim->state = skim->open[skim->levels - 1] == '{' ? KEY : VALUE;
        return true;
    }
    return (c == '}' || c == ']') && close_container(skim, c);
}

/* Structure: what may stand between two tokens. */
static bool step_structure(struct tfr_skim *skim, char c)
{
    switch ((enum state)skim->state) {
    case COLON:
        skim->state = VALUE;
        return c == ':';
    case FIRST_ITEM:
        if (c == ']')
            return close_container(skim, c);
        return begin_value(skim, c);
    case VALUE:
        return begin_value(skim, c);
    case FIRST_KEY:
        if (c == '}')
            return close_container(skim, c);
        return c == '"' && begin_string(skim, true);
    case KEY:
        return c == '"' && begin_string(skim, true);
    default:
        return step_after(skim, c);
    }
}

static bool step_token(struct tfr_skim *skim, char c)
{
    switch ((enum state)skim->state) {
    case STRING:
        return step_string(skim, c);
    case ESCAPE:
        return step_escape(skim, c);
    case HEX:
        return step_hex(skim, c);
    default:
        return step_word(skim, c);
    }
}

/* @return false: in doubt. `*at` moves over the byte unless it ends a number. */
static bool step(struct tfr_skim *skim, const char *bytes, size_t *at)
{
    const char c = bytes[*at];
    enum state next;

    if (skim->state >= MINUS) {
        next = number_next(skim->state, c);
        if (next == COLON)
            return false;
        skim->state = (uint8_t)next;
        *at += next != AFTER;
        return true;
    }
    (*at)++;
    if (skim->state >= STRING)
        return step_token(skim, c);
    if (is_white(c))
        return true;
    return step_structure(skim, c);
}

/* ---- in leaps ----------------------------------------------------------------------------------
 *
 * Whole members and items are stepped over here; the first byte that does not fit is left to
 * step(), which knows all cases.
 */

/* Room behind all that `stops` looks at, so that only numbers look for the end: for the longest
 * word, what ends it, and the quote of a name, bytes. */
#define ROOM 16

/* The rest of a string from its first stop on, if that is no quote. */
static size_t close_escaped(struct tfr_stops *stops, size_t at)
{
    const char *bytes = stops->bytes;

    while (at < stops->len && bytes[at] == '\\' && tfr_escape_meaning(bytes[at + 1]) != '\0') {
        at += 2;
        if (at >= stops->len)
            break;
        at = tfr_stops_next(stops, at);
        if (bytes[at] == '"')
            return at + 1;
    }
    return 0;
}

/* @param at behind the opening quote @return behind the closing one; 0: step() shall look */
static inline size_t close_string(struct tfr_stops *stops, size_t at)
{
    at = tfr_stops_next(stops, at);
    return stops->bytes[at] == '"' ? at + 1 : close_escaped(stops, at);
}

/* @return behind the number; 0: step() shall look */
static size_t close_number(const char *bytes, size_t at, size_t len)
{
    enum state state = bytes[at] == '-' ? MINUS : bytes[at] == '0' ? ZERO : WHOLE;

    for (at++; at < len; at++) {
        state = number_next(state, bytes[at]);
        if (state == AFTER)
            return at;
        if (state == COLON)
            return 0;
    }
    return 0;
}

/* @return behind the word or number that begins here; 0: step() shall look */
static size_t close_word(const struct tfr_stops *stops, size_t at)
{
    const char *bytes = stops->bytes;

    switch (bytes[at]) {
    case 't':
        return memcmp(bytes + at, "true", 4) == 0 ? at + 4 : 0;
    case 'f':
        return memcmp(bytes + at, "false", 5) == 0 ? at + 5 : 0;
    case 'n':
        return memcmp(bytes + at, "null", 4) == 0 ? at + 4 : 0;
    default:
        return is_digit(bytes[at]) || bytes[at] == '-' ? close_number(bytes, at, stops->len) : 0;
    }
}

/* A line feed and how far the next line is indented. */
static size_t skip_white(const struct tfr_stops *stops, size_t at)
{
    static const char spaces[8] = "        ";

    while (at < stops->len && is_white(stops->bytes[at])) {
        at++;
        while (at < stops->len && memcmp(stops->bytes + at, spaces, sizeof spaces) == 0)
            at += sizeof spaces;
    }
    return at;
}

/* Most text has none. */
static inline size_t pass_white(const struct tfr_stops *stops, size_t at)
{
    return (unsigned char)stops->bytes[at] > ' ' ? at : skip_white(stops, at);
}

/* @return behind a value that is no open container; 0: there is another, or step() shall look */
static inline size_t close_value(struct tfr_stops *stops, size_t at)
{
    const char c = stops->bytes[at];

    if (c == '"')
        return close_string(stops, at + 1);
    if (c == '{' || c == '[')
        return stops->bytes[at + 1] == c + 2 ? at + 2 : 0;
    return close_word(stops, at);
}

/* Steps over members that follow each other, most of all text. Stands on the quote of a name, and
 * in the end still there, in front of its value, or behind a value. */
static inline size_t leap_members(struct tfr_stops *stops, size_t at, enum state *state)
{
    const char *bytes = stops->bytes;

    for (;;) {
        size_t next = close_string(stops, at + 1);

        if (next == 0 || bytes[next] != ':')
            return at;
        *state = VALUE;
        at = pass_white(stops, next + 1);
        next = close_value(stops, at);
        if (next == 0)
            return at;
        *state = AFTER;
        at = next;
        if (bytes[at] != ',')
            return at;
        next = pass_white(stops, at + 1);
        if (bytes[next] != '"' || next >= stops->len)
            return at;
        *state = KEY;
        at = next;
    }
}

/* Steps over whole members and items up to the end of what `stops` looks at: there is room behind
 * it. @return where step() goes on */
static size_t leap(struct tfr_skim *skim, struct tfr_stops *stops, size_t at)
{
    const char *bytes = stops->bytes;
    const uint32_t most = most_levels(skim);
    uint32_t levels = skim->levels;
    enum state state = skim->state;

    while (levels > 0 && at < stops->len) {
        size_t next;
        char c;

        at = pass_white(stops, at);
        c = bytes[at];
        if ((state == FIRST_KEY && c == '}') || (state == FIRST_ITEM && c == ']')) {
            levels--;
            state = AFTER;
            at++;
            continue;
        }
        if (state == KEY || state == FIRST_KEY) {
            if (c == '"')
                at = pass_white(stops, leap_members(stops, at, &state));
            if (state == KEY || state == FIRST_KEY || at >= stops->len)
                break;
            c = bytes[at];
        }
        if (state != AFTER && (c == '{' || c == '[')) {
            if (levels == most)
                break;
            skim->open[levels++] = c;
            state = c == '{' ? FIRST_KEY : FIRST_ITEM;
            at++;
            continue;
        }
        if (state != AFTER) {
            next = close_value(stops, at);
            if (next == 0)
                break;
            at = pass_white(stops, next);
            state = AFTER;
            c = bytes[at];
        }
        if (c == ',')
            state = skim->open[levels - 1] == '{' ? KEY : VALUE;
        else if (c == skim->open[levels - 1] + 2) /* the brackets of ASCII: one stands between */
            levels--;
        else
            break;
        at++;
    }
    skim->levels = levels;
    skim->state = (uint8_t)state;
    return at;
}

enum tfr_skim_result tfr_skim(struct tfr_skim *skim, const char *bytes, size_t len, size_t *used)
{
    struct tfr_stops stops;
    size_t at = 0;

    tfr_stops_init(&stops, bytes, len > ROOM ? len - ROOM : 0);

    for (;;) {
        if (skim->state == STRING)
            at += tfr_string_end(bytes + at, len - at);
        else if (skim->state >= VALUE && skim->state <= AFTER)
            at = leap(skim, &stops, at);
        if (skim->state == AFTER && skim->levels == 0) {
            *used = at;
            return TFR_SKIM_DONE;
        }
        if (at == len)
            break;
        if (!step(skim, bytes, &at))
            return TFR_SKIM_DOUBT;
    }
    *used = len;
    return TFR_SKIM_MORE;
}

/* ---- handing over ------------------------------------------------------------------------------
 */

/* Of the innermost container: its beginning, and what stands between it and the open token. */
static const char *innermost(const struct tfr_skim *skim, bool object)
{
    switch ((enum state)skim->state) {
    case COLON:
        return "\"\"";
    case FIRST_KEY:
    case FIRST_ITEM:
        return "";
    case KEY:
        return "\"\":0,";
    case AFTER:
        return object ? "\"\":\"\"" : "\"\""; /* a number would still be open */
    case VALUE:
        return object ? "\"\":" : "0,";
    default:
        return object && !(skim->key && skim->state <= HEX) ? "\"\":" : "";
    }
}

void tfr_skim_so_far(const struct tfr_skim *skim, struct tfr_buf *out)
{
    bool object = true;

    for (uint32_t i = 0; i < skim->levels; i++) {
        tfr_buf_puts(out, object ? "\"\":" : "");
        object = skim->open[i] == '{';
        tfr_buf_putc(out, skim->open[i]);
    }
    tfr_buf_puts(out, innermost(skim, object));
    if (skim->state >= MINUS)
        tfr_buf_puts(out, number_so_far[skim->state]);
    else if (skim->state == WORD)
        tfr_buf_add(out, skim->word, skim->word_at);
    else if (skim->state >= STRING)
        tfr_buf_puts(out, skim->state == STRING ? "\"" : skim->state == ESCAPE ? "\"\\" : "\"\\u");
    for (uint8_t i = skim->digits; skim->state == HEX && i < 4; i++)
        tfr_buf_putc(out, '0');
}
