/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_SOURCE_H
#define TFR_PLANPARSE_SOURCE_H

#include "planparse/reader.h"

/** Hand over to a sink that may not listen. */
static inline void tfr_sink_refuse(const struct tfr_sink *sink, const char *name,
                                   const char *member, const struct tfr_error *error)
{
    if (sink->refused != NULL)
        sink->refused(sink->ctx, name, member, error);
}

static inline void tfr_sink_skip(const struct tfr_sink *sink, const char *name, const char *member,
                                 const char *why)
{
    if (sink->skipped != NULL)
        sink->skipped(sink->ctx, name, member, why);
}

static inline void tfr_sink_progress(const struct tfr_sink *sink, size_t bytes)
{
    if (sink->progress != NULL)
        sink->progress(sink->ctx, bytes);
}

/**
 * A stream of text that holds any number of documents, one after the other (documents.c). Each one
 * that ends is handed to the sink; the first that fails ends the stream with a refusal.
 */
struct tfr_documents;
/** Where a text comes from and who takes its documents. All borrowed. */
struct tfr_origin {
    const char *name, *member; /* as in struct tfr_document */
    const struct tfr_read_options *options;
    const struct tfr_sink *sink;
    bool among_others; /* a file of a folder or member of an archive: one that is something else by
                          intent is skipped */
};
struct tfr_documents *tfr_documents_new(const struct tfr_origin *origin);
/** Feeds bytes. @return false once nothing more is wanted */
bool tfr_documents_feed(struct tfr_documents *documents, const char *bytes, size_t len);
/** Ends the stream and refuses it if it held no document, or half of one. Ends `documents`.
 *  @param broken why the bytes stopped coming (an I/O error), or NULL
 *  @return false if all of it was skipped */
bool tfr_documents_finish(struct tfr_documents *documents, const struct tfr_error *broken);

/** True if an error of this id says that the text is something else by intent, and whole; a file of
 * this name that somebody meant as a state is not. */
bool tfr_foreign_may_skip(const struct tfr_error *err, const char *name);

/** Says what a text that is no JSON object is, by its first bytes (foreign.c). Fills `err`. */
void tfr_foreign(const char *bytes, size_t len, bool standard_input, struct tfr_error *err);

/** Says that it is a binary plan. @return false */
bool tfr_foreign_binary_plan(struct tfr_error *err);

/** True if a line (its first bytes) is what scripts around Terraform write: runner commands,
 * diagnostics, log lines. */
bool tfr_foreign_is_wrapper(const char *line, size_t len);

#endif
