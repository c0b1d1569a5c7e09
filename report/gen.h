/* SPDX-License-Identifier: Apache-2.0 */
/* JSON out, in few words: what every format that is made of JSON needs. */
#ifndef TFR_REPORT_GEN_H
#define TFR_REPORT_GEN_H

#include "base/base.h"

#include <stdio.h>
#include <yajl/yajl_gen.h>

/* A generator that writes to `out`. Yours: end it with tfr_gen_end(). */
yajl_gen tfr_gen_new(FILE *out, bool indent);
/* One that writes to memory, without line ends. Yours: end it with tfr_gen_take(). */
yajl_gen tfr_gen_new_line(void);
/* Appends what was written to `out`, and ends the generator. */
void tfr_gen_take(yajl_gen gen, struct tfr_buf *out);
void tfr_gen_end(yajl_gen gen);

void tfr_gen_key(yajl_gen gen, const char *name);
/* A member; null where `value` is NULL. */
void tfr_gen_text(yajl_gen gen, const char *name, const char *value);
/* A member whose text may be bytes that are no UTF-8 (names of files): those become escapes. */
void tfr_gen_file_name(yajl_gen gen, const char *name, const char *value);
void tfr_gen_number(yajl_gen gen, const char *name, long long value);
/* The number, or null if there is none. */
void tfr_gen_maybe(yajl_gen gen, const char *name, bool given, long long value);
void tfr_gen_flag(yajl_gen gen, const char *name, bool value);
/* A member that is a list of texts; `values` ends with NULL, or is NULL. */
void tfr_gen_texts(yajl_gen gen, const char *name, const char *const *values);
/* Opens a member; an item of a list where `name` is NULL. */
void tfr_gen_open(yajl_gen gen, const char *name);
void tfr_gen_open_list(yajl_gen gen, const char *name);
void tfr_gen_close(yajl_gen gen);
void tfr_gen_close_list(yajl_gen gen);

#endif
