/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_PLANPARSE_ARCHIVE_H
#define TFR_PLANPARSE_ARCHIVE_H

#include "planparse/stream.h"

/** Bytes that tell what a container is: tar has its mark at 257. */
#define TFR_CONTAINER_LOOK 512

/** What holds documents: compressed text, or an archive of members. */
enum tfr_container {
    TFR_NO_CONTAINER,
    TFR_GZIP,
    TFR_ZSTD,
    TFR_XZ,
    TFR_BZIP2,
    TFR_LZ4,
    TFR_TAR,
    TFR_ZIP,
    TFR_CPIO,
    TFR_7ZIP,
};

/** By content alone; sources: RFC 1952, RFC 8878, the formats' own descriptions, POSIX.1 pax and
 * cpio. */
enum tfr_container tfr_container_of(const char *bytes, size_t len);
static inline bool tfr_container_is_archive(enum tfr_container kind)
{
    return kind >= TFR_TAR;
}

/** What has gone through all containers of one input. */
struct tfr_budget {
    const struct tfr_limits *limits;
    struct tfr_timing *timing; /* or NULL */
    uint64_t packed;           /* bytes read of the input itself */
    uint64_t unpacked;         /* bytes that came out of compression */
    uint64_t members;          /* of all archives */
    unsigned open;             /* containers that are open, one in the other */
};

/** One member while it is open. */
struct tfr_member_view {
    const char *name;          /* as the archive spells it; NULL for compressed text */
    struct tfr_stream *stream; /* its bytes; need not be read to the end */
};

/** Who takes the members of a container. */
struct tfr_member_sink {
    void *ctx;
    /** A regular file, or what was compressed. @return false ends the archive: `err` says why */
    bool (*member)(void *ctx, const struct tfr_member_view *member, struct tfr_error *err);
    /** A member that cannot be looked at; the archive goes on. */
    void (*refused)(void *ctx, const char *name, const struct tfr_error *err);
};

/**
 * Opens a container and hands over its members one after the other. Nothing is written to disk, and
 * no member is held whole. Links, devices, absolute names, names with `..`, sparse and encrypted
 * members are refused: what they stand for cannot be looked at. Errors: TFR_E_SYNTAX
 * "input.archive", "input.archive.encrypted", "input.archive.link", "input.archive.name",
 * TFR_E_LIMIT "input.limit.members", "input.limit.unpacked", "input.limit.ratio", TFR_E_IO
 * "input.archive.library" (libarchive is not there), and those of `stream` and `sink`. `err->file`
 * stays empty.
 */
bool tfr_container_read(struct tfr_stream *stream, enum tfr_container kind,
                        struct tfr_budget *budget, const struct tfr_member_sink *sink,
                        struct tfr_error *err) TFR_CHECKED;

#endif
