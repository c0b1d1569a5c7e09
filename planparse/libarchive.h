/* SPDX-License-Identifier: Apache-2.0 */
/* libarchive, loaded when the first container is opened: with what it brings along it would take
 * half of the time, and a third of the memory, of a run over a small plan. */
#ifndef TFR_PLANPARSE_LIBARCHIVE_H
#define TFR_PLANPARSE_LIBARCHIVE_H

#include "base/base.h"

#include <archive.h>
#include <archive_entry.h>

#define TFR_LIBARCHIVE_FUNCTIONS(FUNCTION)      \
    FUNCTION(archive_entry_filetype)            \
    FUNCTION(archive_entry_hardlink)            \
    FUNCTION(archive_entry_is_encrypted)        \
    FUNCTION(archive_entry_pathname)            \
    FUNCTION(archive_entry_pathname_utf8)       \
    FUNCTION(archive_entry_symlink)             \
    FUNCTION(archive_error_string)              \
    FUNCTION(archive_read_data_block)           \
    FUNCTION(archive_read_free)                 \
    FUNCTION(archive_read_new)                  \
    FUNCTION(archive_read_next_header)          \
    FUNCTION(archive_read_open1)                \
    FUNCTION(archive_read_set_callback_data)    \
    FUNCTION(archive_read_set_read_callback)    \
    FUNCTION(archive_read_set_seek_callback)    \
    FUNCTION(archive_read_support_filter_bzip2) \
    FUNCTION(archive_read_support_filter_gzip)  \
    FUNCTION(archive_read_support_filter_lz4)   \
    FUNCTION(archive_read_support_filter_xz)    \
    FUNCTION(archive_read_support_filter_zstd)  \
    FUNCTION(archive_read_support_format_7zip)  \
    FUNCTION(archive_read_support_format_cpio)  \
    FUNCTION(archive_read_support_format_empty) \
    FUNCTION(archive_read_support_format_raw)   \
    FUNCTION(archive_read_support_format_tar)   \
    FUNCTION(archive_read_support_format_zip)   \
    FUNCTION(archive_set_error)

/* Each function under its own name. */
struct tfr_libarchive {
#define TFR_FUNCTION(name) __typeof__(name) *name;
    TFR_LIBARCHIVE_FUNCTIONS(TFR_FUNCTION)
#undef TFR_FUNCTION
};

/* To be called before `tfr_libarchive` is used. @return false: TFR_E_IO "input.archive.library" */
bool tfr_libarchive_load(struct tfr_error *err) TFR_CHECKED;

extern struct tfr_libarchive tfr_libarchive;

#endif
