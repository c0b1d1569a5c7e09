/* SPDX-License-Identifier: Apache-2.0 */
/* Policy files of a directory tree: every one is loaded or the whole load fails, nothing is skipped
 * in silence. */
#include "policies/policies.h"
#include "policies/set.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct walk {
    struct tfr_arena *arena;
    struct tfr_error *err;
    const char *root;
    bool cases;           /* look for case files instead of policies */
    char *real_root;      /* malloc of realpath(), or NULL */
    const char **folders; /* to be read */
    size_t folder_count, folder_cap;
    const char **files;
    size_t file_count, file_cap;
};

static bool ends_with(const char *text, const char *tail)
{
    const size_t len = strlen(text), tail_len = strlen(tail);

    return len > tail_len && strcmp(text + len - tail_len, tail) == 0;
}

bool tfr_is_case_file(const char *path)
{
    return ends_with(path, ".test.yaml") || ends_with(path, ".test.yml") ||
           ends_with(path, ".test.json");
}

static bool is_wanted_name(const struct walk *walk, const char *name)
{
    return tfr_is_case_file(name) == walk->cases &&
           (ends_with(name, ".yaml") || ends_with(name, ".yml") || ends_with(name, ".json"));
}

static bool fail_io(struct tfr_error *err, const char *path)
{
    (void)tfr_fail(err, TFR_E_IO, "policy.io", "cannot be read: %s", strerror(errno));
    tfr_fail_file(err, path);
    return false;
}

static bool fail_path(struct tfr_error *err, const char *path, enum tfr_code code, const char *what)
{
    (void)tfr_fail(err, code, code == TFR_E_LIMIT ? "policy.limit" : "policy.path", "%s", what);
    tfr_fail_file(err, path);
    return false;
}

static bool leaves_root(const struct walk *walk, const char *path)
{
    char *real = realpath(path, NULL);
    const size_t len = walk->real_root != NULL ? strlen(walk->real_root) : 0;
    const bool inside =
        real != NULL && len > 0 && strncmp(real, walk->real_root, len) == 0 && real[len] == '/';

    tfr_free(real);
    return !inside;
}

static void add(const char ***list, size_t *count, size_t *cap, const char *text)
{
    *list = tfr_grow(*list, cap, *count + 1, sizeof(char *));
    (*list)[(*count)++] = text;
}

static size_t levels(const struct walk *walk, const char *path)
{
    size_t count = 0;

    for (const char *at = path + strlen(walk->root); *at != '\0'; at++)
        count += *at == '/';
    return count;
}

static bool take_entry(struct walk *walk, const char *path, const char *name)
{
    struct stat info;

    if (lstat(path, &info) != 0)
        return fail_io(walk->err, path);
    if (S_ISLNK(info.st_mode)) {
        if (stat(path, &info) != 0)
            return is_wanted_name(walk, name) ? fail_io(walk->err, path) : true;
        if (S_ISDIR(info.st_mode))
            return fail_path(walk->err, path, TFR_E_SCHEMA, "links to folders are not followed");
        if (is_wanted_name(walk, name) && leaves_root(walk, path))
            return fail_path(walk->err, path, TFR_E_SCHEMA, "a link that leaves the directory");
    }
    if (S_ISDIR(info.st_mode)) {
        if (levels(walk, path) > TFR_POLICY_FOLDERS)
            return fail_path(walk->err, path, TFR_E_LIMIT,
                             "folders are nested deeper than 64 levels");
        add(&walk->folders, &walk->folder_count, &walk->folder_cap, path);
        return true;
    }
    if (!is_wanted_name(walk, name))
        return true;
    if (!S_ISREG(info.st_mode))
        return fail_path(walk->err, path, TFR_E_SCHEMA, "not a regular file");
    if (walk->file_count == TFR_POLICY_FILES)
        return fail_path(walk->err, path, TFR_E_LIMIT, "more than 100000 policy files");
    add(&walk->files, &walk->file_count, &walk->file_cap, path);
    return true;
}

static bool read_folder(struct walk *walk, const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *entry;
    bool ok = true;

    if (stream == NULL)
        return fail_io(walk->err, folder);
    while (ok && (entry = readdir(stream)) != NULL) {
        struct tfr_buf path = { 0 };

        if (entry->d_name[0] == '.')
            continue; /* hidden files and folders are not policies: .git and the like */
        tfr_buf_printf(&path, "%s%s%s", folder, ends_with(folder, "/") ? "" : "/", entry->d_name);
        ok = take_entry(walk, tfr_arena_text(walk->arena, path.data, path.len), entry->d_name);
        tfr_buf_fini(&path);
    }
    (void)closedir(stream);
    return ok;
}

static int by_bytes(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

/* The files of walk->root, with everything of the walk but its results released. */
static bool list_files(struct walk *walk, const char *const **out, size_t *count)
{
    struct stat info;
    bool ok = true;

    if (stat(walk->root, &info) != 0)
        return fail_io(walk->err, walk->root);
    walk->real_root = realpath(walk->root, NULL);
    if (S_ISDIR(info.st_mode))
        add(&walk->folders, &walk->folder_count, &walk->folder_cap,
            tfr_arena_text(walk->arena, walk->root, strlen(walk->root)));
    else
        add(&walk->files, &walk->file_count, &walk->file_cap,
            tfr_arena_text(walk->arena, walk->root, strlen(walk->root)));
    for (size_t i = 0; ok && i < walk->folder_count; i++)
        ok = read_folder(walk, walk->folders[i]);
    if (ok) {
        if (walk->file_count > 0)
            qsort(walk->files, walk->file_count, sizeof(char *), by_bytes);
        *out = tfr_arena_copy(walk->arena, walk->files != NULL ? (const void *)walk->files : "",
                              walk->file_count * sizeof(char *));
        *count = walk->file_count;
    }
    tfr_free(walk->files);
    tfr_free(walk->folders);
    tfr_free(walk->real_root);
    return ok;
}

bool tfr_policy_files(struct tfr_arena *arena, const char *path, const char *const **out,
                      size_t *count, struct tfr_error *err)
{
    struct walk walk = { .arena = arena, .err = err, .root = path };

    return list_files(&walk, out, count);
}

bool tfr_case_files(struct tfr_arena *arena, const char *path, const char *const **out,
                    size_t *count, struct tfr_error *err)
{
    struct walk walk = { .arena = arena, .err = err, .root = path, .cases = true };

    return list_files(&walk, out, count);
}

static bool load_document(struct tfr_policies *set, struct tfr_compiler *compiler,
                          const struct tfr_yaml *node)
{
    struct tfr_policy *policy = tfr_arena_zalloc(tfr_set_arena(set), sizeof *policy);

    policy->source = compiler->file.name;
    if (!tfr_compile_policy(compiler, node, policy))
        return false;
    if (tfr_set_add(set, policy, compiler->err))
        return true;
    compiler->err->line = node->line;
    compiler->err->column = node->column;
    return false;
}

/* A file holds one policy, several documents, or a list of policies. */
static bool load_file(struct tfr_policies *set, struct tfr_compiler *compiler)
{
    const struct tfr_yaml *const *documents = NULL;
    size_t count = 0;

    if (!tfr_yaml_read_path(&compiler->file, compiler->file.name, &documents, &count,
                            compiler->err))
        return false;
    if (count == 0)
        return fail_path(compiler->err, compiler->file.name, TFR_E_SCHEMA, "the file is empty");
    for (size_t i = 0; i < count; i++) {
        const struct tfr_yaml *node = documents[i];

        if (node->kind != TFR_YAML_LIST && !load_document(set, compiler, node))
            return false;
        for (uint32_t k = 0; node->kind == TFR_YAML_LIST && k < node->count; k++) {
            if (!load_document(set, compiler, node->items[k]))
                return false;
        }
    }
    return true;
}

bool tfr_set_load(struct tfr_policies *set, const char *path,
                  const struct tfr_load_options *options, struct tfr_error *err)
{
    struct tfr_compiler compiler = { .file = { .arena = tfr_set_arena(set) },
                                     .lists = options->lists,
                                     .list_count = options->list_count,
                                     .knows_analyser = options->knows_analyser,
                                     .err = err };
    const char *const *files = NULL;
    size_t count = 0;

    if (!tfr_policy_files(tfr_set_arena(set), path, &files, &count, err))
        return false;
    if (count == 0)
        return fail_path(err, path, TFR_E_SCHEMA,
                         "no policy files (.yaml, .yml, .json) in this directory");
    for (size_t i = 0; i < count; i++) {
        compiler.file.name = files[i];
        if (!load_file(set, &compiler))
            return false;
    }
    return true;
}
