/* SPDX-License-Identifier: Apache-2.0 */
/* An ordered set of policies, and how files get into it. The build uses the same code
 * (compile_main.c). */
#ifndef TFR_POLICIES_SET_H
#define TFR_POLICIES_SET_H

#include "policies/compile.h"

#define TFR_POLICY_FILES 100000 /* in one directory tree */
#define TFR_POLICY_FOLDERS 64   /* levels of folders */

/* What the loader needs to know from outside. */
struct tfr_load_options {
    const struct tfr_type_list *const *lists;
    uint32_t list_count;
    bool (*knows_analyser)(const char *name); /* NULL: any name is taken */
};

/* Adds the policies of a file or of a directory tree. */
bool tfr_set_load(struct tfr_policies *set, const char *path,
                  const struct tfr_load_options *options, struct tfr_error *err) TFR_CHECKED;
/* The paths of the policy files below a directory (or the file itself), in byte order. Arena. */
bool tfr_policy_files(struct tfr_arena *arena, const char *path, const char *const **out,
                      size_t *count, struct tfr_error *err) TFR_CHECKED;
/* The same for case files (NAME.test.yaml). */
bool tfr_case_files(struct tfr_arena *arena, const char *path, const char *const **out,
                    size_t *count, struct tfr_error *err) TFR_CHECKED;
/* Adds one policy; fails if its id is taken. */
bool tfr_set_add(struct tfr_policies *set, const struct tfr_policy *policy,
                 struct tfr_error *err) TFR_CHECKED;
/* Puts a changed copy in the place of the policy with this id, which must be there. */
void tfr_set_replace(struct tfr_policies *set, const struct tfr_policy *policy);
/* Takes a policy out of the order; its id stays taken. */
void tfr_set_drop(struct tfr_policies *set, const char *id);
/* The number of what the policy at this place asks, below tfr_set_question_count(). Policies that
 * ask the same share it: question.h. Built-in ones share it with nobody. */
uint32_t tfr_set_question(const struct tfr_policies *set, size_t index);
uint32_t tfr_set_question_count(const struct tfr_policies *set);
bool tfr_policy_is_builtin(const struct tfr_policy *policy);
struct tfr_arena *tfr_set_arena(struct tfr_policies *set);
bool tfr_is_case_file(const char *path);

#endif
