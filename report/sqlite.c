/* SPDX-License-Identifier: Apache-2.0 */
#include "report/sqlite.h"

struct tfr_sqlite tfr_sqlite;

static const struct tfr_library_function names[] = {
#define TFR_FUNCTION(name) { #name, offsetof(struct tfr_sqlite, name) },
    TFR_SQLITE_FUNCTIONS(TFR_FUNCTION)
#undef TFR_FUNCTION
};

static struct tfr_library library = { .file = TFR_SQLITE,
                                      .functions = names,
                                      .count = sizeof names / sizeof names[0],
                                      .into = &tfr_sqlite,
                                      .id = "history.library" };

bool tfr_sqlite_load(struct tfr_error *err)
{
    return tfr_library_load(&library, err);
}
