/* SPDX-License-Identifier: Apache-2.0 */
/* Policies as tests want them: from a text. */
#ifndef TFR_TESTS_POLICY_TEXTS_H
#define TFR_TESTS_POLICY_TEXTS_H

#include "policies/policies.h"
#include "tests/reading.h"

#include <stdlib.h>
#include <unistd.h>

/* The policies of one file with this text; tfr_policies_free(). */
static inline struct tfr_policies *load_policies(const char *text)
{
    struct tfr_policies *policies = tfr_policies_new();
    char path[] = "/tmp/tfready-policies-XXXXXX.yaml";
    const int fd = mkstemps(path, 5);
    struct tfr_error err = { 0 };
    bool ok;

    assert_true(fd >= 0);
    assert_true(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
    (void)close(fd);
    ok = tfr_policies_load(policies, path, &err);
    (void)unlink(path);
    if (!ok)
        fail_msg("%s", err.msg);
    return policies;
}

#endif
