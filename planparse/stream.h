/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_STREAM_H
#define TFR_PLANPARSE_STREAM_H

#include "planparse/planparse.h"

/** Bytes that come piece by piece: from memory, a file, standard input, a member of an archive. */
struct tfr_stream {
    /** The next piece, borrowed until the next call. Its length is 0 at the end. On failure `err`
     * is filled. */
    bool (*next)(struct tfr_stream *stream, const char **bytes, size_t *len, struct tfr_error *err);
    /** Goes on from `offset`; NULL where bytes come only once. */
    bool (*seek)(struct tfr_stream *stream, uint64_t offset);
    uint64_t size; /* bytes in all, of a stream with `seek` */
    void *ctx;
};

/** Memory, borrowed, in pieces of `piece` bytes. */
struct tfr_memory_stream {
    struct tfr_stream stream;
    const char *bytes;
    size_t at, piece;
};
void tfr_memory_stream_init(struct tfr_memory_stream *memory, const char *bytes, size_t len,
                            size_t piece);

/** An open file or standard input. Errors: TFR_E_IO "input.io", TFR_E_LIMIT "input.limit.bytes" and
 * "input.limit.timeout" (of standard input alone). */
struct tfr_fd_stream {
    struct tfr_stream stream;
    const struct tfr_limits *limits;
    struct tfr_timing *timing; /* or NULL */
    int fd;
    char *piece;
    size_t size;
    uint64_t total, deadline;
};
/** @param fd stays the caller's */
void tfr_fd_stream_init(struct tfr_fd_stream *file, int fd, const struct tfr_read_options *options);
void tfr_fd_stream_fini(struct tfr_fd_stream *file);

/** A stream that can be looked into before it is read. */
struct tfr_peek_stream {
    struct tfr_stream stream;
    struct tfr_stream *rest;
    struct tfr_buf held; /* what was looked at, when it came in several pieces */
    const char *head;
    size_t head_len;
};
/** Looks at the first bytes, borrowed until the first next(): at least `want` of them, or all there
 * are. */
bool tfr_peek_stream_init(struct tfr_peek_stream *peek, struct tfr_stream *rest, size_t want,
                          struct tfr_error *err) TFR_CHECKED;
void tfr_peek_stream_fini(struct tfr_peek_stream *peek);

/** The size of pieces that the options ask for, bytes. */
size_t tfr_piece_size(const struct tfr_read_options *options);

#endif
