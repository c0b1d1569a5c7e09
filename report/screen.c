/* SPDX-License-Identifier: Apache-2.0 */
/* Words on a terminal: colours, columns, and texts from outside that cannot act on it. */
#include "report/screen.h"

#include "report/escape.h"

#include <string.h>

#define NAME_LEAST 20 /* columns of an input's name that are there in any case */

const char *tfr_screen_start(const struct tfr_screen *writer, enum tfr_color color)
{
    static const char *const codes[] = { "",           "\033[1m",    "\033[1;31m",
                                         "\033[1;33m", "\033[1;32m", "\033[2m" };

    return writer->style->color ? codes[color] : "";
}

const char *tfr_screen_end(const struct tfr_screen *writer, enum tfr_color color)
{
    return writer->style->color && color != TFR_PLAIN ? "\033[0m" : "";
}

enum tfr_color tfr_screen_verdict_color(enum tfr_verdict verdict)
{
    return verdict == TFR_GO ? TFR_GREEN : verdict == TFR_CONDITIONAL_GO ? TFR_YELLOW : TFR_RED;
}

enum tfr_color tfr_screen_section_color(const struct tfr_section *section)
{
    switch (section->state) {
    case TFR_COSMETIC:
        return TFR_GREEN;
    case TFR_STATE_UNDECIDED:
        return TFR_YELLOW;
    case TFR_WAIVED:
        return TFR_DIM;
    default:
        return section->severity == TFR_P0   ? TFR_RED
               : section->severity == TFR_P1 ? TFR_YELLOW
               : section->severity == TFR_P2 ? TFR_BOLD
                                             : TFR_DIM;
    }
}

static size_t columns_of(const char *text, size_t len)
{
    size_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

size_t tfr_screen_columns(const char *text)
{
    return columns_of(text, strlen(text));
}

/* As it may stand on this screen. */
static void make_safe(const struct tfr_screen *writer, const char *text, struct tfr_buf *out)
{
    struct tfr_buf safe = { 0 };

    tfr_buf_add_safe(&safe, text, strlen(text));
    if (writer->style->ascii)
        tfr_escape_ascii(out, tfr_buf_text(&safe));
    else
        tfr_buf_puts(out, tfr_buf_text(&safe));
    tfr_buf_fini(&safe);
}

void tfr_screen_put(const struct tfr_screen *writer, enum tfr_color color, const char *text)
{
    struct tfr_buf safe = { 0 };

    make_safe(writer, text, &safe);
    (void)fprintf(writer->out, "%s%s%s", tfr_screen_start(writer, color), tfr_buf_text(&safe),
                  tfr_screen_end(writer, color));
    tfr_buf_fini(&safe);
}

void tfr_screen_wrap(const struct tfr_screen *writer, const char *text, size_t indent)
{
    struct tfr_buf safe = { 0 };
    size_t column = indent;
    const char *line; /* words from here on stand on one line */
    const char *end;  /* of the last of them */
    const char *at;

    make_safe(writer, text, &safe);
    line = end = at = tfr_buf_text(&safe);
    while (*at != '\0') {
        const char *stop = at + strcspn(at, " ");
        const size_t wide = columns_of(at, (size_t)(stop - at));

        if (column > indent && column + 1 + wide > writer->width) {
            (void)fwrite(line, 1, (size_t)(end - line), writer->out);
            (void)fprintf(writer->out, "\n%*s", (int)indent, "");
            column = indent;
        }
        if (column == indent)
            line = at;
        column += wide + (column > indent);
        end = stop;
        at = stop + (*stop != '\0');
    }
    (void)fwrite(line, 1, (size_t)(end - line), writer->out);
    (void)fputc('\n', writer->out);
    tfr_buf_fini(&safe);
}

void tfr_screen_input(const struct tfr_screen *writer, const struct tfr_report_input *input,
                      size_t room)
{
    struct tfr_buf name = { 0 };
    struct tfr_buf safe = { 0 };
    const char *shown;
    size_t columns;

    tfr_report_input_name(&name, input);
    make_safe(writer, tfr_buf_text(&name), &safe);
    shown = tfr_buf_text(&safe);
    columns = tfr_screen_columns(shown);
    room = room < NAME_LEAST ? NAME_LEAST : room;
    if (columns > room) {
        const char *slash;

        for (columns -= room - 3; columns > 0 || ((unsigned char)*shown & 0xc0) == 0x80; shown++)
            columns -= ((unsigned char)*shown & 0xc0) != 0x80;
        slash = strchr(shown, '/');
        shown = slash != NULL && slash[1] != '\0' ? slash : shown;
        (void)fputs("...", writer->out);
    }
    (void)fputs(shown, writer->out);
    tfr_buf_fini(&name);
    tfr_buf_fini(&safe);
}
