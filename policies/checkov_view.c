/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects as Checkov's reader of plans leaves them: a list that holds lists and no map is lost, a
 * list that holds maps keeps the maps alone, what is not known is missing or the text of the first
 * reference, and JSON text is entered in known attributes only, where every list of one item is
 * that item. Facts: checkov/terraform/plan_parser.py of 3.3.
 */
#include "policies/checkov_written.h"

#include <string.h>

#define MOST_DEEP 64 /* deeper values stay as they are */

struct tfr_views {
    struct tfr_arena arena;
    const struct tfr_value **of; /* by tfr_object_place(); NULL: not made yet */
};

static bool holds(const struct tfr_value *list, enum tfr_kind kind)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->items[i].kind == kind)
            return true;
    }
    return false;
}

static bool is_lost(const struct tfr_value *value)
{
    return value->kind == TFR_LIST && holds(value, TFR_LIST) && !holds(value, TFR_OBJECT);
}

/* Texts that are booleans become such as members, but not in lists, and not as tags. */
static bool is_boolean_text(const struct tfr_value *value)
{
    return value->kind == TFR_STRING && tfr_python_value(value).kind == TFR_BOOL;
}

/* 1e+20 is a text for its reader. */
static bool is_text_number(const struct tfr_value *value)
{
    return value->kind == TFR_NUMBER && strchr(value->text, '.') == NULL &&
           strpbrk(value->text, "eE") != NULL;
}

/* Numbers, in lists or not, that are texts there. */
static struct tfr_value number_or_text(const struct tfr_value *value)
{
    struct tfr_value out = *value;

    if (is_text_number(value))
        out.kind = TFR_STRING;
    return out;
}

static bool holds_text_number(const struct tfr_value *list)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (is_text_number(&list->items[i]))
            return true;
    }
    return false;
}

/* Whether anything at or below it differs in the view. */
static bool differs(const struct tfr_value *value, int depth, bool tags)
{
    if (depth == MOST_DEEP || !tfr_value_is_container(value))
        return false;
    if (value->kind == TFR_LIST) {
        const bool maps = holds(value, TFR_OBJECT);

        for (uint32_t i = 0; maps && i < value->count; i++) {
            if (value->items[i].kind != TFR_OBJECT || differs(&value->items[i], depth + 1, tags))
                return true;
        }
        return !maps && (holds(value, TFR_UNKNOWN) || holds_text_number(value));
    }
    for (uint32_t i = 0; i < value->count; i++) {
        const struct tfr_value *one = tfr_member_value(value, i);
        const struct tfr_sym *name = tfr_member_name(value, i);

        if (is_lost(one) || one->kind == TFR_UNKNOWN || (!tags && is_boolean_text(one)) ||
            is_text_number(one) || (depth == 0 && tfr_sym_is(name, "self")) ||
            differs(one, depth + 1, tfr_sym_is(name, "tags")))
            return true;
    }
    return false;
}

/* Where the view is: what is written at this place of the block, how deep, and whether in tags. */
struct spot {
    struct tfr_written written;
    const struct tfr_sym **names; /* of what is written: the attribute of this place, or NULL */
    int depth;
    bool tags;
};

static struct tfr_value view(struct tfr_context *ctx, struct tfr_arena *arena,
                             const struct tfr_value *value, struct spot spot);

static struct tfr_value text_value(const char *text)
{
    return (struct tfr_value){ .kind = TFR_STRING, .text = text, .count = (uint32_t)strlen(text) };
}

/* Of a list that holds maps the maps; of another one, what is not known is null. */
static struct tfr_value view_list(struct tfr_context *ctx, struct tfr_arena *arena,
                                  const struct tfr_value *list, struct spot spot)
{
    struct tfr_value *items = tfr_arena_alloc(arena, list->count * sizeof *items);
    const bool maps = holds(list, TFR_OBJECT);
    struct tfr_value out = *list;

    out.count = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        const struct tfr_value *item = &list->items[i];

        if (item->kind == TFR_OBJECT)
            items[out.count++] = view(ctx, arena, item,
                                      (struct spot){ .written = tfr_written_item(spot.written, i),
                                                     .depth = spot.depth + 1,
                                                     .tags = spot.tags });
        else if (!maps)
            items[out.count++] = item->kind == TFR_UNKNOWN ? (struct tfr_value){ .kind = TFR_NULL }
                                                           : number_or_text(item);
    }
    out.items = items;
    return out;
}

/* A reference takes the place of a value that is not there, and of the items of a list that are
 * not. */
static struct tfr_value referred(struct tfr_arena *arena, const struct tfr_value *value,
                                 const char *text)
{
    struct tfr_value out = *value;
    struct tfr_value *items;

    if (tfr_value_missing(value) || value->kind == TFR_UNKNOWN)
        return text_value(text);
    if (value->kind != TFR_LIST || (!holds(value, TFR_NULL) && !holds(value, TFR_UNKNOWN)))
        return out;
    items = tfr_arena_alloc(arena, (value->count + 1) * sizeof *items);
    out.count = 0;
    for (uint32_t i = 0; i < value->count; i++) {
        if (value->items[i].kind != TFR_NULL && value->items[i].kind != TFR_UNKNOWN)
            items[out.count++] = value->items[i];
    }
    items[out.count++] = text_value(text);
    out.items = items;
    return out;
}

static const struct tfr_sym **names_of(struct tfr_context *ctx, struct tfr_arena *arena,
                                       struct tfr_written written)
{
    const struct tfr_sym **names = tfr_arena_alloc(arena, (written.count + 1) * sizeof *names);

    for (uint32_t i = 0; i < written.count; i++) {
        const char *name = tfr_written_name(written, i);

        names[i] = name != NULL ? tfr_names_get(ctx->document->names, name, strlen(name)) : NULL;
    }
    return names;
}

/* The reference that is written for an attribute of this place, NULL if there is none. */
static const char *reference_of(struct spot spot, const struct tfr_sym *name)
{
    for (uint32_t i = 0; i < spot.written.count; i++) {
        if (spot.names[i] == name)
            return tfr_written_reference(&spot.written.at[i]);
    }
    return NULL;
}

/* References of attributes that the values do not have. */
static void add_missing(struct tfr_making *making, const struct tfr_value *value, struct spot spot)
{
    for (uint32_t i = 0; i < spot.written.count; i++) {
        const struct tfr_sym *name = spot.names[i];

        if (name != NULL && tfr_value_member(value, name)->kind == TFR_ABSENT)
            tfr_making_add(making, name, text_value(tfr_written_reference(&spot.written.at[i])));
    }
}

/* All that the attributes of this place refer to, list by list; of one attribute its list. */
static void add_references(struct tfr_context *ctx, struct tfr_making *making, struct spot spot)
{
    struct tfr_value *lists =
        tfr_arena_alloc(making->arena, (spot.written.count + 1) * sizeof *lists);
    struct tfr_value all = { .kind = TFR_LIST, .items = lists };

    for (uint32_t i = 0; i < spot.written.count; i++) {
        const struct tfr_expression *one = &spot.written.at[i];
        struct tfr_value *items;

        if (spot.names[i] == NULL)
            continue;
        items = tfr_arena_alloc(making->arena, one->reference_count * sizeof *items);
        for (uint32_t k = 0; k < one->reference_count; k++)
            items[k] = text_value(one->references[k]->text);
        lists[all.count++] =
            (struct tfr_value){ .kind = TFR_LIST, .count = one->reference_count, .items = items };
    }
    if (all.count > 0)
        tfr_making_add(making, tfr_names_get(ctx->document->names, "references_", 11),
                       all.count == 1 ? lists[0] : all);
}

static void view_member(struct tfr_context *ctx, struct tfr_making *making,
                        struct tfr_member member, struct spot spot)
{
    const char *reference = reference_of(spot, member.name);
    const struct tfr_sym *name = member.name;
    struct tfr_value seen = *member.value;

    if (is_lost(&seen))
        return;
    if (reference != NULL)
        seen = referred(making->arena, &seen, reference);
    if (seen.kind == TFR_UNKNOWN)
        return;
    seen = view(ctx, making->arena, &seen,
                (struct spot){ .written = tfr_written_in(spot.written, name),
                               .depth = spot.depth + 1,
                               .tags = tfr_sym_is(name, "tags") });
    if (spot.depth == 0 && tfr_sym_is(name, "self"))
        name = tfr_names_get(ctx->document->names, "self_", 5); /* a word of its own there */
    seen = number_or_text(&seen);
    tfr_making_add(making, name, spot.tags ? seen : tfr_python_value(&seen));
}

static struct tfr_value view(struct tfr_context *ctx, struct tfr_arena *arena,
                             const struct tfr_value *value, struct spot spot)
{
    struct tfr_making making;
    struct tfr_value out;

    if (!tfr_value_is_container(value) || spot.depth == MOST_DEEP ||
        (spot.written.count == 0 && !differs(value, spot.depth, spot.tags)))
        return *value;
    if (value->kind == TFR_LIST)
        return view_list(ctx, arena, value, spot);
    making = tfr_making_begin(arena, (size_t)value->count + spot.written.count + 1);
    spot.names = names_of(ctx, arena, spot.written);
    for (uint32_t i = 0; i < value->count; i++)
        view_member(ctx, &making, tfr_member_at(value, i), spot);
    add_missing(&making, value, spot);
    add_references(ctx, &making, spot);
    out = tfr_making_end(&making);
    out.sensitive = value->sensitive;
    out.settled = value->settled;
    return out;
}

/* An object's values from their root. */
static struct tfr_value view_values(struct tfr_context *ctx, struct tfr_arena *arena,
                                    const struct tfr_resource *resource)
{
    return view(ctx, arena, tfr_resource_values(resource),
                (struct spot){ .written = tfr_written_of(ctx, resource) });
}

/* Inside of JSON text a list of one item is that item, of whatever kind. */
static struct tfr_value view_json(struct tfr_arena *arena, const struct tfr_value *value, int depth)
{
    struct tfr_value out = value->kind == TFR_LIST && value->count == 1 ? value->items[0] : *value;

    out.truth = out.truth || out.kind == TFR_OBJECT; /* it holds no places */
    if (depth == MOST_DEEP || !tfr_value_is_container(&out) || out.count == 0)
        return out;
    if (out.kind == TFR_LIST) {
        struct tfr_value *items = tfr_arena_alloc(arena, out.count * sizeof *items);

        for (uint32_t i = 0; i < out.count; i++)
            items[i] = view_json(arena, &out.items[i], depth + 1);
        out.items = items;
    } else {
        struct tfr_object *object = tfr_arena_copy(arena, out.object, tfr_object_size(out.count));

        for (uint32_t i = 0; i < out.count; i++)
            object->values[i] = view_json(arena, &object->values[i], depth + 1);
        out.object = object;
    }
    return out;
}

static const struct tfr_value *make(struct tfr_context *ctx, const struct tfr_resource *resource)
{
    const struct tfr_value *values = tfr_resource_values(resource);
    const char *json =
        resource->type != NULL ? tfr_checkov_json_attribute(resource->type->text) : NULL;
    const struct tfr_value *text = json != NULL ? tfr_value_get(values, json) : &tfr_absent;
    const struct tfr_value *parsed = tfr_document_parse(ctx->document, text);
    struct tfr_object *object;
    struct tfr_value *out;

    out = tfr_arena_zalloc(&ctx->views->arena, sizeof *out);
    *out = view_values(ctx, &ctx->views->arena, resource);
    if (tfr_value_missing(parsed) || out->count == 0)
        return out; /* no JSON, or null */
    object = tfr_arena_copy(&ctx->views->arena, out->object, tfr_object_size(out->count));
    for (uint32_t i = 0; i < out->count; i++) {
        if (tfr_sym_is(object->layout->names[i], json))
            object->values[i] = view_json(&ctx->views->arena, parsed, 0);
    }
    out->object = object;
    return out;
}

/* ---- providers ---- */

bool tfr_checkov_is_falsy(const struct tfr_value *value)
{
    double number;

    if (value->kind == TFR_NUMBER)
        return tfr_python_float(value, &number) && number == 0.0;
    if (value->kind == TFR_BOOL)
        return !value->truth;
    return value->kind == TFR_LIST || value->kind == TFR_STRING ? value->count == 0
                                                                : value->kind != TFR_OBJECT;
}

/* Its arguments as far as they are constants that are something, no blocks; a list of one is its
 * item. Every provider has an alias. */
static const struct tfr_value *make_provider(struct tfr_context *ctx,
                                             const struct tfr_resource *object)
{
    const struct tfr_document *document = ctx->document;
    const struct tfr_config_provider *provider =
        &document->providers[object - document->provider_objects.at];
    struct tfr_arena *arena = &ctx->views->arena;
    struct tfr_value *out = tfr_arena_zalloc(arena, sizeof *out);
    struct tfr_making making = tfr_making_begin(arena, provider->expressions.count + 1);
    uint32_t at = 0; /* expressions and members have one order */

    for (uint32_t i = 0; i < provider->expressions.count; i++) {
        const struct tfr_expression *expression = &provider->expressions.at[i];
        const struct tfr_value *value;

        if (strchr(expression->path->text, '.') != NULL)
            continue;
        while (at < object->after.count && tfr_member_name(&object->after, at) != expression->path)
            at++;
        if (at == object->after.count)
            break;
        value = tfr_member_value(&object->after, at);
        if (tfr_checkov_is_falsy(&expression->constant) || tfr_sym_is(expression->path, "alias"))
            continue;
        tfr_making_add(&making, expression->path,
                       value->kind == TFR_LIST && value->count == 1 ? value->items[0] : *value);
    }
    tfr_making_add(&making, tfr_names_get(document->names, "alias", 5),
                   (struct tfr_value){ .kind = TFR_STRING,
                                       .count = object->name->len,
                                       .text = object->name->text });
    *out = tfr_making_end(&making);
    return out;
}

struct tfr_views *tfr_views_new(const struct tfr_document *document)
{
    struct tfr_views *views = tfr_calloc(1, sizeof *views);

    views->of = tfr_calloc(tfr_object_places(document) + 1, sizeof *views->of);
    return views;
}

void tfr_views_free(struct tfr_views *views)
{
    if (views == NULL)
        return;
    tfr_arena_free(&views->arena);
    tfr_free(views->of);
    tfr_free(views);
}

const struct tfr_value *tfr_checkov_view(struct tfr_context *ctx,
                                         const struct tfr_resource *resource)
{
    const size_t place = tfr_object_place(ctx->document, resource);

    if (place == SIZE_MAX)
        return tfr_resource_values(resource);
    if (ctx->views->of[place] == NULL)
        ctx->views->of[place] =
            resource->mode == TFR_PROVIDER ? make_provider(ctx, resource) : make(ctx, resource);
    return ctx->views->of[place];
}

static struct tfr_value wrapped(struct tfr_arena *arena, const struct tfr_value *value, int depth);

/* `truth` of a list: it is not opened, though it holds one map alone. */
static struct tfr_value in_list(struct tfr_arena *arena, struct tfr_value value)
{
    struct tfr_value *item = tfr_arena_alloc(arena, sizeof *item);

    *item = value;
    return (struct tfr_value){
        .kind = TFR_LIST, .sensitive = value.sensitive, .truth = true, .count = 1, .items = item
    };
}

static struct tfr_value wrapped_member(struct tfr_arena *arena, const struct tfr_value *value,
                                       int depth)
{
    if (value->kind == TFR_LIST && holds(value, TFR_OBJECT))
        return wrapped(arena, value, depth);
    return in_list(arena, wrapped(arena, value, depth));
}

/* Of a view: lists hold maps alone, or no maps. */
static struct tfr_value wrapped(struct tfr_arena *arena, const struct tfr_value *value, int depth)
{
    struct tfr_value out = *value;

    if (depth == MOST_DEEP || !tfr_value_is_container(value) || value->count == 0)
        return out;
    if (value->kind == TFR_LIST) {
        struct tfr_value *items = tfr_arena_alloc(arena, value->count * sizeof *items);

        for (uint32_t i = 0; i < value->count; i++)
            items[i] = wrapped(arena, &value->items[i], depth + 1);
        out.items = items;
    } else {
        struct tfr_object *object =
            tfr_arena_copy(arena, value->object, tfr_object_size(value->count));

        for (uint32_t i = 0; i < value->count; i++)
            object->values[i] = wrapped_member(arena, &object->values[i], depth + 1);
        out.object = object;
    }
    return out;
}

/* Of a provider only the texts stand in lists. */
static const struct tfr_value *provider_config(struct tfr_context *ctx,
                                               const struct tfr_resource *object)
{
    struct tfr_value *out = tfr_arena_alloc(&ctx->scratch, sizeof *out);
    struct tfr_object *made;

    *out = *tfr_checkov_view(ctx, object); /* with an alias at least */
    made = tfr_arena_copy(&ctx->scratch, out->object, tfr_object_size(out->count));
    for (uint32_t i = 0; i < out->count; i++) {
        if (made->values[i].kind == TFR_STRING)
            made->values[i] = in_list(&ctx->scratch, made->values[i]);
    }
    out->object = made;
    return out;
}

const struct tfr_value *tfr_checkov_config(struct tfr_context *ctx,
                                           const struct tfr_resource *resource)
{
    struct tfr_value *out = tfr_arena_alloc(&ctx->scratch, sizeof *out);
    const struct tfr_value values = view_values(ctx, &ctx->scratch, resource);

    if (resource->mode == TFR_PROVIDER)
        return provider_config(ctx, resource);
    *out = wrapped(&ctx->scratch, &values, 0);
    return out;
}
