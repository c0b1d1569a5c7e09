/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Sanitizer builds set this to 0: then every piece is a malloc of its own and a one-byte overrun
 * shows. */
#ifndef TFR_ARENA_CHUNK
#define TFR_ARENA_CHUNK 65536
#endif

/* The largest chunk: arenas grow by doubling up to here, so small documents stay small. */
#define CHUNK_MAX ((size_t)1 << 20)

/* An arena that holds so much goes on in chunks that are one large page each, or are at least taken
 * page by page at once: a page fault for every 4096 bytes costs more than what is read there. So
 * much is as good as sure to be filled, and what is not hardly counts, bytes. */
#define LARGE_FROM ((size_t)4 << 20)
#define LARGE_PAGE ((size_t)2 << 20)

struct tfr_chunk {
    struct tfr_chunk *older;
    size_t size; /* bytes behind this header */
    max_align_t data[];
};

void tfr_oom(void)
{
    static const char line[] = "tfready: out of memory\n";

    /* Neither stdio nor atexit handlers: they may want memory. */
    if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
        _exit(2);
    _exit(2);
}

void *tfr_malloc(size_t size)
{
    void *memory = malloc(size > 0 ? size : 1);

    if (memory == NULL)
        tfr_oom();
    return memory;
}

void *tfr_calloc(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size > 0 ? size : 1);

    if (memory == NULL)
        tfr_oom();
    return memory;
}

void *tfr_realloc(void *old, size_t size)
{
    void *memory = realloc(old, size > 0 ? size : 1);

    if (memory == NULL)
        tfr_oom();
    return memory;
}

void tfr_free(void *memory)
{
    free(memory);
}

char *tfr_copy_text(const char *text)
{
    const size_t size = text != NULL ? strlen(text) + 1 : 0;

    return text != NULL ? memcpy(tfr_malloc(size), text, size) : NULL;
}

int tfr_by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void *tfr_take_memory(void *ctx, size_t size)
{
    (void)ctx;
    return tfr_malloc(size);
}

void *tfr_move_memory(void *ctx, void *old, size_t size)
{
    (void)ctx;
    return tfr_realloc(old, size);
}

void tfr_give_memory(void *ctx, void *memory)
{
    (void)ctx;
    tfr_free(memory);
}

void *tfr_grow_more(void *array, size_t *capacity, size_t need, size_t size)
{
    size_t cap = *capacity;

    if (need > SIZE_MAX / 2 / size)
        tfr_oom();
    if (cap == 0)
        cap = 8;
    while (cap < need)
        cap *= 2;
    *capacity = cap;
    return tfr_realloc(array, cap * size);
}

/* A chunk of LARGE_PAGE bytes with its header. Systems that cannot do one or the other hear nothing
 * of it: then its pages come as they are touched. */
static struct tfr_chunk *take_large_page(void)
{
    void *page = aligned_alloc(LARGE_PAGE, LARGE_PAGE);

    if (page == NULL)
        tfr_oom();
#ifdef MADV_HUGEPAGE
    (void)madvise(page, LARGE_PAGE, MADV_HUGEPAGE);
#endif
#ifdef MADV_POPULATE_WRITE
    (void)madvise(page, LARGE_PAGE, MADV_POPULATE_WRITE);
#endif
    return page;
}

/* @param size bytes that must fit in @return bytes behind the header of the next chunk */
static size_t next_chunk_size(const struct tfr_arena *arena, size_t size)
{
    size_t want = TFR_ARENA_CHUNK;

    if (want > 0 && arena->chunks != NULL)
        want = arena->chunks->size >= CHUNK_MAX / 2 ? CHUNK_MAX : arena->chunks->size * 2;
    if (want > 0 && arena->bytes >= LARGE_FROM)
        want = LARGE_PAGE - sizeof *arena->chunks;
    return want < size ? size : want;
}

static void add_chunk(struct tfr_arena *arena, size_t size)
{
    const size_t want = next_chunk_size(arena, size);
    struct tfr_chunk *chunk;

    if (want > SIZE_MAX - sizeof *chunk)
        tfr_oom();
    chunk =
        want == LARGE_PAGE - sizeof *chunk ? take_large_page() : tfr_malloc(sizeof *chunk + want);
    chunk->older = arena->chunks;
    chunk->size = want;
    arena->chunks = chunk;
    arena->next = (char *)chunk->data;
    arena->left = want;
}

void tfr_arena_room(struct tfr_arena *arena, size_t size)
{
    if (size > arena->left || TFR_ARENA_CHUNK == 0)
        add_chunk(arena, size);
}

void *tfr_arena_zalloc(struct tfr_arena *arena, size_t size)
{
    return memset(tfr_arena_alloc(arena, size), 0, size);
}

/* Texts are taken from the end of a chunk: they need no alignment, and most are short. */
char *tfr_arena_text(struct tfr_arena *arena, const char *text, size_t len)
{
    const size_t size = len + 1;
    char *copy;

    if (size == 0)
        tfr_oom();
    tfr_arena_room(arena, size);
    arena->left -= size;
    arena->bytes += size;
    copy = arena->next + arena->left;
    if (len > 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

void *tfr_arena_copy(struct tfr_arena *arena, const void *data, size_t size)
{
    void *copy = tfr_arena_alloc(arena, size);

    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

void tfr_arena_reset(struct tfr_arena *arena)
{
    struct tfr_chunk *keep = arena->chunks;

    if (keep == NULL)
        return;
    if (TFR_ARENA_CHUNK == 0) {
        tfr_arena_free(arena);
        return;
    }
    while (keep->older != NULL) {
        struct tfr_chunk *older = keep->older->older;

        tfr_free(keep->older);
        keep->older = older;
    }
    arena->next = (char *)keep->data;
    arena->left = keep->size;
    arena->bytes = 0;
}

void tfr_arena_free(struct tfr_arena *arena)
{
    while (arena->chunks != NULL) {
        struct tfr_chunk *older = arena->chunks->older;

        tfr_free(arena->chunks);
        arena->chunks = older;
    }
    *arena = (struct tfr_arena){ 0 };
}
