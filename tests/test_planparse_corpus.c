/* SPDX-License-Identifier: Apache-2.0 */
/* Real documents of other projects, when a folder of them is given: counts as its MANIFEST.tsv
 * says. */
#include "planparse/planparse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COLUMNS 12

struct row {
    char *column[COLUMNS]; /* file 0, kind 6, resource_changes 9, destroys 10 */
};

struct got {
    size_t changes, destroys;
    int documents, refusals;
};

static void on_document(void *ctx, struct tfr_document *document)
{
    struct got *got = ctx;

    if (got->documents++ == 0) {
        got->changes = document->changes.count;
        for (size_t i = 0; i < document->changes.count; i++)
            got->destroys += document->changes.at[i].deletes;
    }
    tfr_document_free(document);
}

static void on_refused(void *ctx, const char *name, const char *member,
                       const struct tfr_error *error)
{
    struct got *got = ctx;

    (void)member;
    got->refusals++;
    print_message("%s: %s: %s\n", name, error->id, error->msg);
}

static struct got read_one(const char *file)
{
    const struct tfr_read_options options = { 0 };
    struct got got = { 0 };
    const struct tfr_sink sink = { .ctx = &got, .document = on_document, .refused = on_refused };
    struct tfr_buf path = { 0 };

    tfr_buf_printf(&path, "%s/%s", TFREADY_CORPUS, file);
    tfr_read_input(path.data, &options, &sink);
    tfr_buf_fini(&path);
    return got;
}

static bool split(char *line, struct row *row)
{
    for (int i = 0; i < COLUMNS; i++) {
        row->column[i] = line;
        line = strchr(line, '\t');
        if (line == NULL)
            return false;
        *line++ = '\0';
    }
    return true;
}

/* Its format version is 4, which no Terraform ever wrote in this place. */
static bool is_exception(const char *file)
{
    return strcmp(file, "states/sfumato00__terra-cli__state.json") == 0;
}

/* Among the bad ones, these are whole documents: what is wrong with them lies in the eyes of the
 * tools that they were made for (a state where that one wants a plan, a resource that it does not
 * know), is a finding (an action that does not exist) or is read with a note (lines of a wrapper).
 */
static bool is_whole(const char *file)
{
    static const char *const files[] = {
        "bad/bridgecrewio__checkov__runner-plan-corrupted-tfplan.json",
        "bad/cycloidio__terracost__aws-terraform-plan-invalid.json",
        "bad/cycloidio__terracost__invalid-terraform-empty-plan.json",
        "bad/cycloidio__terracost__invalid-terraform-unsupported-plan.json",
        "bad/infracost__infracost__infracost-plan_with_terraform_wrapper.json",
        "bad/jond3k__tfplan-validator__plan-invalid-actions.json",
    };

    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        if (strcmp(file, files[i]) == 0)
            return true;
    }
    return false;
}

static bool is_ours(const struct row *row)
{
    const char *kind = row->column[6];

    return strncmp(row->column[0], "bad/", 4) != 0 && strncmp(row->column[0], "other/", 6) != 0 &&
           (strcmp(kind, "plan") == 0 || strcmp(kind, "state") == 0 ||
            strcmp(kind, "raw-state") == 0);
}

static void check_row(const struct row *row, size_t *wrong)
{
    const struct got got = read_one(row->column[0]);
    const char *kind = row->column[6];
    bool right = got.documents >= 1 && got.refusals == 0;

    if (!is_ours(row) && !is_whole(row->column[0])) {
        if (got.refusals > 0)
            return;
        print_error("%s: not refused\n", row->column[0]);
        (*wrong)++;
        return;
    }
    if (strcmp(kind, "plan") == 0 && row->column[9][0] != '\0')
        right = right && got.changes == strtoul(row->column[9], NULL, 10) &&
                got.destroys == strtoul(row->column[10], NULL, 10);
    if (is_exception(row->column[0]))
        right = got.refusals == 1;
    if (right)
        return;
    print_error("%s: %zu changes, %zu destroys, %d refusals\n", row->column[0], got.changes,
                got.destroys, got.refusals);
    (*wrong)++;
}

static void every_document_is_read_with_its_counts(void **state)
{
    FILE *manifest = fopen(TFREADY_CORPUS "/MANIFEST.tsv", "r");
    char line[8192];
    size_t rows = 0;
    size_t wrong = 0;

    (void)state;
    assert_non_null(manifest);
    while (fgets(line, sizeof line, manifest) != NULL) {
        struct row row;

        if (rows++ > 0 && split(line, &row))
            check_row(&row, &wrong);
    }
    assert_int_equal(fclose(manifest), 0);
    assert_true(rows > 1);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_document_is_read_with_its_counts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
