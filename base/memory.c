/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <sys/mman.h>
#endif

/* Sanitizer builds set this to 0: then every piece is a malloc of its own and a one-byte overrun
 * shows. */
#ifndef TFR_ARENA_CHUNK
#define TFR_ARENA_CHUNK 65536
#endif

/* The largest chunk: arenas grow by doubling up to here, so small documents stay small. */
#define CHUNK_MAX ((size_t)1 << 20)

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

/* ---- large pages -------------------------------------------------------------------------------
 *
 * A page fault for every 4096 bytes costs more than what is read there. Once an arena holds
 * LARGE_FROM bytes, what is worked on is large: then the C library takes all but the largest pieces
 * from one heap, which grows in long steps, and what will be used of it is asked for in large
 * pages. Other C libraries, and systems that cannot do it, hear nothing of this.
 */

#define LARGE_FROM ((size_t)1 << 20)

#if defined(__GLIBC__) && defined(MADV_HUGEPAGE)
#define LARGE_PAGE ((uintptr_t)2 << 20)
#define HEAP_STEP (32 << 20)        /* bytes; what is not used of it is no memory yet */
#define FROM_HEAP (4 << 20)         /* bytes of the largest piece that is taken from the heap */
#define MAY_GROW ((size_t)32 << 10) /* bytes of a piece after which the heap is looked at */

static atomic_bool allowed;
static atomic_uintptr_t large_up_to; /* of the heap, a border of large pages; 0: not begun */

void tfr_large_pages_allow(void)
{
    atomic_store_explicit(&allowed, true, memory_order_relaxed);
}

static void begin_large_pages(void)
{
    uintptr_t end;

    if (!atomic_load_explicit(&allowed, memory_order_relaxed) ||
        atomic_load_explicit(&large_up_to, memory_order_relaxed) != 0)
        return;
    end = (uintptr_t)sbrk(0);
    (void)mallopt(M_MMAP_THRESHOLD, FROM_HEAP);
    (void)mallopt(M_TOP_PAD, HEAP_STEP);
    atomic_store_explicit(&large_up_to, (end + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1),
                          memory_order_relaxed);
}

/* After a piece of so many bytes was taken: what the heap grew by is mostly still to be used. */
static void take_large_pages(size_t size)
{
    uintptr_t from;
    uintptr_t to;

    if (size < MAY_GROW)
        return;
    from = atomic_load_explicit(&large_up_to, memory_order_relaxed);
    if (from == 0)
        return;
    to = (uintptr_t)sbrk(0) & ~(LARGE_PAGE - 1);
    if (to <= from)
        return;
    (void)madvise((void *)from, to - from, MADV_HUGEPAGE);
    atomic_store_explicit(&large_up_to, to, memory_order_relaxed);
}
#else
void tfr_large_pages_allow(void)
{
}

static void begin_large_pages(void)
{
}

static void take_large_pages(size_t size)
{
    (void)size;
}
#endif

/* ---- pieces ------------------------------------------------------------------------------------
 */

/* @return a piece of `size` bytes, if there was one */
static void *taken(void *memory, size_t size)
{
    if (memory == NULL)
        tfr_oom();
    take_large_pages(size);
    return memory;
}

void *tfr_malloc(size_t size)
{
    return taken(malloc(size > 0 ? size : 1), size);
}

void *tfr_calloc(size_t count, size_t size)
{
    return taken(calloc(count > 0 ? count : 1, size > 0 ? size : 1), count * size);
}

void *tfr_realloc(void *old, size_t size)
{
    return taken(realloc(old, size > 0 ? size : 1), size);
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

/* @param size bytes that must fit in @return bytes behind the header of the next chunk */
static size_t next_chunk_size(const struct tfr_arena *arena, size_t size)
{
    size_t want = TFR_ARENA_CHUNK;

    if (want > 0 && arena->chunks != NULL)
        want = arena->chunks->size >= CHUNK_MAX / 2 ? CHUNK_MAX : arena->chunks->size * 2;
    return want < size ? size : want;
}

static void add_chunk(struct tfr_arena *arena, size_t size)
{
    const size_t want = next_chunk_size(arena, size);
    struct tfr_chunk *chunk;

    if (want > SIZE_MAX - sizeof *chunk)
        tfr_oom();
    if (TFR_ARENA_CHUNK > 0 && arena->bytes >= LARGE_FROM)
        begin_large_pages();
    chunk = tfr_malloc(sizeof *chunk + want);
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
