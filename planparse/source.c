/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes come from: memory, standard input, files, folders. */
#include "planparse/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PIECE ((size_t)64 * 1024)
#define INPUT_BYTES ((uint64_t)64 << 30)

struct input {
    const char *name;
    const struct tfr_read_options *options;
    const struct tfr_sink *sink;
};

static size_t piece_size(const struct tfr_read_options *options)
{
    return options->piece > 0 ? options->piece : PIECE;
}

static void io_error(struct tfr_error *err, const char *what)
{
    (void)tfr_fail(err, TFR_E_IO, "input.io", "%s: %s", what, strerror(errno));
}

static void refuse(const struct input *input, const struct tfr_error *err)
{
    tfr_sink_refuse(input->sink, input->name, NULL, err);
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

static bool over_limit(const struct input *input, uint64_t total, struct tfr_error *err)
{
    const uint64_t given = input->options->limits.input_bytes;
    const uint64_t limit = given > 0 ? given : INPUT_BYTES;

    if (total <= limit)
        return false;
    (void)tfr_fail(err, TFR_E_LIMIT, "input.limit.bytes", "the input is larger than %llu bytes",
                   (unsigned long long)limit);
    (void)tfr_fail_hint(err, "--max-input-bytes raises this limit");
    return true;
}

/* Reads until the end, an error, or until the documents want no more. */
static void pump(const struct input *input, int fd, struct tfr_documents *documents,
                 struct tfr_error *err)
{
    const size_t size = piece_size(input->options);
    const uint32_t timeout = input->options->limits.timeout_ms;
    const uint64_t deadline = timeout > 0 && fd == STDIN_FILENO ? now_ms() + timeout : 0;
    char *piece = tfr_malloc(size);
    uint64_t total = 0;
    ssize_t got = 1;

    while (got > 0) {
        if (!wait_for(fd, deadline, err))
            break;
        got = read(fd, piece, size);
        if (got < 0 && errno == EINTR) {
            got = 1;
            continue;
        }
        if (got < 0)
            io_error(err, "cannot read");
        total += got > 0 ? (uint64_t)got : 0;
        if (got <= 0 || over_limit(input, total, err) ||
            !tfr_documents_feed(documents, piece, (size_t)got))
            break;
    }
    tfr_free(piece);
}

static void read_fd(const struct input *input, int fd)
{
    struct tfr_documents *documents =
        tfr_documents_new(input->name, NULL, input->options, input->sink);
    struct tfr_error err = { 0 };

    pump(input, fd, documents, &err);
    tfr_documents_finish(documents, err.code != TFR_OK ? &err : NULL);
}

void tfr_read_memory(const char *name, const void *bytes, size_t len,
                     const struct tfr_read_options *options, const struct tfr_sink *sink)
{
    const size_t size = piece_size(options);
    struct tfr_documents *documents = tfr_documents_new(name, NULL, options, sink);

    for (size_t at = 0; at < len; at += size) {
        const size_t step = len - at < size ? len - at : size;

        if (!tfr_documents_feed(documents, (const char *)bytes + at, step))
            break;
    }
    tfr_documents_finish(documents, NULL);
}

/* ---- folders -----------------------------------------------------------------------------------
 */

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

struct paths {
    char **at;
    size_t count, cap;
};

static void add_path(struct paths *paths, const char *folder, const char *name)
{
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    paths->at = tfr_grow(paths->at, &paths->cap, paths->count + 1, sizeof *paths->at);
    paths->at[paths->count++] = text.data; /* freed by free_paths() */
}

static char *copy_text(const char *text)
{
    const size_t size = strlen(text) + 1;

    return memcpy(tfr_malloc(size), text, size);
}

static void free_paths(struct paths *paths)
{
    for (size_t i = 0; i < paths->count; i++)
        tfr_free(paths->at[i]);
    tfr_free(paths->at);
}

/* The entries of a folder; hidden ones (.git, .terraform) are nobody's plan. */
static bool list_folder(const char *name, struct paths *paths, struct tfr_error *err)
{
    DIR *folder = opendir(name);
    struct dirent *entry;

    if (folder == NULL) {
        io_error(err, "cannot open the folder");
        return false;
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.')
            add_path(paths, name, entry->d_name);
    }
    (void)closedir(folder);
    if (paths->count > 0)
        qsort(paths->at, paths->count, sizeof *paths->at, by_bytes);
    return true;
}

static void read_file(const struct input *input)
{
    struct tfr_error err = { 0 };
    const int fd = open(input->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd < 0) {
        io_error(&err, "cannot open");
        refuse(input, &err);
        return;
    }
    read_fd(input, fd);
    (void)close(fd);
}

static bool is_folder(const char *name)
{
    struct stat status;

    return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Pipes, sockets and devices in a folder are nobody's plan, and opening them could wait for ever.
 */
static bool is_special(const char *name)
{
    struct stat status;

    return stat(name, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static bool is_link(const char *name)
{
    struct stat status;

    return lstat(name, &status) == 0 && S_ISLNK(status.st_mode);
}

/* Puts what lies in a folder on the stack, last first, so that it comes off sorted. */
static void push_entries(const struct input *input, struct paths *todo, struct paths *entries)
{
    for (size_t i = entries->count; i-- > 0;) {
        char *name = entries->at[i];

        /* A link to a folder could lead around in circles. */
        if (is_link(name) && is_folder(name)) {
            tfr_sink_skip(input->sink, name, NULL, "link to a folder");
            tfr_free(name);
            continue;
        }
        todo->at = tfr_grow(todo->at, &todo->cap, todo->count + 1, sizeof *todo->at);
        todo->at[todo->count++] = name;
    }
    tfr_free(entries->at);
}

/* Depth first, by a stack of what is still to come. */
static void read_folder(const struct input *input)
{
    struct paths todo = { 0 };
    struct tfr_error err = { 0 };
    size_t files = 0;

    todo.at = tfr_grow(NULL, &todo.cap, 1, sizeof *todo.at);
    todo.at[todo.count++] = copy_text(input->name);
    while (todo.count > 0) {
        char *name = todo.at[--todo.count];
        struct input one = { name, input->options, input->sink };
        struct paths entries = { 0 };
        struct tfr_error failed = { 0 };

        if (is_folder(name) && list_folder(name, &entries, &failed)) {
            push_entries(input, &todo, &entries);
        } else if (failed.code != TFR_OK) {
            refuse(&one, &failed);
            files++;
        } else if (is_special(name)) {
            tfr_sink_skip(input->sink, name, NULL, "no regular file");
        } else {
            read_file(&one);
            files++;
        }
        tfr_free(name);
    }
    free_paths(&todo);
    if (files > 0)
        return;
    (void)tfr_fail(&err, TFR_E_IO, "input.empty", "there is no file in this folder");
    refuse(input, &err);
}

void tfr_read_input(const char *name, const struct tfr_read_options *options,
                    const struct tfr_sink *sink)
{
    const struct input input = { name, options, sink };

    if (strcmp(name, "-") == 0)
        read_fd(&input, STDIN_FILENO);
    else if (name[0] != '\0' && is_folder(name))
        read_folder(&input);
    else
        read_file(&input);
}
