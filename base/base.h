/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What every folder stands on: errors, memory, names and growing buffers.
 *
 * Words used in all headers: *yours* (end it with `_free`), *borrowed* (ends with its owner),
 * *arena* (lives as long as the arena), *name* (`const struct tfr_sym *`, exists once per name
 * table, compare with `==`).
 */
#ifndef TFR_BASE_H
#define TFR_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__GNUC__)
#define TFR_CHECKED __attribute__((warn_unused_result))
#define TFR_PRINTF(fmt, first) __attribute__((__format__(__printf__, fmt, first)))
#define TFR_NORETURN __attribute__((noreturn))
/* A function that is hardly ever called from where time counts: it stays out of line there. */
#define TFR_RARE __attribute__((noinline, cold))
/* Memory that is looked at soon. Nothing but time depends on it. */
#define TFR_PREFETCH(memory) tfr_prefetch_line(memory)
static inline void tfr_prefetch_line(const void *memory)
{
    __builtin_prefetch(memory);
    /* GCC takes a function that does no more for one without effect, and leaves out its calls. */
    __asm__ volatile("");
}
#else
#define TFR_CHECKED
#define TFR_PRINTF(fmt, first)
#define TFR_NORETURN
#define TFR_RARE
#define TFR_PREFETCH(memory) ((void)(memory))
#endif

/* ---- errors
 * -------------------------------------------------------------------------------------------------
 */

enum tfr_code {
    TFR_OK,
    TFR_E_IO,     /* the operating system said no */
    TFR_E_SYNTAX, /* not the language it should be: JSON, YAML, an archive */
    TFR_E_SCHEMA, /* well-formed, but not a document we know */
    TFR_E_LIMIT,  /* larger or deeper than allowed; the hint names the option that raises the limit
                   */
    TFR_E_USAGE,  /* the caller asked for something that does not exist */
};

/**
 * What went wrong, filled once: the first failure wins, outer layers only fill what is still empty.
 * The caller declares it zeroed; it owns nothing. No text holds a value from the input (it could be
 * a secret).
 */
struct tfr_error {
    enum tfr_code code;
    const char *id; /* stable dotted name such as "input.truncated"; static storage */
    char msg[320];  /* what is wrong: one line, lower case, no full stop */
    char hint[320]; /* what to do about it, or "" */
    char file[320]; /* the input or file as the user spelled it; a long one keeps its tail; or "" */
    bool has_place; /* offset is meaningful */
    uint64_t
        offset; /* bytes from the start of the text (after decompression and conversion to UTF-8) */
    uint64_t line;   /* from 1; 0: not known */
    uint64_t column; /* bytes from 1; 0: not known */
    char path[320];  /* JSON path such as resource_changes[3].address, or "" */
};

/** Fills `err` unless it is filled already. @param id static storage. @return false, always. */
bool tfr_fail(struct tfr_error *err, enum tfr_code code, const char *id, const char *format, ...)
    TFR_PRINTF(4, 5);

/** Says what to do, unless `err` says it already. @return false, always. */
bool tfr_fail_hint(struct tfr_error *err, const char *format, ...) TFR_PRINTF(2, 3);

/** Names the file or input, unless `err` names one already. A long name keeps its tail. */
void tfr_fail_file(struct tfr_error *err, const char *file);

/* ---- memory
 * -------------------------------------------------------------------------------------------------
 */

/** Ends the program with exit code 2 and one line on standard error. The only function of ours that
 * exits. */
void tfr_oom(void) TFR_NORETURN;

/** malloc, calloc and realloc that never return NULL: no memory ends in tfr_oom(). Sizes in bytes;
 * 0 is allowed. */
void *tfr_malloc(size_t size);
void *tfr_calloc(size_t count, size_t size);
void *tfr_realloc(void *old, size_t size);
void tfr_free(void *memory);
/** A copy of a text; NULL of NULL. @return yours, end it with tfr_free() */
char *tfr_copy_text(const char *text);
/** Orders an array of texts by their bytes: for qsort(). */
int tfr_by_text(const void *a, const void *b);

/** The same for libraries that take functions with a context; it is not looked at. */
void *tfr_take_memory(void *ctx, size_t size);
void *tfr_move_memory(void *ctx, void *old, size_t size);
void tfr_give_memory(void *ctx, void *memory);

/** tfr_grow() when there is no room. */
void *tfr_grow_more(void *array, size_t *capacity, size_t need, size_t size);
/**
 * Makes room for `need` items of `size` bytes in a growing array, doubling `*capacity`.
 * @return the array, moved if necessary; use it as `a = tfr_grow(a, &cap, count + 1, sizeof *a)`.
 */
static inline void *tfr_grow(void *array, size_t *capacity, size_t need, size_t size)
{
    return need <= *capacity ? array : tfr_grow_more(array, capacity, need, size);
}

/** Memory that is freed all at once. Zero is a valid empty arena. */
struct tfr_arena {
    struct tfr_chunk *chunks; /* newest first */
    char *next;               /* free bytes of the newest chunk */
    size_t left;              /* how many */
    size_t bytes;             /* bytes asked for so far, for --timing and tests */
};

/** Makes room for so many bytes in the newest chunk. For tfr_arena_alloc(). */
void tfr_arena_room(struct tfr_arena *arena, size_t size);
/** Gives `size` bytes aligned for any object, not cleared; never NULL. Inline: every value of a
 * document comes by here. */
static inline void *tfr_arena_alloc(struct tfr_arena *arena, size_t size)
{
    /* Nothing we keep in an arena needs more than 8. */
    const size_t taken = (size + 7) & ~(size_t)7;
    char *piece;

    if (taken == 0 || taken > arena->left)
        tfr_arena_room(arena, taken < size ? size : taken); /* less: there is no such number */
    piece = arena->next;
    arena->next += taken;
    arena->left -= taken;
    arena->bytes += taken;
    return piece;
}
/** The same, cleared. */
void *tfr_arena_zalloc(struct tfr_arena *arena, size_t size);
/** Copies `len` bytes and adds a NUL behind them. */
char *tfr_arena_text(struct tfr_arena *arena, const char *text, size_t len);
/** Copies `size` bytes. @return never NULL */
void *tfr_arena_copy(struct tfr_arena *arena, const void *data, size_t size);
/** Frees all but one chunk and starts over: for scratch memory in a loop. */
void tfr_arena_reset(struct tfr_arena *arena);
/** Frees everything; the arena is empty and usable. */
void tfr_arena_free(struct tfr_arena *arena);

/** From now on, once an arena is large, memory comes in large pages: a twentieth less time for some
 * megabytes more. For processes that read one document or few. */
void tfr_large_pages_allow(void);

/* ---- names
 * --------------------------------------------------------------------------------------------------
 */

/** A text that exists once in its table. May hold NUL bytes: `len` counts. */
struct tfr_sym {
    uint32_t id;  /* 0, 1, 2 ... in order of first use: an index for side tables */
    uint32_t len; /* bytes */
    char text[];  /* and a NUL behind */
};

/** A table of names. Hashing is keyed per process, so hostile input cannot make it slow; nothing is
 * ordered by hash. */
struct tfr_names;

/** Makes an empty table that keeps its texts in `arena` (borrowed). @return yours, end it with
 * tfr_names_free() */
struct tfr_names *tfr_names_new(struct tfr_arena *arena);
void tfr_names_free(struct tfr_names *names);
/** The name with this text, made if it does not exist yet. Never NULL. `len` below 4 GiB. */
const struct tfr_sym *tfr_names_get(struct tfr_names *names, const char *text, size_t len);
/** The same for a text that hardly comes again soon: it takes nobody's place among those that were
 * asked for lately. */
const struct tfr_sym *tfr_names_get_rare(struct tfr_names *names, const char *text, size_t len);
/** The name with this text, or NULL. */
const struct tfr_sym *tfr_names_find(const struct tfr_names *names, const char *text, size_t len);
/** How many names there are; ids are below it. */
uint32_t tfr_names_count(const struct tfr_names *names);
/** The name with this id, which is below tfr_names_count(). */
const struct tfr_sym *tfr_names_at(const struct tfr_names *names, uint32_t id);

/** True if the name is this text. NULL is no text at all. Inline: of a literal the length is known.
 */
static inline bool tfr_sym_is(const struct tfr_sym *sym, const char *text)
{
    const size_t len = strlen(text);

    return sym != NULL && sym->len == len && memcmp(sym->text, text, len) == 0;
}

/* Most names that are found by a hash which anybody can make them share. */
#define TFR_LAYOUT_PLACES 254

/** Names in an order, no name twice: those of the members of an object. Whatever is written alike
 * has the same layout, so that its names are kept once and found by their hash. */
struct tfr_layout {
    uint32_t count;
    uint32_t mask; /* of the index: places or slots, - 1; 0: names are too few for one */
    union {
        const uint8_t *places;        /* up to TFR_LAYOUT_PLACES names: by tfr_layout_hash(), linear
                                         probing; which name, from 1; 0: none */
        const struct tfr_slot *slots; /* of more */
    };
    const struct tfr_sym *names[];
};

/** The layout of these names, made if it does not exist yet: exists once in its table, compare with
 * `==`. */
const struct tfr_layout *tfr_names_layout(struct tfr_names *names, const struct tfr_sym *const *at,
                                          uint32_t count);
/** A layout in no table. Arena. */
const struct tfr_layout *tfr_layout_new(struct tfr_arena *arena, const struct tfr_sym *const *at,
                                        uint32_t count);
/** Cheap, and anybody can make names meet: there are few in one layout. */
static inline uint32_t tfr_layout_hash(const char *text, size_t len)
{
    if (len == 0)
        return 0;
    return (uint32_t)len * 9u + (unsigned char)text[0] + (unsigned char)text[len / 2] * 5u +
           (unsigned char)text[len - 1] * 3u;
}
/** Which of the names it is; `count` if it is none of them. */
uint32_t tfr_layout_find(const struct tfr_layout *layout, const char *text, size_t len,
                         uint32_t hash);
uint32_t tfr_layout_place(const struct tfr_layout *layout, const struct tfr_sym *name);

/** What tables of texts are made of: a power of two of slots with linear probing, at most three
 * quarters full, nothing ever removed. */
struct tfr_slot {
    uint32_t hash;  /* the low half of tfr_hash(): no table has more slots */
    uint32_t place; /* of the item, from 1; 0: free */
};
/** Lays slots out in twice as many. @param mask slots - 1 @return the new one */
size_t tfr_slots_double(struct tfr_slot **slots, size_t mask);

/** A hash of `len` bytes under a key drawn once per process. For hash tables only: differs
 * from run to run. */
uint64_t tfr_hash(const void *data, size_t len);

/** 24 bits of the two ends of a text and its length: cheap, and anybody can make texts meet. For
 * places that remember the last text, where that makes nobody slower than without them. */
uint64_t tfr_hash_ends(const char *text, size_t len);

/** FNV-1a, 64 bit, continued from `seed` (start with 0): the same on every machine, for
 * fingerprints. */
uint64_t tfr_hash_stable(uint64_t seed, const void *data, size_t len);
/** The same of two seeds at once, in little more time than that of one takes. */
void tfr_hash_stable_two(uint64_t seeds[2], const void *data, size_t len);

#define TFR_TRAIL_STEPS 32
/** For hashing many texts from the same two seeds, where each begins much as the one before it:
 * what two of them share at the front is hashed once. */
struct tfr_hash_trail {
    const char *text;                    /* the last one, borrowed until the next one */
    size_t steps;                        /* of 8 bytes each, that are known of it */
    uint64_t at[TFR_TRAIL_STEPS + 1][2]; /* what was made of its first 0, 8, 16 ... bytes */
};
void tfr_hash_trail_start(struct tfr_hash_trail *trail, const uint64_t seeds[2]);
/** @param hashes what tfr_hash_stable_two() would make of the seeds */
void tfr_hash_trail_next(struct tfr_hash_trail *trail, const char *text, size_t len,
                         uint64_t hashes[2]);

/* ---- growing text
 * ------------------------------------------------------------------------------------------- */

/** Bytes that grow. Zero is a valid empty buffer. `data` always has a NUL behind `len`, or is NULL
 * when empty. */
struct tfr_buf {
    char *data;
    size_t len; /* bytes */
    size_t cap; /* bytes */
};

void tfr_buf_add(struct tfr_buf *buf, const char *text, size_t len);
void tfr_buf_puts(struct tfr_buf *buf, const char *text);
void tfr_buf_putc(struct tfr_buf *buf, char byte);
/** Its decimal digits. */
void tfr_buf_add_count(struct tfr_buf *buf, uint64_t count);
void tfr_buf_printf(struct tfr_buf *buf, const char *format, ...) TFR_PRINTF(2, 3);
void tfr_buf_vprintf(struct tfr_buf *buf, const char *format, va_list args) TFR_PRINTF(2, 0);
/**
 * Appends text that came from the input so that it is safe on a terminal and in one line: control
 * characters (C0, DEL, C1), line separators, bidirectional controls and bytes that are no UTF-8
 * become visible escapes such as \n, \x1b, \u202e. Every writer for people goes through it; formats
 * with a syntax of their own (HTML, CSV ...) quote on top of it.
 */
void tfr_buf_add_safe(struct tfr_buf *buf, const char *text, size_t len);
/**
 * Appends JSON, or what stands between the quotes of its strings: characters that act on a screen
 * or on the order of what is shown become \u escapes, which say the same to a parser. Bytes below
 * 0x20 are left alone: the writer of the JSON has escaped them.
 */
void tfr_buf_add_json(struct tfr_buf *buf, const char *json, size_t len);
/** How many bytes at the front of a text are UTF-8 (RFC 3629); `len` if all are. */
size_t tfr_utf8_span(const char *text, size_t len);
/** The text, "" when empty. Borrowed from the buffer. */
const char *tfr_buf_text(const struct tfr_buf *buf);
void tfr_buf_reset(struct tfr_buf *buf);
void tfr_buf_fini(struct tfr_buf *buf);

/* ---- libraries loaded when they are needed
 * -------------------------------------------------------------------------------------------------
 */

/** A function of a shared library, and where its address goes. */
struct tfr_library_function {
    const char *name;
    size_t at; /* offset of a function pointer in `into`, bytes */
};

/** A shared library that only some runs need: what it brings along would cost every start. */
struct tfr_library {
    const char *file; /* as dlopen() takes it, such as "libarchive.so.13" */
    const struct tfr_library_function *functions;
    size_t count;
    void *into;     /* a structure of function pointers */
    const char *id; /* of the error when it is not there; static storage */
    bool loaded;
};

/**
 * Loads it, unless it is loaded, and fills `into`; it stays until the program ends. Threads may
 * call this at once. Error: TFR_E_IO `id` if the library or one of the functions is not there.
 */
bool tfr_library_load(struct tfr_library *library, struct tfr_error *err) TFR_CHECKED;

/* ---- timing
 * ---------------------------------------------------------------------------------------------------
 */

/** What time and memory went to. Every function takes NULL: then nothing is measured, and it costs
 * nothing. */
struct tfr_timing;

/** Starts with a first stage. Names of stages and memories are static storage. @return yours */
struct tfr_timing *tfr_timing_new(const char *stage);
void tfr_timing_free(struct tfr_timing *timing);
/** From now on time goes to this stage. @return the stage before, to go back to */
const char *tfr_timing_enter(struct tfr_timing *timing, const char *stage);
/** So many bytes were taken by one thing of this kind: the largest is kept. */
void tfr_timing_memory(struct tfr_timing *timing, const char *name, size_t bytes);
/** Appends a line for each stage (seconds of CPU time) and memory (bytes), in order of first use.
 */
void tfr_timing_write(struct tfr_timing *timing, struct tfr_buf *out);

#endif
