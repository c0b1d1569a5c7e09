/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a container: opened within its limits, or refused. */
#include "planparse/planparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_document(void *ctx, struct tfr_document *document)
{
    (void)ctx;
    tfr_document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct tfr_read_options options = {
        .limits = { .unpacked_bytes = (uint64_t)8 << 20, .members = 100, .string_bytes = 1 << 20 }
    };
    const struct tfr_sink sink = { .document = on_document };

    tfr_read_memory("fuzz", data, size, &options, &sink);
    return 0;
}
