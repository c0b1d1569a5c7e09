/* SPDX-License-Identifier: Apache-2.0 */
#include "planparse/quick.h"
#include "planparse/skim.h"
#include "planparse/stops.h"
#include "planparse/unescape.h"

#include <stddef.h>
#include <string.h>

/* Levels on which a container is compared with the one before it. */
#define TWINS 8

/* A container that was read, as text. */
struct twin {
    const char *text; /* NULL: there was none */
    size_t len;
    size_t pending; /* where the builder keeps its value */
    uint64_t duplicates;
};

struct walk {
    struct tfr_quick *quick;
    struct tfr_builder *builder;
    const char *at, *end;
    uint32_t node;             /* of the names so far of the innermost object; 0: not known */
    bool after;                /* behind a value */
    char closer;               /* of the innermost container */
    struct twin twins[TWINS];  /* by how many containers are around: the last one there */
    const char *starts[TWINS]; /* of the open ones */
    uint64_t counted[TWINS];   /* duplicates when they began */
};

/* @return the next byte that is no white space, NUL at the end */
static inline char skip_white(struct walk *walk)
{
    while (walk->at < walk->end) {
        const char c = *walk->at;

        if ((unsigned char)c > ' ' || (c != ' ' && c != '\n' && c != '\t' && c != '\r'))
            return c;
        walk->at++;
    }
    return '\0';
}

/* ---- strings -----------------------------------------------------------------------------------
 */

/* A string with escapes: decoded in scratch memory, where there is room for all that is left of the
 * text, so that nobody has to look first where it ends. */
static bool decode_string(struct walk *walk, const char *start, struct tfr_value *out)
{
    struct tfr_arena *scratch = &walk->builder->scratch;
    char *text;
    size_t len;

    tfr_arena_room(scratch, (size_t)(walk->end - start) + TFR_UNESCAPE_SLACK);
    text = scratch->next;
    walk->at = start;
    if (!tfr_unescape(&walk->at, walk->end, text, &len) || len > UINT32_MAX - 1)
        return false;
    text[len] = '\0';
    (void)tfr_arena_alloc(scratch, len + 1);
    *out = (struct tfr_value){ .kind = TFR_STRING, .count = (uint32_t)len, .text = text };
    return true;
}

/* Stands on the opening quote. @param escaped whether it had to be decoded */
static bool read_string(struct walk *walk, struct tfr_value *out, bool *escaped)
{
    const char *start = walk->at + 1;
    const size_t run = tfr_string_end(start, (size_t)(walk->end - start));
    const char *stop = start + run;

    *escaped = stop < walk->end && *stop == '\\';
    if (*escaped)
        return decode_string(walk, start, out);
    if (stop == walk->end || *stop != '"' || run > UINT32_MAX - 1)
        return false;
    walk->at = stop + 1;
    *out = (struct tfr_value){ .kind = TFR_STRING, .count = (uint32_t)run, .text = start };
    return true;
}

/* ---- names -------------------------------------------------------------------------------------
 */

/* Stands behind the opening quote. @return NULL in doubt */
static const struct tfr_sym *look_up_name(struct walk *walk)
{
    struct tfr_order *order = &walk->quick->order;
    const struct tfr_sym *name;
    struct tfr_value text;
    bool escaped;

    walk->at--;
    if (!read_string(walk, &text, &escaped))
        return NULL;
    name = tfr_names_get(walk->builder->names, text.text, text.count);
    /* The text of a name with escapes is not what the document writes. */
    walk->node = escaped ? 0 : tfr_order_follow(order, walk->node, name);
    return name;
}

/* Stands on the opening quote. @return NULL in doubt */
static inline const struct tfr_sym *read_name(struct walk *walk)
{
    struct tfr_order *order = &walk->quick->order;
    const struct tfr_order_node *nodes = order->nodes;
    const size_t left = (size_t)(walk->end - ++walk->at);
    uint32_t node = nodes[walk->node].likely;

    if (node == 0 || !tfr_order_fits(&nodes[node], walk->at, left))
        node = walk->node != 0 ? tfr_order_find(order, walk->node, walk->at, left) : 0;
    if (node == 0)
        return look_up_name(walk);
    walk->node = node;
    walk->at += nodes[node].name->len + 1;
    return nodes[node].name;
}

/* ---- numbers and words -------------------------------------------------------------------------
 */

static bool skip_digits(struct walk *walk)
{
    const char *start = walk->at;

    while (walk->at < walk->end && *walk->at >= '0' && *walk->at <= '9')
        walk->at++;
    return walk->at > start;
}

static bool read_number(struct walk *walk, struct tfr_value *out)
{
    const char *start = walk->at;

    walk->at += *walk->at == '-';
    if (walk->at < walk->end && *walk->at == '0')
        walk->at++;
    else if (!skip_digits(walk))
        return false;
    if (walk->at < walk->end && *walk->at == '.') {
        walk->at++;
        if (!skip_digits(walk))
            return false;
    }
    if (walk->at < walk->end && (*walk->at == 'e' || *walk->at == 'E')) {
        walk->at++;
        if (walk->at < walk->end && (*walk->at == '+' || *walk->at == '-'))
            walk->at++;
        if (!skip_digits(walk))
            return false;
    }
    if ((size_t)(walk->at - start) > UINT32_MAX - 1)
        return false;
    *out = (struct tfr_value){ .kind = TFR_NUMBER,
                               .count = (uint32_t)(walk->at - start),
                               .text = start };
    return true;
}

static bool read_word(struct walk *walk, const char *word, size_t len)
{
    if ((size_t)(walk->end - walk->at) < len || memcmp(walk->at, word, len) != 0)
        return false;
    walk->at += len;
    return true;
}

static bool read_scalar(struct walk *walk, char first, struct tfr_value *out)
{
    bool escaped;

    switch (first) {
    case '"':
        return read_string(walk, out, &escaped);
    case 't':
        *out = (struct tfr_value){ .kind = TFR_BOOL, .truth = true };
        return read_word(walk, "true", 4);
    case 'f':
        *out = (struct tfr_value){ .kind = TFR_BOOL };
        return read_word(walk, "false", 5);
    case 'n':
        *out = (struct tfr_value){ .kind = TFR_NULL };
        return read_word(walk, "null", 4);
    default:
        return (first == '-' || (first >= '0' && first <= '9')) && read_number(walk, out);
    }
}

/* ---- containers --------------------------------------------------------------------------------
 */

/* What an unchanged resource is before and after is written twice, byte by byte. */
static bool same_as_twin(struct walk *walk)
{
    const size_t level = walk->builder->open_count;
    const struct twin *twin = level < TWINS ? &walk->twins[level] : NULL;

    if (level == 0 || twin == NULL || twin->text == NULL ||
        (size_t)(walk->end - walk->at) <= twin->len || memcmp(walk->at, twin->text, twin->len) != 0)
        return false;
    walk->at += twin->len;
    walk->builder->duplicates += twin->duplicates;
    tfr_builder_put(walk->builder, walk->builder->pending[twin->pending]);
    walk->after = true;
    return true;
}

/* @param node where an object begins here */
static bool open_container(struct walk *walk, bool array, uint32_t node)
{
    const size_t level = walk->builder->open_count;

    if (same_as_twin(walk))
        return true;
    if (level >= walk->quick->max_levels)
        return false;
    if (level < TWINS) {
        walk->starts[level] = walk->at;
        walk->counted[level] = walk->builder->duplicates;
    }
    if (level + 1 < TWINS)
        walk->twins[level + 1].text = NULL;
    walk->at++;
    walk->after = false;
    walk->closer = array ? ']' : '}';
    tfr_builder_open(walk->builder, array);
    walk->builder->open[level].outside = walk->node;
    walk->node = node;
    return true;
}

static void close_container(struct walk *walk)
{
    struct tfr_builder *builder = walk->builder;
    const size_t level = builder->open_count - 1;
    const bool known = walk->closer == '}' && walk->node != 0; /* no name stands in it twice */

    walk->at++;
    walk->after = true;
    tfr_builder_close(
        builder,
        known ? tfr_order_layout(&walk->quick->order, walk->builder->names, walk->node) : NULL);
    walk->node = builder->open[level].outside;
    walk->closer = tfr_builder_in_array(builder) ? ']' : '}';
    if (level < TWINS)
        walk->twins[level] =
            (struct twin){ .text = walk->starts[level],
                           .len = (size_t)(walk->at - walk->starts[level]),
                           .pending = builder->pending_count - 1,
                           .duplicates = builder->duplicates - walk->counted[level] };
}

/* Stands on the brace of a member's value. @return false in doubt */
static bool skip_value(struct walk *walk)
{
    struct tfr_skim skim;
    size_t used;

    memset(&skim, 0, offsetof(struct tfr_skim, open));
    skim.max_levels = walk->quick->max_levels - 1;
    /* The skimmer begins before a colon. */
    if (skim.max_levels == 0 || tfr_skim(&skim, ":", 1, &used) != TFR_SKIM_MORE ||
        tfr_skim(&skim, walk->at, (size_t)(walk->end - walk->at), &used) != TFR_SKIM_DONE)
        return false;
    walk->at += used;
    walk->after = true;
    tfr_builder_put(walk->builder, (struct tfr_value){ .kind = TFR_NULL });
    return true;
}

/* ---- the walk ----------------------------------------------------------------------------------
 */

/* The name of a member and its colon. @return the first byte of the value, NUL in doubt */
static char read_key(struct walk *walk)
{
    const struct tfr_sym *name = read_name(walk);

    if (name == NULL || skip_white(walk) != ':')
        return '\0';
    walk->at++;
    tfr_builder_key(walk->builder, name);
    return skip_white(walk);
}

static bool read_value(struct walk *walk, char first)
{
    struct tfr_quick *quick = walk->quick;
    struct tfr_value value;

    if (first == '{' && quick->unneeded != NULL && walk->builder->open_count == 1 &&
        walk->closer == '}' && quick->unneeded(quick->ctx, walk->builder, walk->builder->key))
        return skip_value(walk);
    if (first == '{' || first == '[') /* objects in an array stand under its name */
        return open_container(walk, first == '[',
                              walk->closer == '}' ? tfr_order_inside(&quick->order, walk->node)
                                                  : walk->node);
    if (!read_scalar(walk, first, &value))
        return false;
    tfr_builder_put(walk->builder, value);
    walk->after = true;
    return true;
}

/* Room for the longest word and what stands around it, bytes. */
#define ROOM 16

/* A number of few digits and nothing else. There is room for them, and for what ends it. */
static const char *read_whole_number(const char *at, struct tfr_value *out)
{
    uint32_t len = 1;

    while (len < ROOM - 1 && at[len] >= '0' && at[len] <= '9')
        len++;
    *out = (struct tfr_value){ .kind = TFR_NUMBER, .count = len, .text = at };
    return (at[len] == ',' || at[len] == '}' || at[len] == ']') && (len == 1 || *at != '0')
               ? at + len
               : NULL;
}

/* A value that is written as most are, with room behind it. @return behind it; NULL: read_value()
 * shall look */
static inline const char *read_plainly(const struct walk *walk, const char *at,
                                       struct tfr_value *out)
{
    size_t run;

    switch (*at) {
    case '"':
        run = tfr_string_end(at + 1, (size_t)(walk->end - at - 1));
        *out = (struct tfr_value){ .kind = TFR_STRING, .count = (uint32_t)run, .text = at + 1 };
        at += run + 1;
        return walk->end - at > ROOM && *at == '"' && run < UINT32_MAX ? at + 1 : NULL;
    case 't':
        *out = (struct tfr_value){ .kind = TFR_BOOL, .truth = true };
        return memcmp(at, "true", 4) == 0 ? at + 4 : NULL;
    case 'f':
        *out = (struct tfr_value){ .kind = TFR_BOOL };
        return memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
    case 'n':
        *out = (struct tfr_value){ .kind = TFR_NULL };
        return memcmp(at, "null", 4) == 0 ? at + 4 : NULL;
    case '[':
        *out = (struct tfr_value){ .kind = TFR_LIST };
        break;
    case '{':
        *out = (struct tfr_value){ .kind = TFR_OBJECT };
        break;
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return read_whole_number(at, out);
    default:
        return NULL;
    }
    return at[1] == *at + 2 && walk->builder->open_count < walk->quick->max_levels ? at + 2 : NULL;
}

/* Members that follow each other as they did before, without white space: most of all text. Stands
 * on the quote of a name, and in the end on another or behind a value.
 * @return true: on the value of a member whose name was read */
static bool read_members(struct walk *walk)
{
    const struct tfr_order_node *nodes = walk->quick->order.nodes;

    while (!walk->after && walk->end - walk->at > ROOM) {
        const uint32_t node = nodes[walk->node].likely;
        const size_t left = (size_t)(walk->end - walk->at) - 1;
        const size_t passed = node != 0 ? tfr_order_passes(&nodes[node], walk->at + 1, left) : 0;
        struct tfr_value value;
        const char *at;

        if (passed == 0 || left - passed <= ROOM)
            break;
        TFR_PREFETCH(&nodes[nodes[node].likely]); /* the names of all types fit into no cache */
        tfr_builder_key(walk->builder, nodes[node].name);
        walk->node = node;
        walk->at += passed + 1;
        at = read_plainly(walk, walk->at, &value);
        if (at == NULL)
            return true;
        tfr_builder_put(walk->builder, value);
        walk->after = at[0] != ',' || at[1] != '"';
        walk->at = at + (walk->after ? 0 : 1);
    }
    return false;
}

/* @return false: read_value() shall look */
static bool read_item(struct walk *walk)
{
    struct tfr_value value;
    const char *at = walk->end - walk->at > ROOM ? read_plainly(walk, walk->at, &value) : NULL;

    if (at == NULL)
        return false;
    tfr_builder_put(walk->builder, value);
    walk->at = at;
    walk->after = true;
    return true;
}

/* One member or item, or the end of a container. */
static bool step(struct walk *walk)
{
    char c = skip_white(walk);

    if (c == walk->closer) { /* never behind a comma: that is read together with what follows */
        close_container(walk);
        return true;
    }
    if (walk->after) {
        if (c != ',')
            return false;
        walk->at++;
        walk->after = false;
        c = skip_white(walk);
    }
    if (walk->closer == '}') {
        if (c != '"')
            return false;
        if (read_members(walk))
            c = skip_white(walk);
        else if (walk->after)
            return true;
        else
            c = read_key(walk);
    } else if (read_item(walk)) {
        return true;
    }
    return c != '\0' && read_value(walk, c);
}

bool tfr_quick_value(struct tfr_quick *quick, const char *bytes, size_t len, size_t *used)
{
    struct walk walk = {
        .quick = quick, .builder = quick->builder, .at = bytes, .end = bytes + len
    };
    const uint64_t duplicates = quick->builder->duplicates;
    bool ok = len > 0 && open_container(&walk, bytes[0] == '[', tfr_order_begin(&quick->order));

    while (ok && !tfr_builder_is_done(quick->builder))
        ok = step(&walk);
    if (ok) {
        *used = (size_t)(walk.at - bytes);
        return true;
    }
    tfr_builder_reset(quick->builder);
    quick->builder->duplicates = duplicates;
    return false;
}
