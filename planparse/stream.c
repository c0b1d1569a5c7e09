/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/stream.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* An object that ends in another piece than it began takes the slow way: pieces are large, but stay
 * in the cache, bytes. */
#define PIECE ((size_t)512 * 1024)
#define INPUT_BYTES ((uint64_t)64 << 30)

size_t tfr_piece_size(const struct tfr_read_options *options)
{
    return options->piece > 0 ? options->piece : PIECE;
}

/* ---- memory ------------------------------------------------------------------------------------
 */

static bool next_of_memory(struct tfr_stream *stream, const char **bytes, size_t *len,
                           struct tfr_error *err)
{
    struct tfr_memory_stream *memory = stream->ctx;
    const size_t left = (size_t)stream->size - memory->at;

    (void)err;
    *bytes = memory->bytes + memory->at;
    *len = left < memory->piece ? left : memory->piece;
    memory->at += *len;
    return true;
}

static bool seek_in_memory(struct tfr_stream *stream, uint64_t offset)
{
    struct tfr_memory_stream *memory = stream->ctx;

    if (offset > stream->size)
        return false;
    memory->at = (size_t)offset;
    return true;
}

void tfr_memory_stream_init(struct tfr_memory_stream *memory, const char *bytes, size_t len,
                            size_t piece)
{
    *memory = (struct tfr_memory_stream){
        .stream = { .next = next_of_memory, .seek = seek_in_memory, .size = len, .ctx = memory },
        .bytes = bytes,
        .piece = piece,
    };
}

/* ---- files and standard input ------------------------------------------------------------------
 */

static uint64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Waits for input until `deadline` (milliseconds, 0: for ever). */
static bool wait_for(int fd, uint64_t deadline, struct tfr_error *err)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

    while (deadline > 0) {
        const uint64_t now = now_ms();
        const uint64_t left = now < deadline ? deadline - now : 0;
        const int ready = left > 0 ? poll(&poll_fd, 1, left < INT_MAX ? (int)left : INT_MAX) : 0;

        if (ready > 0)
            break;
        if (ready < 0 && errno == EINTR)
            continue;
        (void)tfr_fail(err, TFR_E_LIMIT, "input.limit.timeout",
                       "the input did not end within the time that --timeout allows");
        return tfr_fail_hint(err, "--timeout raises this limit");
    }
    return true;
}

static bool check_size(const struct tfr_fd_stream *file, struct tfr_error *err)
{
    const uint64_t given = file->limits->input_bytes;
    const uint64_t limit = given > 0 ? given : INPUT_BYTES;

    if (file->total <= limit)
        return true;
    (void)tfr_fail(err, TFR_E_LIMIT, "input.limit.bytes", "the input is larger than %llu bytes",
                   (unsigned long long)limit);
    return tfr_fail_hint(err, "--max-input-bytes raises this limit");
}

/* A pipe gives little at a time: what it gives is gathered. */
static bool read_piece(struct tfr_fd_stream *file, size_t *len, struct tfr_error *err)
{
    ssize_t got;

    *len = 0;
    do {
        if (!wait_for(file->fd, file->deadline, err))
            return false;
        got = read(file->fd, file->piece + *len, file->size - *len);
        if (got > 0)
            *len += (size_t)got;
    } while ((got > 0 && *len < file->size) || (got < 0 && errno == EINTR));
    if (got < 0)
        return tfr_fail(err, TFR_E_IO, "input.io", "cannot read: %s", strerror(errno));
    file->total += *len;
    return check_size(file, err);
}

static bool next_of_fd(struct tfr_stream *stream, const char **bytes, size_t *len,
                       struct tfr_error *err)
{
    struct tfr_fd_stream *file = stream->ctx;
    const char *stage = tfr_timing_enter(file->timing, "read");
    const bool ok = read_piece(file, len, err);

    (void)tfr_timing_enter(file->timing, stage);
    *bytes = file->piece;
    return ok;
}

static bool seek_in_file(struct tfr_stream *stream, uint64_t offset)
{
    struct tfr_fd_stream *file = stream->ctx;

    file->total = offset; /* what is read twice counts once */
    return lseek(file->fd, (off_t)offset, SEEK_SET) == (off_t)offset;
}

void tfr_fd_stream_init(struct tfr_fd_stream *file, int fd, const struct tfr_read_options *options)
{
    const uint32_t timeout = options->limits.timeout_ms;
    struct stat status;

    *file = (struct tfr_fd_stream){
        .stream = { .next = next_of_fd, .ctx = file },
        .limits = &options->limits,
        .timing = options->timing,
        .fd = fd,
        .size = tfr_piece_size(options),
        .deadline = timeout > 0 && fd == STDIN_FILENO ? now_ms() + timeout : 0,
    };
    /* Standard input may be a file that somebody has read from already. */
    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && lseek(fd, 0, SEEK_CUR) == 0) {
        file->stream.size = (uint64_t)status.st_size;
        file->stream.seek = seek_in_file;
        if (file->stream.size > 0 && file->stream.size < file->size)
            file->size = (size_t)file->stream.size + 1; /* one read tells that it ends there */
    }
    file->piece = tfr_malloc(file->size);
}

void tfr_fd_stream_fini(struct tfr_fd_stream *file)
{
    tfr_free(file->piece);
}

/* ---- looking ahead -----------------------------------------------------------------------------
 */

static bool next_of_peek(struct tfr_stream *stream, const char **bytes, size_t *len,
                         struct tfr_error *err)
{
    struct tfr_peek_stream *peek = stream->ctx;

    if (peek->head_len == 0)
        return peek->rest->next(peek->rest, bytes, len, err);
    *bytes = peek->head;
    *len = peek->head_len;
    peek->head_len = 0;
    return true;
}

static bool seek_in_peek(struct tfr_stream *stream, uint64_t offset)
{
    struct tfr_peek_stream *peek = stream->ctx;

    peek->head_len = 0;
    return peek->rest->seek(peek->rest, offset);
}

bool tfr_peek_stream_init(struct tfr_peek_stream *peek, struct tfr_stream *rest, size_t want,
                          struct tfr_error *err)
{
    const char *bytes;
    size_t len;

    *peek = (struct tfr_peek_stream){
        .stream = { .next = next_of_peek,
                    .seek = rest->seek != NULL ? seek_in_peek : NULL,
                    .size = rest->size,
                    .ctx = peek },
        .rest = rest,
    };
    if (!rest->next(rest, &peek->head, &peek->head_len, err))
        return false;
    if (peek->head_len >= want || peek->head_len == 0)
        return true;
    tfr_buf_add(&peek->held, peek->head, peek->head_len);
    while (peek->held.len < want) {
        if (!rest->next(rest, &bytes, &len, err))
            return false;
        if (len == 0)
            break;
        tfr_buf_add(&peek->held, bytes, len);
    }
    peek->head = tfr_buf_text(&peek->held);
    peek->head_len = peek->held.len;
    return true;
}

void tfr_peek_stream_fini(struct tfr_peek_stream *peek)
{
    tfr_buf_fini(&peek->held);
}
