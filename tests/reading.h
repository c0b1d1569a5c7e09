/* SPDX-License-Identifier: Apache-2.0 */
/* Reading as tests want it: what came of a text, and files of testdata. */
#ifndef TFR_TESTS_READING_H
#define TFR_TESTS_READING_H

#include "planparse/planparse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct got {
    struct tfr_document *document; /* the last one; tfr_document_free() */
    struct tfr_error error;        /* the first one */
    char where[64];                /* member that was refused first, "" for the input itself */
    char members[256];             /* of documents, each with a space behind it */
    char skipped[256];             /* likewise */
    int documents, refusals, skips;
};

static inline void add_word(char *list, size_t size, const char *word)
{
    const size_t len = strlen(list);

    (void)snprintf(list + len, size - len, "%s ", word != NULL ? word : "-");
}

static inline void got_document(void *ctx, struct tfr_document *document)
{
    struct got *got = ctx;

    tfr_document_free(got->document);
    got->document = document;
    got->documents++;
    add_word(got->members, sizeof got->members, document->member);
}

static inline void got_refusal(void *ctx, const char *name, const char *member,
                               const struct tfr_error *error)
{
    struct got *got = ctx;

    (void)name;
    if (got->refusals++ > 0)
        return;
    got->error = *error;
    (void)snprintf(got->where, sizeof got->where, "%s", member != NULL ? member : "");
}

static inline void got_skip(void *ctx, const char *name, const char *member, const char *why)
{
    struct got *got = ctx;

    (void)name;
    (void)why;
    got->skips++;
    add_word(got->skipped, sizeof got->skipped, member);
}

static inline struct got read_limited(const char *text, size_t len,
                                      const struct tfr_read_options *options)
{
    struct got got = { 0 };
    const struct tfr_sink sink = {
        .ctx = &got, .document = got_document, .refused = got_refusal, .skipped = got_skip
    };

    tfr_read_memory("document", text, len, options, &sink);
    return got;
}

/* In pieces of `piece` bytes, 0: as the program reads. */
static inline struct got read_in_pieces(const char *text, size_t len, size_t piece)
{
    const struct tfr_read_options options = { .piece = piece };

    return read_limited(text, len, &options);
}

static inline struct got read_text(const char *text)
{
    return read_in_pieces(text, strlen(text), 0);
}

/* The bytes of a file of testdata; tfr_buf_fini(). */
static inline struct tfr_buf load_testdata(const char *name)
{
    struct tfr_buf path = { 0 };
    struct tfr_buf text = { 0 };
    char piece[4096];
    FILE *file;
    size_t len;

    tfr_buf_printf(&path, "%s/testdata/%s", TFREADY_SOURCE_DIR, name);
    file = fopen(path.data, "rb");
    assert_non_null(file);
    while ((len = fread(piece, 1, sizeof piece, file)) > 0)
        tfr_buf_add(&text, piece, len);
    assert_int_equal(fclose(file), 0);
    tfr_buf_fini(&path);
    return text;
}

#endif
