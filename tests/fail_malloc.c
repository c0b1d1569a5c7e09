/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded before a program: the allocation whose number stands in TFREADY_FAIL_AT fails, and
 * every one after it. */
#include <errno.h>
#include <stdlib.h>

void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *old, size_t size);

static unsigned long long seen, fail_at;

static int fails(void)
{
    if (seen++ == 0) {
        const char *text = getenv("TFREADY_FAIL_AT");

        fail_at = text != NULL ? strtoull(text, NULL, 10) : 0;
    }
    if (fail_at == 0 || seen < fail_at)
        return 0;
    errno = ENOMEM;
    return 1;
}

/* glibc's own names: dlsym() would allocate. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    return fails() ? NULL : __libc_realloc(old, size);
}
