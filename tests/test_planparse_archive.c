/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed text and archives are opened by content, counted, and refused when they are broken. */
#include "tests/reading.h"

#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

static const char plan[] = "{\"format_version\":\"1.2\",\"resource_changes\":[]}";
static const char state[] = "{\"version\":4,\"serial\":1,\"lineage\":\"l\",\"resources\":[]}";

/* ---- archives made here ------------------------------------------------------------------------
 */

struct file {
    const char *name, *text;
    size_t len;       /* 0: of the text */
    const char *link; /* where a symbolic link leads, or NULL */
};

static la_ssize_t keep(struct archive *archive, void *ctx, const void *bytes, size_t len)
{
    (void)archive;
    tfr_buf_add(ctx, bytes, len);
    return (la_ssize_t)len;
}

static void add_file(struct archive *archive, const struct file *file)
{
    struct archive_entry *entry = archive_entry_new();
    const size_t len = file->len > 0 ? file->len : strlen(file->text);

    archive_entry_set_pathname(entry, file->name);
    archive_entry_set_filetype(entry, file->link != NULL ? AE_IFLNK : AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    if (file->link != NULL)
        archive_entry_set_symlink(entry, file->link);
    else
        archive_entry_set_size(entry, (la_int64_t)len);
    assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
    if (file->link == NULL)
        assert_int_equal(archive_write_data(archive, file->text, len), len);
    archive_entry_free(entry);
}

/* An archive, or with the format `raw` one compressed text; the list ends with an empty name. */
static struct tfr_buf pack(const char *format, const char *filter, const char *options,
                           const struct file *files)
{
    struct archive *archive = archive_write_new();
    struct tfr_buf out = { 0 };

    assert_int_equal(archive_write_set_format_by_name(archive, format), ARCHIVE_OK);
    if (filter != NULL)
        assert_int_equal(archive_write_add_filter_by_name(archive, filter), ARCHIVE_OK);
    if (options != NULL)
        assert_int_equal(archive_write_set_options(archive, options), ARCHIVE_OK);
    (void)archive_write_set_passphrase(archive, "secret");
    (void)archive_write_set_bytes_in_last_block(archive, 1);
    assert_int_equal(archive_write_open(archive, &out, NULL, keep, NULL), ARCHIVE_OK);
    for (; files->name != NULL; files++)
        add_file(archive, files);
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
    return out;
}

static const struct file one_plan[] = { { .name = "plan.json", .text = plan }, { 0 } };
static const struct file three_files[] = { { .name = "a/plan.json", .text = plan },
                                           { .name = "README.md", .text = "# notes\n" },
                                           { .name = "s.tfstate", .text = state },
                                           { 0 } };

struct packing {
    const char *format, *filter;
};

static const struct packing texts[] = {
    { "raw", "gzip" }, { "raw", "zstd" }, { "raw", "xz" }, { "raw", "bzip2" }, { "raw", "lz4" }
};
static const struct packing archives[] = {
    { "pax", NULL },   { "ustar", NULL }, { "gnutar", NULL },  { "zip", NULL },
    { "newc", NULL },  { "odc", NULL },   { "7zip", NULL },    { "pax", "gzip" },
    { "pax", "zstd" }, { "ustar", "xz" }, { "newc", "bzip2" }, { "gnutar", "lz4" },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define EACH(i, array) (size_t i = 0; i < COUNT(array); i++)

/* The same without a way back: through standard input. What is written fits into a pipe. */
static struct got read_by_pipe(const char *bytes, size_t len)
{
    const struct tfr_read_options options = { 0 };
    struct got got = { 0 };
    const struct tfr_sink sink = {
        .ctx = &got, .document = got_document, .refused = got_refusal, .skipped = got_skip
    };
    int ends[2];

    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], bytes, len), len);
    assert_int_equal(close(ends[1]), 0);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    assert_int_equal(close(ends[0]), 0);
    tfr_read_input("-", &options, &sink);
    return got;
}

/* ---- what is read ------------------------------------------------------------------------------
 */

static void compressed_text_is_one_document(void **unused)
{
    (void)unused;
    for
        EACH(i, texts)
        {
            struct tfr_buf bytes = pack(texts[i].format, texts[i].filter, NULL, one_plan);
            struct got got = read_by_pipe(bytes.data, bytes.len);

            assert_int_equal(got.refusals, 0);
            assert_string_equal(got.members, "- ");
            assert_int_equal(got.document->bytes, strlen(plan));
            tfr_document_free(got.document);
            tfr_buf_fini(&bytes);
        }
}

static void every_member_of_an_archive_is_read_or_skipped(void **unused)
{
    static const size_t pieces[] = { 0, 1, 7, 511 };

    (void)unused;
    for
        EACH(i, archives)
        {
            struct tfr_buf bytes = pack(archives[i].format, archives[i].filter, NULL, three_files);

        for
            EACH(k, pieces)
            {
                struct got got = read_in_pieces(bytes.data, bytes.len, pieces[k]);

                assert_int_equal(got.refusals, 0);
                assert_string_equal(got.members, "a/plan.json s.tfstate ");
                assert_string_equal(got.skipped, "README.md ");
                tfr_document_free(got.document);
            }
        tfr_buf_fini(&bytes);
        }
}

static void two_compressed_texts_behind_each_other_are_two_documents(void **unused)
{
    struct tfr_buf bytes = pack("raw", "gzip", NULL, one_plan);
    struct tfr_buf two = { 0 };
    struct got got;

    (void)unused;
    tfr_buf_add(&two, bytes.data, bytes.len);
    tfr_buf_add(&two, bytes.data, bytes.len);
    got = read_in_pieces(two.data, two.len, 0);
    assert_int_equal(got.documents, 2);
    assert_int_equal(got.refusals, 0);
    tfr_document_free(got.document);
    tfr_buf_fini(&two);
    tfr_buf_fini(&bytes);
}

static void a_container_in_a_container_is_opened(void **unused)
{
    struct tfr_buf zip = pack("zip", NULL, NULL, three_files);
    struct tfr_buf text = pack("raw", "zstd", NULL, one_plan);
    struct tfr_buf tar = pack("pax", "gzip", NULL, three_files);
    const struct file files[] = { { .name = "in.zip", .text = zip.data, .len = zip.len },
                                  { .name = "p.zst", .text = text.data, .len = text.len },
                                  { .name = "in.tgz", .text = tar.data, .len = tar.len },
                                  { 0 } };
    struct tfr_buf bytes = pack("pax", "xz", NULL, files);
    struct got got = read_in_pieces(bytes.data, bytes.len, 0);

    (void)unused;
    assert_int_equal(got.refusals, 0);
    assert_string_equal(got.members, "in.zip:a/plan.json in.zip:s.tfstate p.zst "
                                     "in.tgz:a/plan.json in.tgz:s.tfstate ");
    tfr_document_free(got.document);
    tfr_buf_fini(&bytes);
    tfr_buf_fini(&tar);
    tfr_buf_fini(&text);
    tfr_buf_fini(&zip);
}

/* ---- what is refused ---------------------------------------------------------------------------
 */

static void assert_refused(const struct tfr_buf *bytes, const struct tfr_limits *limits,
                           const char *id, const char *where)
{
    const struct tfr_read_options options = { .limits = *limits };
    struct got got = read_limited(bytes->data, bytes->len, &options);

    assert_int_equal(got.refusals, 1);
    assert_string_equal(got.error.id, id);
    assert_string_equal(got.where, where);
    assert_true(got.error.hint[0] != '\0');
    tfr_document_free(got.document);
}

static const struct tfr_limits no_limits;

static void a_third_container_is_refused(void **unused)
{
    struct tfr_buf inner = pack("zip", NULL, NULL, one_plan);
    const struct file middle_files[] = { { .name = "in.zip", .text = inner.data, .len = inner.len },
                                         { 0 } };
    struct tfr_buf middle = pack("pax", NULL, NULL, middle_files);
    const struct file outer_files[] = { { .name = "m.tar", .text = middle.data, .len = middle.len },
                                        { 0 } };
    struct tfr_buf outer = pack("zip", NULL, NULL, outer_files);

    (void)unused;
    assert_refused(&outer, &no_limits, "input.archive.nested", "m.tar:in.zip");
    tfr_buf_fini(&outer);
    tfr_buf_fini(&middle);
    tfr_buf_fini(&inner);
}

static void assert_cut(const struct packing *packing, struct got got, size_t cut)
{
    if (got.refusals == 0)
        fail_msg("%s %s: the first %zu bytes", packing->format,
                 packing->filter != NULL ? packing->filter : "", cut);
    tfr_document_free(got.document);
}

static void every_prefix_of_a_container_is_refused(void **unused)
{
    struct packing all[COUNT(texts) + COUNT(archives)];

    (void)unused;
    memcpy(all, texts, sizeof texts);
    memcpy(all + COUNT(texts), archives, sizeof archives);
    for
        EACH(i, all)
        {
            struct tfr_buf bytes = pack(all[i].format, all[i].filter, NULL, one_plan);
            size_t end = bytes.len;

            /* zeros fill the last block of a tar or cpio */
            while (all[i].filter == NULL && end > 512 && bytes.data[end - 1] == '\0')
                end--;
            if (strcmp(all[i].format, "pax") == 0 || strstr(all[i].format, "tar") != NULL)
                end += all[i].filter == NULL ? 512 : 0;
            for (size_t cut = 0; cut < end; cut++) {
                assert_cut(&all[i], read_in_pieces(bytes.data, cut, 0), cut);
                assert_cut(&all[i], read_by_pipe(bytes.data, cut), cut);
            }
            tfr_buf_fini(&bytes);
        }
}

static void what_follows_a_tar_or_zip_is_refused(void **unused)
{
    static const char *const formats[] = { "pax", "zip" };

    (void)unused;
    for
        EACH(i, formats)
        {
            struct tfr_buf bytes = pack(formats[i], NULL, NULL, one_plan);
            struct got got;

            tfr_buf_puts(&bytes, "more");
            got = read_in_pieces(bytes.data, bytes.len, 0);
            assert_int_equal(got.refusals, 1);
            tfr_document_free(got.document);
            tfr_buf_fini(&bytes);
        }
}

struct bad_member {
    const char *format, *options;
    struct file file;
    const char *id;
};

static void a_member_that_cannot_be_looked_at_is_refused_and_the_rest_is_read(void **unused)
{
    static const struct bad_member rows[] = {
        { "pax", NULL, { .name = "l", .text = "", .link = "plan.json" }, "input.archive.link" },
        { "zip", NULL, { .name = "l", .text = "", .link = "plan.json" }, "input.archive.link" },
        { "pax", NULL, { .name = "/etc/plan.json", .text = plan }, "input.archive.name" },
        { "pax", NULL, { .name = "a/../../plan.json", .text = plan }, "input.archive.name" },
        { "pax", NULL, { .name = "..\\plan.json", .text = plan }, "input.archive.name" },
        { "pax", NULL, { .name = "C:plan.json", .text = plan }, "input.archive.name" },
        { "zip", "encryption=zipcrypt", { .name = "p", .text = plan }, "input.archive.encrypted" },
        { "zip", "encryption=aes256", { .name = "p", .text = plan }, "input.archive.encrypted" },
    };

    (void)unused;
    for
        EACH(i, rows)
        {
            const struct file files[] = { rows[i].file,
                                          { .name = "s.tfstate", .text = state },
                                          { 0 } };
            struct tfr_buf bytes = pack(rows[i].format, NULL, rows[i].options, files);
            struct got got = read_in_pieces(bytes.data, bytes.len, 0);

            assert_string_equal(got.error.id, rows[i].id);
            assert_string_equal(got.where, rows[i].file.name);
            if (rows[i].options == NULL) /* the password is asked of every member */
                assert_string_equal(got.members, "s.tfstate ");
            tfr_document_free(got.document);
            tfr_buf_fini(&bytes);
        }
}

static void an_archive_without_a_document_is_refused(void **unused)
{
    static const struct file notes[] = { { .name = "a.md", .text = "# a\n" },
                                         { .name = "empty", .text = "" },
                                         { 0 } };
    struct tfr_buf bytes = pack("pax", NULL, NULL, notes);

    (void)unused;
    assert_refused(&bytes, &no_limits, "input.archive.empty", "");
    tfr_buf_fini(&bytes);
}

static void a_member_that_is_cut_short_is_refused_by_its_name(void **unused)
{
    const struct file files[] = { { .name = "half.json", .text = plan, .len = 20 }, { 0 } };
    struct tfr_buf bytes = pack("zip", NULL, NULL, files);

    (void)unused;
    assert_refused(&bytes, &no_limits, "input.truncated", "half.json");
    tfr_buf_fini(&bytes);
}

static void a_zip_that_holds_a_plan_file_is_a_binary_plan(void **unused)
{
    static const struct file files[] = { { .name = "tfplan", .text = "\b\3\x22\1" },
                                         { .name = "tfstate", .text = state },
                                         { 0 } };
    struct tfr_buf bytes = pack("zip", NULL, NULL, files);

    (void)unused;
    assert_refused(&bytes, &no_limits, "input.foreign.binary-plan", "");
    tfr_buf_fini(&bytes);
}

static void a_7z_in_an_archive_says_why_it_cannot_be_read(void **unused)
{
    struct tfr_buf inner = pack("7zip", NULL, NULL, one_plan);
    const struct file files[] = { { .name = "in.7z", .text = inner.data, .len = inner.len },
                                  { 0 } };
    struct tfr_buf bytes = pack("pax", NULL, NULL, files);

    (void)unused;
    assert_refused(&bytes, &no_limits, "input.archive.seek", "in.7z");
    tfr_buf_fini(&bytes);
    tfr_buf_fini(&inner);
}

/* ---- limits ------------------------------------------------------------------------------------
 */

static void the_members_of_all_archives_are_counted(void **unused)
{
    const struct tfr_limits two = { .members = 2 };
    struct tfr_buf bytes = pack("pax", NULL, NULL, three_files);

    (void)unused;
    assert_refused(&bytes, &two, "input.limit.members", "");
    tfr_buf_fini(&bytes);
}

static void what_comes_out_of_compression_is_counted(void **unused)
{
    const struct tfr_limits few = { .unpacked_bytes = 10 };
    struct tfr_buf bytes = pack("raw", "gzip", NULL, one_plan);

    (void)unused;
    assert_refused(&bytes, &few, "input.limit.unpacked", "");
    tfr_buf_fini(&bytes);
}

/* White space is JSON, so nothing but the ratio ends it. */
static void a_bomb_is_refused_by_its_ratio(void **unused)
{
    const size_t len = (size_t)80 << 20;
    char *spaces = tfr_malloc(len);
    const struct file files[] = { { .name = "a.json", .text = spaces, .len = len }, { 0 } };
    struct tfr_buf bytes;

    (void)unused;
    memset(spaces, ' ', len);
    bytes = pack("raw", "zstd", NULL, files);
    assert_refused(&bytes, &no_limits, "input.limit.ratio", "");
    tfr_buf_fini(&bytes);
    bytes = pack("ustar", "zstd", NULL, files);
    assert_refused(&bytes, &no_limits, "input.limit.ratio", "a.json");
    tfr_buf_fini(&bytes);
    tfr_free(spaces);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compressed_text_is_one_document),
        cmocka_unit_test(every_member_of_an_archive_is_read_or_skipped),
        cmocka_unit_test(two_compressed_texts_behind_each_other_are_two_documents),
        cmocka_unit_test(a_container_in_a_container_is_opened),
        cmocka_unit_test(a_third_container_is_refused),
        cmocka_unit_test(every_prefix_of_a_container_is_refused),
        cmocka_unit_test(what_follows_a_tar_or_zip_is_refused),
        cmocka_unit_test(a_member_that_cannot_be_looked_at_is_refused_and_the_rest_is_read),
        cmocka_unit_test(an_archive_without_a_document_is_refused),
        cmocka_unit_test(a_member_that_is_cut_short_is_refused_by_its_name),
        cmocka_unit_test(a_zip_that_holds_a_plan_file_is_a_binary_plan),
        cmocka_unit_test(a_7z_in_an_archive_says_why_it_cannot_be_read),
        cmocka_unit_test(the_members_of_all_archives_are_counted),
        cmocka_unit_test(what_comes_out_of_compression_is_counted),
        cmocka_unit_test(a_bomb_is_refused_by_its_ratio),
    };

    return cmocka_run_group_tests_name("archive", tests, NULL, NULL);
}
