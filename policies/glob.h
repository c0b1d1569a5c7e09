/* SPDX-License-Identifier: Apache-2.0 */
/* Patterns of IAM: `*` stands for any bytes, `?` for one. */
#ifndef TFR_POLICIES_GLOB_H
#define TFR_POLICIES_GLOB_H

#include <stdbool.h>

/* Longer patterns are taken to overlap and never to cover, bytes. */
#define TFR_GLOB_LONGEST 1024

/* True if some text matches both patterns. */
bool tfr_glob_overlaps(const char *a, const char *b);
/* True if every text that matches `narrow` surely matches `wide` as well. */
bool tfr_glob_covers(const char *wide, const char *narrow);
/* True if the action matches; letters in either case. */
bool tfr_glob_action(const char *pattern, const char *action);

#endif
