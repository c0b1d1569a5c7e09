/* SPDX-License-Identifier: Apache-2.0 */
/* Lines and documents in any order: cut into pieces, they are the same documents and refusals. */
#include "planparse/planparse.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct count {
    unsigned documents, refusals;
};

static void on_document(void *ctx, struct tfr_document *document)
{
    struct count *count = ctx;

    count->documents++;
    tfr_document_free(document);
}

static void on_refused(void *ctx, const char *name, const char *member,
                       const struct tfr_error *error)
{
    struct count *count = ctx;

    (void)name;
    (void)member;
    (void)error;
    count->refusals++;
}

static struct count read_in_pieces(const uint8_t *data, size_t size, size_t piece)
{
    const struct tfr_read_options options = { .piece = piece };
    struct count count = { 0 };
    const struct tfr_sink sink = { .ctx = &count, .document = on_document, .refused = on_refused };

    tfr_read_memory("fuzz", data, size, &options, &sink);
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct count whole = read_in_pieces(data, size, 0);
    const struct count pieces = read_in_pieces(data, size, size > 0 ? 1 + data[0] % 31 : 1);

    if (whole.documents != pieces.documents || whole.refusals != pieces.refusals)
        abort();
    return 0;
}
