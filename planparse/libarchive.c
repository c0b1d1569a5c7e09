/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/libarchive.h"

struct tfr_libarchive tfr_libarchive;

static const struct tfr_library_function names[] = {
#define TFR_FUNCTION(name) { #name, offsetof(struct tfr_libarchive, name) },
    TFR_LIBARCHIVE_FUNCTIONS(TFR_FUNCTION)
#undef TFR_FUNCTION
};

static struct tfr_library library = { .file = TFR_LIBARCHIVE,
                                      .functions = names,
                                      .count = sizeof names / sizeof names[0],
                                      .into = &tfr_libarchive,
                                      .id = "input.archive.library" };

bool tfr_libarchive_load(struct tfr_error *err)
{
    return tfr_library_load(&library, err);
}
