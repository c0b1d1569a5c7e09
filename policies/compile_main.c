/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tfready-policyc DATA-DIRECTORY CATALOGUE-DIRECTORY OUTPUT.c
 *
 * A tool of the build: loads the catalogue with the loader that users' policies go through and
 * writes it as C.
 */
#include "policies/emit.h"
#include "policies/set.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct lists {
    struct tfr_arena arena;
    const struct tfr_type_list **at;
    size_t count, cap;
};

static int complain(const struct tfr_error *err)
{
    (void)fprintf(stderr, "%s:%" PRIu64 ":%" PRIu64 ": error: %s\n", err->file, err->line,
                  err->column, err->msg);
    if (err->hint[0] != '\0')
        (void)fprintf(stderr, "  %s\n", err->hint);
    return 1;
}

/* stateful.yaml is the list stateful. */
static const char *list_name(struct tfr_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;

    return tfr_arena_text(arena, name, strcspn(name, "."));
}

static bool load_list(struct lists *lists, const char *path, struct tfr_error *err)
{
    struct tfr_compiler compiler = { .file = { .name = path, .arena = &lists->arena }, .err = err };
    struct tfr_type_list *list = tfr_arena_zalloc(&lists->arena, sizeof *list);
    const struct tfr_yaml *const *documents = NULL;
    size_t count = 0;

    if (!tfr_yaml_read_path(&compiler.file, path, &documents, &count, err) ||
        !tfr_compile_list(&compiler, list_name(&lists->arena, path),
                          count > 0 ? documents[0] : NULL, list))
        return false;
    lists->at = tfr_grow(lists->at, &lists->cap, lists->count + 1, sizeof(struct tfr_type_list *));
    lists->at[lists->count++] = list;
    return true;
}

static bool load_lists(struct lists *lists, const char *directory, struct tfr_error *err)
{
    const char *const *files = NULL;
    size_t count = 0;

    if (!tfr_policy_files(&lists->arena, directory, &files, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!load_list(lists, files[i], err))
            return false;
    }
    return true;
}

static int write_out(const char *path, const struct tfr_policies *policies,
                     const struct lists *lists)
{
    FILE *out = fopen(path, "w");

    if (out == NULL) {
        perror(path);
        return 1;
    }
    tfr_emit(out, policies, lists->at, (uint32_t)lists->count);
    if (fclose(out) != 0) {
        perror(path);
        return 1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    struct lists lists = { .count = 0 };
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_load_options options = { .knows_analyser = NULL };
    struct tfr_error err = { 0 };
    int code;

    if (argc != 4) {
        (void)fputs("usage: tfready-policyc DATA-DIRECTORY CATALOGUE-DIRECTORY OUTPUT.c\n", stderr);
        tfr_policies_free(policies);
        return 2;
    }
    if (!load_lists(&lists, argv[1], &err)) {
        code = complain(&err);
    } else {
        options.lists = lists.at;
        options.list_count = (uint32_t)lists.count;
        code = tfr_set_load(policies, argv[2], &options, &err)
                   ? write_out(argv[3], policies, &lists)
                   : complain(&err);
    }
    tfr_policies_free(policies);
    tfr_free(lists.at);
    tfr_arena_free(&lists.arena);
    return code;
}
