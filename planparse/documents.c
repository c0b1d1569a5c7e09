/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/encoding.h"
#include "planparse/source.h"

#include <string.h>

/* How much of a text that is no JSON is looked at to say what it is, bytes. */
#define LOOK 4096

/* How much of a line tells whether a wrapper wrote it, bytes. */
#define LINE 80

struct tfr_documents {
    struct tfr_origin origin;
    struct tfr_reader *reader; /* of the document that is open, NULL between documents */
    uint64_t count;            /* documents so far */
    struct tfr_buf line;       /* the start of a line between documents */
    bool dropping;             /* that line is a wrapper's: the rest of it is passed over */
    bool wrapped;              /* there were such lines */
    struct tfr_buf look;       /* the start of a text that is no JSON */
    struct tfr_encoding encoding;
    struct tfr_buf converted; /* a piece in UTF-8, when the input is not */
    bool ended;               /* refused or skipped: nothing more is wanted */
    bool skipped;
    bool started;         /* something but white space was there */
    struct tfr_error err; /* of the reader; kept, as errors are large */
};

struct tfr_documents *tfr_documents_new(const struct tfr_origin *origin)
{
    struct tfr_documents *documents = tfr_calloc(1, sizeof *documents);

    documents->origin = *origin;
    return documents;
}

static bool refuse(struct tfr_documents *documents, const struct tfr_error *err)
{
    const struct tfr_origin *origin = &documents->origin;

    documents->ended = true;
    documents->skipped =
        origin->among_others && documents->count == 0 &&
        tfr_foreign_may_skip(err, origin->member != NULL ? origin->member : origin->name);
    if (documents->skipped)
        tfr_sink_skip(origin->sink, origin->name, origin->member, err->msg);
    else
        tfr_sink_refuse(origin->sink, origin->name, origin->member, err);
    return false;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* How many bytes are white space. Eight spaces at a time: bombs are made of them. */
static size_t space_run(const char *bytes, size_t len)
{
    const uint64_t spaces = 0x2020202020202020U;
    uint64_t word;
    size_t i = 0;

    for (; i + 8 <= len; i += 8) {
        memcpy(&word, bytes + i, 8);
        if (word != spaces)
            break;
    }
    while (i < len && is_space(bytes[i]))
        i++;
    return i;
}

static void note_encoding(struct tfr_documents *documents)
{
    const char *message = NULL;
    const char *code = tfr_encoding_note(&documents->encoding, &message);

    if (code != NULL)
        tfr_reader_note(documents->reader, code, message);
}

static void open_document(struct tfr_documents *documents)
{
    documents->started = true;
    documents->reader =
        tfr_reader_new(documents->origin.name, documents->origin.member, documents->origin.options);
    note_encoding(documents);
    if (documents->wrapped)
        tfr_reader_note(documents->reader, "wrapper-lines",
                        "lines of a wrapper script around the document were passed over");
}

/* A line between documents is over, or long enough to be known. */
static void judge_line(struct tfr_documents *documents, bool whole)
{
    if (tfr_foreign_is_wrapper(tfr_buf_text(&documents->line), documents->line.len)) {
        documents->wrapped = true;
        documents->dropping = !whole;
    } else {
        documents->started = true;
        tfr_buf_add(&documents->look, documents->line.data, documents->line.len);
    }
    tfr_buf_reset(&documents->line);
}

/* One step in a line: up to its end, or until it is long enough. */
static void read_line(struct tfr_documents *documents, const char *bytes, size_t len, size_t *at)
{
    while (*at < len && bytes[*at] != '\n' && documents->line.len < LINE)
        tfr_buf_putc(&documents->line, bytes[(*at)++]);
    if (*at < len)
        judge_line(documents, bytes[*at] == '\n');
}

/* Between documents: passes over white space and wrapper lines, and opens the next document. */
static void open_next(struct tfr_documents *documents, const char *bytes, size_t len, size_t *at)
{
    if (documents->look.len > 0) {
        tfr_buf_add(&documents->look, bytes + *at, len - *at);
        *at = len;
    } else if (documents->dropping) {
        const char *end = memchr(bytes + *at, '\n', len - *at);

        documents->dropping = end == NULL;
        *at = end != NULL ? (size_t)(end - bytes) + 1 : len;
    } else if (documents->line.len > 0) {
        read_line(documents, bytes, len, at);
    } else if (is_space(bytes[*at]) || (bytes[*at] == '\0' && documents->count > 0)) {
        /* some writers pad with NUL behind the document */
        *at += 1 + space_run(bytes + *at + 1, len - *at - 1);
    } else if (bytes[*at] == '{') {
        open_document(documents);
    } else {
        read_line(documents, bytes, len, at);
    }
}

static bool end_document(struct tfr_documents *documents)
{
    struct tfr_reader *reader = documents->reader;
    struct tfr_document *document = NULL;
    struct tfr_error err = { 0 };

    documents->reader = NULL;
    if (!tfr_reader_finish(reader, &document, &err))
        return refuse(documents, &err);
    documents->count++;
    documents->origin.sink->document(documents->origin.sink->ctx, document);
    return true;
}

/* Windows' shell decodes what a program writes, with the wrong character set, before it writes
 * UTF-16: a character that it does not know takes the quote behind it along. */
static void hint_at_shell(const struct tfr_documents *documents, struct tfr_error *err)
{
    if (strcmp(err->id, "input.syntax") != 0 || tfr_encoding_is_plain(&documents->encoding))
        return;
    err->hint[0] = '\0';
    (void)tfr_fail_hint(err, "PowerShell's > rewrites what it is given; make the document again: "
                             "cmd /c \"terraform show -json tfplan > plan.json\"");
}

static bool feed_reader(struct tfr_documents *documents, const char *bytes, size_t len, size_t *at)
{
    size_t used = 0;

    if (!tfr_reader_feed(documents->reader, bytes + *at, len - *at, &used, &documents->err)) {
        tfr_reader_free(documents->reader);
        documents->reader = NULL;
        hint_at_shell(documents, &documents->err);
        return refuse(documents, &documents->err);
    }
    *at += used;
    return !tfr_reader_is_done(documents->reader) || end_document(documents);
}

static bool refuse_foreign(struct tfr_documents *documents)
{
    struct tfr_error err = { 0 };

    if (documents->wrapped && documents->look.len == 0) {
        (void)tfr_fail(&err, TFR_E_SCHEMA, "input.foreign.wrapper",
                       "these are lines of a wrapper script, without a document");
        (void)tfr_fail_hint(&err, "call terraform itself, or set terraform_wrapper: false");
    } else if (documents->count > 0) {
        (void)tfr_fail(&err, TFR_E_SYNTAX, "input.syntax",
                       "something that is no document follows the document");
        (void)tfr_fail_hint(&err, "pipe nothing but the output of terraform show -json");
    } else {
        tfr_foreign(tfr_buf_text(&documents->look), documents->look.len,
                    documents->origin.member == NULL && strcmp(documents->origin.name, "-") == 0,
                    &err);
    }
    return refuse(documents, &err);
}

static void feed_utf8(struct tfr_documents *documents, const char *bytes, size_t len)
{
    size_t at = 0;

    while (at < len && !documents->ended) {
        if (documents->reader != NULL)
            (void)feed_reader(documents, bytes, len, &at);
        else
            open_next(documents, bytes, len, &at);
        if (documents->look.len >= LOOK)
            (void)refuse_foreign(documents);
    }
}

static void convert(struct tfr_documents *documents, const char *bytes, size_t len, bool end)
{
    struct tfr_error err = { 0 };

    tfr_buf_reset(&documents->converted);
    if (!tfr_encoding_convert(&documents->encoding, bytes, len, &documents->converted, &err) ||
        (end && !tfr_encoding_end(&documents->encoding, &documents->converted, &err)))
        (void)refuse(documents, &err);
    else
        feed_utf8(documents, tfr_buf_text(&documents->converted), documents->converted.len);
    if (tfr_encoding_is_plain(&documents->encoding)) /* known by the first piece: it was the last */
        tfr_buf_fini(&documents->converted);
}

bool tfr_documents_feed(struct tfr_documents *documents, const char *bytes, size_t len)
{
    const size_t mark = tfr_encoding_begin(&documents->encoding, bytes, len);

    if (tfr_encoding_is_plain(&documents->encoding))
        feed_utf8(documents, bytes + mark, len - mark);
    else
        convert(documents, bytes + mark, len - mark, false);
    return !documents->ended;
}

bool tfr_documents_finish(struct tfr_documents *documents, const struct tfr_error *broken)
{
    bool counts;

    if (!documents->ended && !tfr_encoding_is_plain(&documents->encoding))
        convert(documents, NULL, 0, true);
    if (!documents->ended && documents->line.len > 0)
        judge_line(documents, true);
    if (!documents->ended && broken != NULL)
        (void)refuse(documents, broken);
    else if (!documents->ended && documents->reader != NULL)
        (void)end_document(documents);
    else if (!documents->ended && (documents->look.len > 0 || !documents->started))
        (void)refuse_foreign(documents);
    if (documents->reader != NULL)
        tfr_reader_free(documents->reader);
    tfr_buf_fini(&documents->converted);
    tfr_buf_fini(&documents->line);
    tfr_buf_fini(&documents->look);
    counts = !documents->skipped;
    tfr_free(documents);
    return counts;
}
