/* SPDX-License-Identifier: Apache-2.0 */
/* Where bytes come from: memory, standard input, files, folders, and what is packed in them. */
#include "planparse/source.h"
#include "planparse/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An archive in an archive; compressed text counts like an archive, an archive that is compressed
 * as one. */
#define NESTING 2

struct input {
    const char *name;
    const struct tfr_read_options *options;
    const struct tfr_sink *sink;
    bool among_others;
    struct tfr_budget budget;
};

/* One stream of an input: the file itself, or something packed in it. */
struct place {
    struct input *input;
    const char *member;        /* as the report names it, NULL: the file itself */
    enum tfr_container inside; /* of what it came out */
    unsigned nesting;
    size_t counted; /* documents and refusals below it */
    bool told;      /* its bytes stopped coming, and the text that was read from them was refused */
};

static void refuse(const struct input *input, const char *member, const struct tfr_error *err)
{
    tfr_sink_refuse(input->sink, input->name, member, err);
}

/* ---- text --------------------------------------------------------------------------------------
 */

static void read_text(struct place *place, struct tfr_stream *stream)
{
    const struct input *input = place->input;
    const struct tfr_origin origin = { .name = input->name,
                                       .member = place->member,
                                       .options = input->options,
                                       .sink = input->sink,
                                       .among_others = input->among_others ||
                                                       tfr_container_is_archive(place->inside) };
    struct tfr_documents *documents = tfr_documents_new(&origin);
    struct tfr_error err = { 0 };
    const char *bytes;
    size_t len;

    do {
        if (!stream->next(stream, &bytes, &len, &err))
            break;
        tfr_sink_progress(input->sink, len);
    } while (len > 0 && tfr_documents_feed(documents, bytes, len));
    place->told = err.code != TFR_OK;
    place->counted += tfr_documents_finish(documents, place->told ? &err : NULL);
}

/* ---- what is packed ----------------------------------------------------------------------------
 */

static void read_stream(struct place *place, struct tfr_stream *stream);

/* A binary plan is a zip that holds `tfplan`, which is protobuf. */
static bool is_binary_plan(const struct place *place, const struct tfr_member_view *member,
                           const char *bytes, size_t len)
{
    return place->inside == TFR_ZIP && member->name != NULL &&
           strcmp(member->name, "tfplan") == 0 && len > 0 && bytes[0] == '\b';
}

/* inner.tar:states/a.tfstate; compressed text has the name of what holds it. */
static void add_member_name(struct tfr_buf *out, const char *outer, const char *inner)
{
    tfr_buf_printf(out, "%s%s%s", outer != NULL ? outer : "",
                   outer != NULL && inner != NULL ? ":" : "", inner != NULL ? inner : "");
}

static void refuse_member(void *ctx, const char *name, const struct tfr_error *err)
{
    struct place *archive = ctx;
    struct tfr_buf full = { 0 };

    add_member_name(&full, archive->member, name);
    refuse(archive->input, tfr_buf_text(&full), err);
    archive->counted++;
    tfr_buf_fini(&full);
}

static bool take_member(void *ctx, const struct tfr_member_view *member, struct tfr_error *err)
{
    struct place *archive = ctx;
    struct place place = { .input = archive->input,
                           .inside = archive->inside,
                           .nesting = archive->nesting };
    struct tfr_peek_stream peek;
    struct tfr_buf name = { 0 };
    bool ok = tfr_peek_stream_init(&peek, member->stream, 1, err);

    if (ok && is_binary_plan(&place, member, peek.head, peek.head_len)) {
        ok = tfr_foreign_binary_plan(err);
    } else if (ok) {
        add_member_name(&name, archive->member, member->name);
        place.member = name.len > 0 ? tfr_buf_text(&name) : NULL;
        read_stream(&place, &peek.stream);
        archive->counted += place.counted;
        archive->told = place.told;
    }
    tfr_peek_stream_fini(&peek);
    tfr_buf_fini(&name);
    return ok;
}

static bool open_container(struct place *place, struct tfr_stream *stream, enum tfr_container kind,
                           struct tfr_error *err)
{
    const struct tfr_member_sink sink = { .ctx = place,
                                          .member = take_member,
                                          .refused = refuse_member };
    /* what.tar.gz is one container */
    const bool same = tfr_container_is_archive(kind) && place->inside != TFR_NO_CONTAINER &&
                      !tfr_container_is_archive(place->inside);

    place->inside = kind;
    place->nesting += !same;
    if (place->nesting > NESTING) {
        (void)tfr_fail(err, TFR_E_SYNTAX, "input.archive.nested",
                       "this is packed more than %d times over", NESTING);
        return tfr_fail_hint(err, "unpack it once, and name what comes out");
    }
    if (!tfr_container_read(stream, kind, &place->input->budget, &sink, err))
        return false;
    if (place->counted > 0 || !tfr_container_is_archive(kind))
        return true;
    (void)tfr_fail(err, TFR_E_SCHEMA, "input.archive.empty",
                   "there is no plan or state in this archive");
    return tfr_fail_hint(err, "pack what terraform show -json writes, or state files");
}

static void read_stream(struct place *place, struct tfr_stream *stream)
{
    struct tfr_peek_stream peek;
    struct tfr_error err = { 0 };
    enum tfr_container kind = TFR_NO_CONTAINER;

    if (tfr_peek_stream_init(&peek, stream, TFR_CONTAINER_LOOK, &err))
        kind = tfr_container_of(peek.head, peek.head_len);
    if (err.code == TFR_OK && kind == TFR_NO_CONTAINER)
        read_text(place, &peek.stream);
    else if (err.code == TFR_OK)
        (void)open_container(place, &peek.stream, kind, &err);
    if (err.code != TFR_OK && !place->told) {
        refuse(place->input, place->member, &err);
        place->counted++;
    }
    tfr_peek_stream_fini(&peek);
}

/* @return how many documents and refusals there were */
static size_t read_whole(struct input *input, struct tfr_stream *stream)
{
    struct place place = { .input = input };

    input->budget =
        (struct tfr_budget){ .limits = &input->options->limits, .timing = input->options->timing };
    read_stream(&place, stream);
    return place.counted;
}

/* ---- one input ---------------------------------------------------------------------------------
 */

static size_t read_fd(struct input *input, int fd)
{
    struct tfr_fd_stream file;
    size_t counted;

    tfr_fd_stream_init(&file, fd, input->options);
    counted = read_whole(input, &file.stream);
    tfr_fd_stream_fini(&file);
    return counted;
}

void tfr_read_memory(const char *name, const void *bytes, size_t len,
                     const struct tfr_read_options *options, const struct tfr_sink *sink)
{
    struct input input = { .name = name, .options = options, .sink = sink };
    struct tfr_memory_stream memory;

    tfr_memory_stream_init(&memory, bytes, len, tfr_piece_size(options));
    (void)read_whole(&input, &memory.stream);
}

static size_t read_file(struct input *input)
{
    struct tfr_error err = { 0 };
    const int fd = open(input->name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    size_t counted;

    if (fd < 0) {
        (void)tfr_fail(&err, TFR_E_IO, "input.io", "cannot open: %s", strerror(errno));
        refuse(input, NULL, &err);
        return 1;
    }
    counted = read_fd(input, fd);
    (void)close(fd);
    return counted;
}

/* ---- folders -----------------------------------------------------------------------------------
 */

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
        return tfr_fail(err, TFR_E_IO, "input.io", "cannot open the folder: %s", strerror(errno));
    }
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.')
            add_path(paths, name, entry->d_name);
    }
    (void)closedir(folder);
    if (paths->count > 0)
        qsort(paths->at, paths->count, sizeof *paths->at, tfr_by_text);
    return true;
}

static bool is_folder(const char *name)
{
    struct stat status;

    return stat(name, &status) == 0 && S_ISDIR(status.st_mode);
}

enum entry { ENTRY_FILE, ENTRY_FOLDER, ENTRY_LINKED_FOLDER, ENTRY_SPECIAL };

/* What lies in a folder under this name. What has gone meanwhile is a file: opening it says why. */
static enum entry entry_of(const char *name)
{
    struct stat status;
    bool linked;

    if (lstat(name, &status) != 0)
        return ENTRY_FILE;
    linked = S_ISLNK(status.st_mode);
    if (linked && stat(name, &status) != 0)
        return ENTRY_FILE;
    if (S_ISDIR(status.st_mode))
        return linked ? ENTRY_LINKED_FOLDER : ENTRY_FOLDER;
    return S_ISREG(status.st_mode) ? ENTRY_FILE : ENTRY_SPECIAL;
}

/* Puts what lies in a folder on the stack, last first, so that it comes off sorted. */
static void push_entries(const struct input *input, struct paths *todo)
{
    struct paths entries = { 0 };
    struct tfr_error err = { 0 };

    if (!list_folder(input->name, &entries, &err))
        refuse(input, NULL, &err);
    todo->at = tfr_grow(todo->at, &todo->cap, todo->count + entries.count, sizeof *todo->at);
    for (size_t i = entries.count; i-- > 0;)
        todo->at[todo->count++] = entries.at[i];
    tfr_free(entries.at);
}

/* What lies in a folder, by its name: put on the stack, visited, or skipped. */
static void visit_entry(const struct input *input, struct paths *todo,
                        void (*visit)(void *ctx, const char *name), void *ctx)
{
    switch (entry_of(input->name)) {
    case ENTRY_FILE:
        visit(ctx, input->name);
        break;
    case ENTRY_FOLDER:
        push_entries(input, todo);
        break;
    case ENTRY_LINKED_FOLDER: /* it could lead around in circles */
        tfr_sink_skip(input->sink, input->name, NULL, "link to a folder");
        break;
    case ENTRY_SPECIAL: /* pipes, devices: nobody's plan, and opening them could wait for ever */
        tfr_sink_skip(input->sink, input->name, NULL, "no regular file");
        break;
    }
}

void tfr_each_file(const char *name, const struct tfr_sink *sink,
                   void (*visit)(void *ctx, const char *name), void *ctx)
{
    const struct input whole = { .name = name, .sink = sink };
    struct paths todo = { 0 };

    if (name[0] == '\0' || !is_folder(name)) {
        visit(ctx, name);
        return;
    }
    push_entries(&whole, &todo); /* the folder itself may be a link */
    /* Depth first, by a stack of what is still to come. */
    while (todo.count > 0) {
        char *next = todo.at[--todo.count];
        const struct input input = { .name = next, .sink = sink };

        visit_entry(&input, &todo, visit, ctx);
        tfr_free(next);
    }
    free_paths(&todo);
}

/* A folder that is read file by file. */
struct folder {
    const struct tfr_read_options *options;
    const struct tfr_sink *sink;
    struct tfr_sink counting;
    size_t counted; /* documents and refusals */
};

static void read_entry(void *ctx, const char *name)
{
    struct folder *folder = ctx;
    struct input input = {
        .name = name, .options = folder->options, .sink = folder->sink, .among_others = true
    };

    folder->counted += read_file(&input);
}

static void count_refusal(void *ctx, const char *name, const char *member,
                          const struct tfr_error *error)
{
    struct folder *folder = ctx;

    tfr_sink_refuse(folder->sink, name, member, error);
    folder->counted++;
}

static void pass_skip(void *ctx, const char *name, const char *member, const char *why)
{
    struct folder *folder = ctx;

    tfr_sink_skip(folder->sink, name, member, why);
}

static void read_folder(const struct input *input)
{
    struct folder folder = { .options = input->options, .sink = input->sink };
    struct tfr_error err = { 0 };

    folder.counting =
        (struct tfr_sink){ .ctx = &folder, .refused = count_refusal, .skipped = pass_skip };
    tfr_each_file(input->name, &folder.counting, read_entry, &folder);
    if (folder.counted > 0)
        return;
    (void)tfr_fail(&err, TFR_E_IO, "input.empty", "there is no plan or state in this folder");
    refuse(input, NULL, &err);
}

void tfr_read_input(const char *name, const struct tfr_read_options *options,
                    const struct tfr_sink *sink)
{
    struct input input = {
        .name = name, .options = options, .sink = sink, .among_others = options->skip_foreign
    };

    if (strcmp(name, "-") == 0)
        (void)read_fd(&input, STDIN_FILENO);
    else if (name[0] != '\0' && is_folder(name))
        read_folder(&input);
    else
        (void)read_file(&input);
}
