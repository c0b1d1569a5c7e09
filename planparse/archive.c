/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed text and archives, through libarchive. Each container is opened on its own with the
 * one filter or format that its first bytes name, so that every byte between two containers passes
 * through here and is counted. */
#include "planparse/archive.h"
#include "planparse/libarchive.h"

#include <errno.h>
#include <string.h>

#define UNPACKED_BYTES ((uint64_t)64 << 30)
#define MEMBERS 100000
#define RATIO 250

/* Small inputs may unpack to this much whatever their ratio, bytes. */
#define RATIO_FREE ((uint64_t)64 << 20)

/* Where the end of a zip archive is looked for, bytes: its last record and a short comment. */
#define TAIL 1024

struct container {
    struct tfr_stream *packed;
    struct archive *archive;
    enum tfr_container kind;
    struct tfr_budget *budget;
    const struct tfr_member_sink *sink;
    struct tfr_error *err;
    bool failed;     /* `packed` failed: `err` is filled */
    bool ended;      /* `packed` has come to its end */
    uint64_t at;     /* offset in `packed` */
    char tail[TAIL]; /* the last bytes of `packed` */
    size_t tail_len;
};

/* ---- what it is --------------------------------------------------------------------------------
 */

static const struct {
    const char *bytes;
    size_t at, len;
    enum tfr_container kind;
} marks[] = {
    { "\x1f\x8b", 0, 2, TFR_GZIP },
    { "\x28\xb5\x2f\xfd", 0, 4, TFR_ZSTD },
    { "\xfd"
      "7zXZ\0",
      0, 6, TFR_XZ },
    { "BZh", 0, 3, TFR_BZIP2 },
    { "\x04\x22\x4d\x18", 0, 4, TFR_LZ4 },
    { "\x02\x21\x4c\x18", 0, 4, TFR_LZ4 }, /* the frame before 1.4 */
    { "PK\3\4", 0, 4, TFR_ZIP },
    { "PK\5\6", 0, 4, TFR_ZIP }, /* without members */
    { "PK\7\x08", 0, 4, TFR_ZIP },
    { "7z\xbc\xaf\x27\x1c", 0, 6, TFR_7ZIP },
    { "070701", 0, 6, TFR_CPIO },
    { "070702", 0, 6, TFR_CPIO },
    { "070707", 0, 6, TFR_CPIO },
    { "\xc7\x71", 0, 2, TFR_CPIO },
    { "\x71\xc7", 0, 2, TFR_CPIO },
    { "ustar", 257, 5, TFR_TAR },
};

enum tfr_container tfr_container_of(const char *bytes, size_t len)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        if (len >= marks[i].at + marks[i].len &&
            memcmp(bytes + marks[i].at, marks[i].bytes, marks[i].len) == 0)
            return marks[i].kind;
    }
    return TFR_NO_CONTAINER;
}

static const char *container_name(enum tfr_container kind)
{
    static const char *const names[] = { "",    "gzip", "zstd", "xz",   "bzip2",
                                         "lz4", "tar",  "zip",  "cpio", "7z" };

    return names[kind];
}

/* ---- bytes in ----------------------------------------------------------------------------------
 */

static void keep_tail(struct container *container, const char *bytes, size_t len)
{
    const size_t take = len < TAIL ? len : TAIL;
    const size_t keep = container->tail_len + take > TAIL ? TAIL - take : container->tail_len;

    memmove(container->tail, container->tail + container->tail_len - keep, keep);
    memcpy(container->tail + keep, bytes + len - take, take);
    container->tail_len = keep + take;
}

static la_ssize_t on_read(struct archive *archive, void *ctx, const void **bytes)
{
    struct container *container = ctx;
    const char *piece = NULL;
    size_t len = 0;

    if (!container->packed->next(container->packed, &piece, &len, container->err)) {
        container->failed = true;
        tfr_libarchive.archive_set_error(archive, EIO, "cannot read");
        return ARCHIVE_FATAL;
    }
    container->ended = len == 0;
    *bytes = piece;
    if (len == 0)
        return 0;
    container->at += len;
    if (container->budget->open == 1 && container->at > container->budget->packed)
        container->budget->packed = container->at;
    keep_tail(container, piece, len);
    return (la_ssize_t)len;
}

static la_int64_t on_seek(struct archive *archive, void *ctx, la_int64_t offset, int whence)
{
    struct container *container = ctx;
    const la_int64_t base = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? (la_int64_t)container->at
                                                 : (la_int64_t)container->packed->size;
    const la_int64_t to = base + offset;

    if (to < 0 || !container->packed->seek(container->packed, (uint64_t)to)) {
        tfr_libarchive.archive_set_error(archive, EIO, "cannot seek");
        return ARCHIVE_FATAL;
    }
    container->at = (uint64_t)to;
    return to;
}

/* ---- limits ------------------------------------------------------------------------------------
 */

static uint64_t or_default(uint64_t given, uint64_t fallback)
{
    return given > 0 ? given : fallback;
}

static bool over(struct tfr_error *err, const char *id, const char *before, uint64_t limit,
                 const char *after, const char *option)
{
    (void)tfr_fail(err, TFR_E_LIMIT, id, "%s %llu %s", before, (unsigned long long)limit, after);
    return tfr_fail_hint(err, "%s raises this limit", option);
}

static bool count_unpacked(struct container *container, size_t len)
{
    struct tfr_budget *budget = container->budget;
    const uint64_t limit = or_default(budget->limits->unpacked_bytes, UNPACKED_BYTES);
    const uint64_t ratio = or_default(budget->limits->ratio, RATIO);

    /* What lies in tar and cpio is as large as it is outside. */
    if (container->kind == TFR_TAR || container->kind == TFR_CPIO)
        return true;
    budget->unpacked += len;
    if (budget->unpacked > limit)
        return over(container->err, "input.limit.unpacked", "the input unpacks to more than", limit,
                    "bytes", "--max-unpacked-bytes");
    if (budget->unpacked > RATIO_FREE && budget->unpacked / ratio > budget->packed)
        return over(container->err, "input.limit.ratio", "the input unpacks to more than", ratio,
                    "times its size", "--max-ratio");
    return true;
}

static bool count_member(struct container *container)
{
    const uint64_t limit = or_default(container->budget->limits->members, MEMBERS);

    if (++container->budget->members <= limit)
        return true;
    return over(container->err, "input.limit.members", "the archive has more than", limit,
                "members", "--max-members");
}

/* ---- bytes out ---------------------------------------------------------------------------------
 */

/* libarchive's words say what is broken; they may quote a name of the archive, never content. */
static bool broken(struct container *container)
{
    const char *name = container_name(container->kind);
    const char *why = tfr_libarchive.archive_error_string(container->archive);

    if (container->failed)
        return false;
    if (container->kind == TFR_7ZIP && container->packed->seek == NULL) {
        (void)tfr_fail(container->err, TFR_E_SYNTAX, "input.archive.seek",
                       "a 7z archive cannot be read from a pipe or out of another archive");
        return tfr_fail_hint(container->err, "name the file, or pack it as tar or zip");
    }
    (void)tfr_fail(container->err, TFR_E_SYNTAX, "input.archive",
                   "this is %s, but broken or cut short: %.200s", name,
                   why != NULL ? why : "no reason given");
    return tfr_fail_hint(container->err, "make or fetch it again");
}

struct member_stream {
    struct tfr_stream stream;
    struct container *container;
    uint64_t at; /* bytes handed out */
};

static bool next_of_member(struct tfr_stream *stream, const char **bytes, size_t *len,
                           struct tfr_error *err)
{
    struct member_stream *member = stream->ctx;
    struct container *container = member->container;
    const void *block = NULL;
    const char *stage = tfr_timing_enter(container->budget->timing, "unpack");
    la_int64_t offset = 0;
    int status;

    *len = 0;
    do
        status = tfr_libarchive.archive_read_data_block(container->archive, &block, len, &offset);
    while (status == ARCHIVE_RETRY || (status == ARCHIVE_OK && *len == 0));
    (void)tfr_timing_enter(container->budget->timing, stage);
    if (status == ARCHIVE_EOF) {
        *len = 0;
        return true;
    }
    *bytes = block;
    if (status != ARCHIVE_OK)
        (void)broken(container);
    else if (offset < 0 || (uint64_t)offset != member->at)
        (void)tfr_fail(container->err, TFR_E_SYNTAX, "input.archive",
                       "a member of the archive has holes: it is no document as it was written");
    else
        (void)count_unpacked(container, *len);
    member->at += *len;
    if (container->err->code == TFR_OK)
        return true;
    if (err != container->err)
        *err = *container->err;
    return false;
}

/* ---- members -----------------------------------------------------------------------------------
 */

static bool is_unsafe_name(const char *name)
{
    if (name[0] == '/' || name[0] == '\\' || (name[0] != '\0' && name[1] == ':'))
        return true;
    for (const char *at = name; at != NULL; at = strpbrk(at, "/\\")) {
        at += *at == '/' || *at == '\\';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '\0' || at[2] == '/' || at[2] == '\\'))
            return true;
    }
    return false;
}

static bool refuse_member(struct tfr_error *err, const char *id, const char *what)
{
    (void)tfr_fail(err, TFR_E_SYNTAX, id, "%s", what);
    return tfr_fail_hint(err, "pack plain files with relative names, without a password");
}

static const char *entry_name(struct archive_entry *entry)
{
    const char *name = tfr_libarchive.archive_entry_pathname_utf8(entry);

    return name != NULL ? name : tfr_libarchive.archive_entry_pathname(entry);
}

static bool check_entry(struct archive_entry *entry, const char *name, struct tfr_error *err)
{
    if (name == NULL || is_unsafe_name(name))
        return refuse_member(err, "input.archive.name",
                             "a member of the archive has a name that leads out of it");
    if (tfr_libarchive.archive_entry_is_encrypted(entry))
        return refuse_member(err, "input.archive.encrypted",
                             "a member of the archive is encrypted");
    if (tfr_libarchive.archive_entry_symlink(entry) != NULL ||
        tfr_libarchive.archive_entry_hardlink(entry) != NULL ||
        tfr_libarchive.archive_entry_filetype(entry) != AE_IFREG)
        return refuse_member(err, "input.archive.link",
                             "a member of the archive is a link or a device, not a file");
    return true;
}

static bool read_member(struct container *container, const char *name)
{
    struct member_stream member = { .stream = { .next = next_of_member, .ctx = &member },
                                    .container = container };
    const struct tfr_member_view view = { .name = name, .stream = &member.stream };
    const char *bytes;
    size_t len = 1;

    if (!container->sink->member(container->sink->ctx, &view, container->err))
        return false;
    /* What nobody wanted is unpacked here, where it is counted, not inside of the library. */
    while (len > 0 && next_of_member(&member.stream, &bytes, &len, container->err))
        ;
    return container->err->code == TFR_OK;
}

static bool read_entry(struct container *container, struct archive_entry *entry)
{
    const char *name = NULL;
    struct tfr_error err = { 0 };
    struct tfr_buf copy = { 0 };
    bool ok = true;

    if (!tfr_container_is_archive(container->kind))
        return read_member(container, NULL);
    if (!count_member(container))
        return false;
    if (tfr_libarchive.archive_entry_filetype(entry) == AE_IFDIR)
        return true;
    name = entry_name(entry);
    tfr_buf_puts(&copy, name != NULL ? name : "?");
    if (check_entry(entry, name, &err))
        ok = read_member(container, tfr_buf_text(&copy));
    else
        container->sink->refused(container->sink->ctx, tfr_buf_text(&copy), &err);
    tfr_buf_fini(&copy);
    return ok;
}

/* ---- the end -----------------------------------------------------------------------------------
 */

/* Two blocks of zeros end a tar; one of them is enough for us. */
static bool tar_has_end(const struct container *container)
{
    size_t zeros = 0;

    while (zeros < container->tail_len && container->tail[container->tail_len - 1 - zeros] == '\0')
        zeros++;
    return zeros >= 512;
}

/* The record that ends a zip archive: PK\5\6, 16 bytes, and the length of a comment that ends the
 * file. */
static bool zip_has_end(const struct container *container)
{
    const char *tail = container->tail;

    for (size_t at = 0; at + 22 <= container->tail_len; at++) {
        if (memcmp(tail + at, "PK\5\6", 4) == 0 &&
            at + 22 + (unsigned char)tail[at + 20] + ((size_t)(unsigned char)tail[at + 21] << 8) ==
                container->tail_len)
            return true;
    }
    return false;
}

/* Reads on to the end; where there was seeking, the last bytes once more. */
static bool load_tail(struct container *container)
{
    struct tfr_stream *packed = container->packed;
    const void *bytes;

    if (packed->seek != NULL) {
        container->tail_len = 0;
        container->ended = !packed->seek(packed, packed->size > TAIL ? packed->size - TAIL : 0);
    }
    while (!container->ended) {
        if (on_read(container->archive, container, &bytes) < 0)
            return false;
    }
    return true;
}

/* libarchive is content when a tar stops between two members, or a zip inside of its directory. */
static bool check_end(struct container *container)
{
    if (container->kind != TFR_TAR && container->kind != TFR_ZIP)
        return true;
    if (!load_tail(container))
        return false;
    if ((container->kind == TFR_TAR && !tar_has_end(container)) ||
        (container->kind == TFR_ZIP && !zip_has_end(container))) {
        (void)tfr_fail(container->err, TFR_E_SYNTAX, "input.archive",
                       "this is %s, but its end is missing, or something follows it",
                       container_name(container->kind));
        return tfr_fail_hint(container->err, "make or fetch it again");
    }
    return true;
}

static void support(struct archive *archive, enum tfr_container kind)
{
    int (*const functions[])(struct archive *) = {
        [TFR_GZIP] = tfr_libarchive.archive_read_support_filter_gzip,
        [TFR_ZSTD] = tfr_libarchive.archive_read_support_filter_zstd,
        [TFR_XZ] = tfr_libarchive.archive_read_support_filter_xz,
        [TFR_BZIP2] = tfr_libarchive.archive_read_support_filter_bzip2,
        [TFR_LZ4] = tfr_libarchive.archive_read_support_filter_lz4,
        [TFR_TAR] = tfr_libarchive.archive_read_support_format_tar,
        [TFR_ZIP] = tfr_libarchive.archive_read_support_format_zip,
        [TFR_CPIO] = tfr_libarchive.archive_read_support_format_cpio,
        [TFR_7ZIP] = tfr_libarchive.archive_read_support_format_7zip,
    };

    (void)functions[kind](archive);
    if (tfr_container_is_archive(kind))
        return;
    (void)tfr_libarchive.archive_read_support_format_raw(archive);
    (void)tfr_libarchive.archive_read_support_format_empty(archive);
}

static bool read_entries(struct container *container)
{
    struct archive_entry *entry;
    int status;

    if (tfr_libarchive.archive_read_open1(container->archive) != ARCHIVE_OK)
        return broken(container);
    while ((status = tfr_libarchive.archive_read_next_header(container->archive, &entry)) ==
               ARCHIVE_OK ||
           status == ARCHIVE_RETRY || status == ARCHIVE_WARN) {
        if (status != ARCHIVE_RETRY && !read_entry(container, entry))
            return false;
    }
    return status == ARCHIVE_EOF ? check_end(container) : broken(container);
}

bool tfr_container_read(struct tfr_stream *stream, enum tfr_container kind,
                        struct tfr_budget *budget, const struct tfr_member_sink *sink,
                        struct tfr_error *err)
{
    struct container container = {
        .packed = stream, .kind = kind, .budget = budget, .sink = sink, .err = err
    };
    bool ok;

    if (!tfr_libarchive_load(err))
        return false;
    container.archive = tfr_libarchive.archive_read_new();
    if (container.archive == NULL)
        tfr_oom();
    support(container.archive, kind);
    (void)tfr_libarchive.archive_read_set_read_callback(container.archive, on_read);
    if (stream->seek != NULL)
        (void)tfr_libarchive.archive_read_set_seek_callback(container.archive, on_seek);
    (void)tfr_libarchive.archive_read_set_callback_data(container.archive, &container);
    budget->open++;
    ok = read_entries(&container);
    budget->open--;
    (void)tfr_libarchive.archive_read_free(container.archive);
    return ok;
}
