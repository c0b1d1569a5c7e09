/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of every library */

static bool load(const struct tfr_library *library)
{
    void *const handle = dlopen(library->file, RTLD_LAZY | RTLD_LOCAL);
    size_t found = 0;

    while (handle != NULL && found < library->count) {
        void *const address = dlsym(handle, library->functions[found].name);

        if (address == NULL)
            return false;
        memcpy((char *)library->into + library->functions[found++].at, &address, sizeof address);
    }
    return handle != NULL;
}

bool tfr_library_load(struct tfr_library *library, struct tfr_error *err)
{
    bool loaded;

    (void)pthread_mutex_lock(&lock);
    if (!library->loaded)
        library->loaded = load(library);
    loaded = library->loaded;
    (void)pthread_mutex_unlock(&lock);
    if (loaded)
        return true;
    (void)tfr_fail(err, TFR_E_IO, library->id, "a library that this needs cannot be loaded: %.200s",
                   dlerror());
    return tfr_fail_hint(err, "install the package of the system that has %s", library->file);
}
