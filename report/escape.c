/* SPDX-License-Identifier: Apache-2.0 */
#include "report/escape.h"

#include <string.h>
#include <strings.h>

/* At most `limit` bytes of the text (0: all), never half of a character. */
static void add_safe(struct tfr_buf *out, const char *text, size_t limit)
{
    size_t len = text != NULL ? strlen(text) : 0;
    const bool cut = limit > 0 && len > limit;

    if (cut) {
        len = limit;
        while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
            len--;
    }
    if (len > 0)
        tfr_buf_add_safe(out, text, len);
    if (cut)
        tfr_buf_puts(out, "...");
}

void tfr_escape_ascii(struct tfr_buf *out, const char *safe)
{
    const unsigned char *at = (const unsigned char *)safe;

    while (*at != '\0') {
        uint32_t point = at[0] < 0xe0 ? at[0] & 0x1fU : at[0] < 0xf0 ? at[0] & 0x0fU : at[0] & 7U;

        if (*at < 0x80) {
            tfr_buf_putc(out, (char)*at++);
            continue;
        }
        while ((*++at & 0xc0) == 0x80)
            point = (point << 6) | (*at & 0x3fU);
        tfr_buf_printf(out, point < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)point);
    }
}

void tfr_escape_xml(struct tfr_buf *out, const char *text)
{
    struct tfr_buf safe = { 0 };

    add_safe(&safe, text, 0);
    for (const char *at = tfr_buf_text(&safe); *at != '\0'; at++) {
        switch (*at) {
        case '&':
            tfr_buf_puts(out, "&amp;");
            break;
        case '<':
            tfr_buf_puts(out, "&lt;");
            break;
        case '>':
            tfr_buf_puts(out, "&gt;");
            break;
        case '"':
            tfr_buf_puts(out, "&quot;");
            break;
        case '\'':
            tfr_buf_puts(out, "&#39;");
            break;
        default:
            tfr_buf_putc(out, *at);
        }
    }
    tfr_buf_fini(&safe);
}

/* One byte, with `quote` before it if it is one of `special`. */
static void add_quoted(struct tfr_buf *out, char byte, const char *special, char quote)
{
    if (strchr(special, byte) != NULL)
        tfr_buf_putc(out, quote);
    tfr_buf_putc(out, byte);
}

static bool is_word(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || ((unsigned char)byte & 0x80) != 0;
}

/* What turns into a link by itself, or into a reference that writes to people, when what is behind
 * `at` follows it: a comment keeps them apart. */
static bool links(const char *start, const char *at)
{
    const bool digit = at[1] >= '0' && at[1] <= '9';

    switch (*at) {
    case '@':
        return true;
    case ':':
        return at[1] == '/';
    case 'w':
    case 'W':
        return at[1] == '.' && at - start >= 2 && strncasecmp(at - 2, "ww", 2) == 0;
    case '-':
        return digit && at - start >= 2 && memcmp(at - 2, "GH", 2) == 0;
    default:
        return digit && strchr("#!$&~%", *at) != NULL;
    }
}

void tfr_escape_markdown(struct tfr_buf *out, const char *text, size_t limit)
{
    struct tfr_buf safe = { 0 };
    const char *start;
    char before = ' ';

    add_safe(&safe, text, limit);
    start = tfr_buf_text(&safe);
    for (const char *at = start; *at != '\0'; before = *at++) {
        const bool inside = *at == '_' && is_word(before) && is_word(at[1]);

        if (strchr("\\`*_[]<>|~#!&$", *at) != NULL && !inside)
            tfr_buf_putc(out, '\\');
        tfr_buf_putc(out, *at);
        if (links(start, at))
            tfr_buf_puts(out, "<!-- -->");
    }
    tfr_buf_fini(&safe);
}

static size_t longest_run(const char *text, char byte)
{
    size_t longest = 0;
    size_t run = 0;

    for (; *text != '\0'; text++) {
        run = *text == byte ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void tfr_escape_markdown_code(struct tfr_buf *out, const char *text, size_t limit, bool cell)
{
    struct tfr_buf safe = { 0 };
    const char *at;
    size_t fence;

    add_safe(&safe, text, limit);
    at = tfr_buf_text(&safe);
    if (*at == '\0') {
        tfr_buf_fini(&safe);
        return;
    }
    fence = longest_run(at, '`') + 1;
    for (size_t i = 0; i < fence; i++)
        tfr_buf_putc(out, '`');
    tfr_buf_puts(out, fence > 1 ? " " : "");
    for (; *at != '\0'; at++)
        add_quoted(out, *at, cell ? "|" : "", '\\');
    tfr_buf_puts(out, fence > 1 ? " " : "");
    for (size_t i = 0; i < fence; i++)
        tfr_buf_putc(out, '`');
    tfr_buf_fini(&safe);
}

void tfr_escape_mermaid(struct tfr_buf *out, const char *text, size_t limit)
{
    struct tfr_buf safe = { 0 };

    add_safe(&safe, text, limit);
    for (const char *at = tfr_buf_text(&safe); *at != '\0'; at++) {
        if (is_word(*at) || strchr("._-/ :", *at) != NULL)
            tfr_buf_putc(out, *at);
        else
            tfr_buf_printf(out, "#%d;", *at);
    }
    tfr_buf_fini(&safe);
}

void tfr_escape_csv(struct tfr_buf *out, const char *text)
{
    struct tfr_buf safe = { 0 };
    const char *at;
    bool quote;

    add_safe(&safe, text, 0);
    at = tfr_buf_text(&safe);
    quote = strpbrk(at, "\",;") != NULL;
    if (quote)
        tfr_buf_putc(out, '"');
    if (*at != '\0' && strchr("=+-@|%", *at) != NULL)
        tfr_buf_putc(out, '\'');
    for (; *at != '\0'; at++)
        add_quoted(out, *at, "\"", '"');
    if (quote)
        tfr_buf_putc(out, '"');
    tfr_buf_fini(&safe);
}

void tfr_escape_github(struct tfr_buf *out, const char *text, bool property)
{
    struct tfr_buf safe = { 0 };

    add_safe(&safe, text, 0);
    for (const char *at = tfr_buf_text(&safe); *at != '\0'; at++) {
        if (*at == '%' || (property && (*at == ':' || *at == ',')))
            tfr_buf_printf(out, "%%%02X", (unsigned)*at);
        else
            tfr_buf_putc(out, *at);
    }
    tfr_buf_fini(&safe);
}

void tfr_escape_label(struct tfr_buf *out, const char *text)
{
    struct tfr_buf safe = { 0 };

    add_safe(&safe, text, 0);
    for (const char *at = tfr_buf_text(&safe); *at != '\0'; at++)
        add_quoted(out, *at, "\"\\", '\\');
    tfr_buf_fini(&safe);
}

void tfr_escape_uri(struct tfr_buf *out, const char *name)
{
    if (strcmp(name, "-") == 0) {
        tfr_buf_puts(out, "stdin");
        return;
    }
    for (; *name != '\0'; name++) {
        const bool plain = ((unsigned char)*name & 0x80) == 0 &&
                           (is_word(*name) || strchr("._-/~", *name) != NULL);

        if (plain)
            tfr_buf_putc(out, *name);
        else
            tfr_buf_printf(out, "%%%02X", (unsigned)(unsigned char)*name);
    }
}

void tfr_report_input_name(struct tfr_buf *out, const struct tfr_report_input *input)
{
    tfr_buf_puts(out, strcmp(input->name, "-") == 0 ? "standard input" : input->name);
    if (input->member != NULL)
        tfr_buf_printf(out, ": %s", input->member);
}

const char *tfr_report_subject(const struct tfr_report_finding *finding)
{
    return finding->address != NULL && finding->address[0] != '\0' ? finding->address
                                                                   : "the whole document";
}
