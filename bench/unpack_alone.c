/* SPDX-License-Identifier: Apache-2.0 */
/* Decompresses a file with libarchive and throws it away: the part of reading gzip and zstd that
 * nobody can save. */
#include <archive.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    struct archive *archive = archive_read_new();
    struct archive_entry *entry;
    const void *block;
    size_t len;
    la_int64_t offset;
    unsigned long long total = 0;
    int status;

    if (argc != 2 || archive == NULL) {
        (void)fprintf(stderr, "usage: unpack_alone FILE\n");
        return 2;
    }
    (void)archive_read_support_filter_gzip(archive);
    (void)archive_read_support_filter_zstd(archive);
    (void)archive_read_support_format_raw(archive);
    if (archive_read_open_filename(archive, argv[1], 64 * 1024) != ARCHIVE_OK ||
        archive_read_next_header(archive, &entry) != ARCHIVE_OK) {
        (void)fprintf(stderr, "%s: %s\n", argv[1], archive_error_string(archive));
        return 2;
    }
    while ((status = archive_read_data_block(archive, &block, &len, &offset)) == ARCHIVE_OK)
        total += len;
    (void)archive_read_free(archive);
    (void)printf("%llu bytes\n", total);
    return status == ARCHIVE_EOF ? 0 : 2;
}
