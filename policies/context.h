/* SPDX-License-Identifier: Apache-2.0 */
/* What evaluation carries along, and how one condition is asked of one object. */
#ifndef TFR_POLICIES_CONTEXT_H
#define TFR_POLICIES_CONTEXT_H

#include "policies/briefs.h"
#include "policies/index.h"
#include "policies/operators.h"

/* An answer, and what will decide it when it is TFR_MAYBE. */
struct tfr_truth {
    enum tfr_truth_value is;
    const char
        *because; /* a reference or an attribute path; scratch or document; NULL unless TFR_MAYBE */
};

struct tfr_subject {
    const struct tfr_resource *resource;
    const struct tfr_value *values; /* what it is judged by */
    tfr_node_id node;
    uint16_t words; /* tfr_change_words() */
};

#define TFR_OPAQUE_MEMO 8
#define TFR_GATES 4
#define TFR_ROW_MEMO 256
#define TFR_TYPE_MEMO 512
#define TFR_SPOTS 512

/* What a list said of a type. */
struct tfr_row_memo {
    const struct tfr_sym *type;
    const struct tfr_type_list *list;
    const struct tfr_type_row *row; /* or NULL */
};

/* What a part of a program says of all objects of a type. */
struct tfr_type_memo {
    const void *part;
    const struct tfr_sym *type;
    uint8_t mode;   /* enum tfr_mode, of the objects */
    uint8_t answer; /* enum tfr_type_answer */
};
/* Where a name stands in objects of one layout. */
struct tfr_spot {
    const struct tfr_layout *layout;
    const char *name; /* a literal */
    uint32_t place;   /* that of no member: they have none of this name */
};

enum tfr_type_answer {
    TFR_ANSWER_NO,
    TFR_ANSWER_YES,
    TFR_ANSWER_EACH, /* each object may have another one */
};

/* What an `or` of changes of attributes can be true of: gate.c. */
struct tfr_gate {
    const struct tfr_block *block;
    uint64_t *names;     /* bits, by number of a name: attributes that must differ; batch */
    uint32_t name_count; /* when it was made */
    uint16_t others;     /* words of objects that its other conditions can be true of */
};

/* What is found out about objects when somebody asks, once for a document. */
struct tfr_found {
    const void **at; /* by node; NULL: nobody asked yet */
};

struct tfr_context {
    struct tfr_document *document;
    const struct tfr_graph *graph; /* NULL in tests without one */
    enum tfr_policy_mode mode;
    const struct tfr_policy *policy;
    const struct tfr_config *config; /* or NULL */
    struct tfr_type_index *index;
    struct tfr_briefs *briefs; /* NULL until one is asked for */
    struct tfr_regex *regex;
    struct tfr_name_slot *slots; /* of this policy's paths; batch, NULL until one is walked */
    const struct tfr_jsonpath **jsonpaths; /* the same, by slot: jsonpath_find.c */
    struct tfr_walk_room *room;            /* for walking a path: attribute_find.c */
    struct tfr_views *views;               /* in Checkov's mode, NULL else: checkov_view.c */
    struct tfr_targets *targets;           /* what references may lead to, kept: checkov_edges.c */
    struct tfr_told *told;                 /* what blocks write, kept: checkov_written.c */
    struct tfr_arena scratch;              /* emptied after each subject */
    struct tfr_arena batch;                /* emptied after each policy */
    struct tfr_arena kept;                 /* what is found out once for a document */
    struct {
        const struct tfr_graph_condition *condition;
        const char *because;
    } opaque[TFR_OPAQUE_MEMO]; /* graph_condition.c */
    uint32_t opaque_count;
    struct tfr_gate gates[TFR_GATES]; /* of this policy */
    uint32_t gate_count;
    struct tfr_row_memo rows[TFR_ROW_MEMO];    /* by the id of the type: lists.c */
    struct tfr_type_memo types[TFR_TYPE_MEMO]; /* of this policy's mode: tfr_context_recall() */
    struct tfr_spot spots[TFR_SPOTS];          /* tfr_input_get() */
    struct tfr_open *open; /* the references that they are found among; kept: graph_condition.c */
    uint32_t open_count;
    uint32_t *places;                  /* by tfr_object_place(), 0 between policies: connection.c */
    struct tfr_join *joins;            /* of this policy: join.c */
    struct tfr_roles *roles;           /* of the document, once somebody asked: roles.c */
    struct tfr_named_objects *objects; /* the same: named.c */
    struct tfr_lookup *env_names;      /* the same, by text: env_names.c */
    const struct tfr_blocks *blocks;   /* the same, kept: wires.c */
    const struct tfr_watches *watches; /* the same, kept: watches.c */
    struct tfr_caches *caches;         /* the same: caches.c */
    /* What tfr_context_find() found out about objects. */
    struct tfr_found workloads;   /* struct tfr_workload: containers.c */
    struct tfr_found needs;       /* struct tfr_needs: needs.c */
    struct tfr_found cache_tasks; /* struct tfr_cache_task: caches.c */
    struct tfr_found ends;        /* struct tfr_end: ends.c */
    struct tfr_found group_rules; /* struct tfr_group_rules: security_groups.c */
    struct tfr_found by_value;    /* struct tfr_by_value: meant.c */
    struct tfr_found allowances;  /* struct tfr_wires: dead_letters.c */
};

/* Says how the next policy is answered. */
void tfr_context_set_mode(struct tfr_context *ctx, enum tfr_policy_mode mode);
/* Ends a policy: what is kept for one of them is gone. */
void tfr_context_next(struct tfr_context *ctx);
/* Ends all that the context owns. */
void tfr_context_fini(struct tfr_context *ctx);

/* What is known of all objects before they are looked at. */
static inline struct tfr_briefs *tfr_context_briefs(struct tfr_context *ctx)
{
    if (ctx->briefs == NULL)
        ctx->briefs = tfr_briefs_new(ctx->document, ctx->graph);
    return ctx->briefs;
}
/* The same of one object, NULL if it has none. */
static inline const struct tfr_brief *tfr_context_brief(struct tfr_context *ctx,
                                                        const struct tfr_resource *resource)
{
    return tfr_briefs_of(tfr_context_briefs(ctx), resource);
}

/* An object that has no brief, or that is seen as Checkov sees it. */
struct tfr_subject tfr_subject_look(struct tfr_context *ctx, const struct tfr_resource *resource);
static inline struct tfr_subject tfr_subject_of_brief(const struct tfr_brief *brief,
                                                      const struct tfr_resource *resource)
{
    return (struct tfr_subject){ resource, brief->values, brief->node, brief->words };
}
static inline struct tfr_subject tfr_subject_of(struct tfr_context *ctx,
                                                const struct tfr_resource *resource)
{
    const struct tfr_brief *brief = tfr_context_brief(ctx, resource);

    return brief != NULL && ctx->mode != TFR_MODE_CHECKOV ? tfr_subject_of_brief(brief, resource)
                                                          : tfr_subject_look(ctx, resource);
}

/* What a part of the policy's program says of objects of a type and mode is kept, as long as
 * nothing else takes its place. @param known whether it is there already */
static inline struct tfr_type_memo *tfr_context_memo(struct tfr_context *ctx, const void *part,
                                                     const struct tfr_sym *type)
{
    const size_t place = ((uintptr_t)part >> 4u) + ((uintptr_t)type >> 3u) * 7u;

    return &ctx->types[place % TFR_TYPE_MEMO];
}
static inline bool tfr_memo_is_of(const struct tfr_type_memo *memo, const void *part,
                                  const struct tfr_sym *type, uint8_t mode)
{
    return memo->part == part && memo->type == type && memo->mode == mode;
}
static inline uint8_t *tfr_context_recall(struct tfr_context *ctx, const void *part,
                                          const struct tfr_sym *type, uint8_t mode, bool *known)
{
    struct tfr_type_memo *memo = tfr_context_memo(ctx, part, type);

    *known = tfr_memo_is_of(memo, part, type, mode);
    if (!*known)
        *memo = (struct tfr_type_memo){ part, type, mode, TFR_ANSWER_NO };
    return &memo->answer;
}
/* tfr_type_set_has(), remembered. @param types of the policy's program */
bool tfr_context_has_type(struct tfr_context *ctx, const struct tfr_type_set *types,
                          const struct tfr_resource *resource, const char *provider);
/* What analysers are given, but for the environment. */
struct tfr_input tfr_context_input(struct tfr_context *ctx);
/* The same with scratch memory that lasts as long as the document: for what is
 * found out once. */
struct tfr_input tfr_context_keep(const struct tfr_input *in);
/* Finds something out about an object. Arena of `in->scratch`, never NULL. */
typedef const void *tfr_find(const struct tfr_input *in, const struct tfr_resource *resource);
/* What was found out about an object, or is now. It lasts as long as the document. */
const void *tfr_context_find(const struct tfr_input *in, struct tfr_found *found,
                             const struct tfr_resource *resource, tfr_find *find);

/* What is there after the apply. Checkov does not look at providers that a module configures. */
static inline bool tfr_context_sees(const struct tfr_context *ctx,
                                    const struct tfr_resource *resource)
{
    return tfr_resource_is_live(resource) &&
           (ctx->mode != TFR_MODE_CHECKOV || resource->mode != TFR_PROVIDER ||
            resource->module == NULL);
}

/* A list with exactly one map is that map, as Checkov sees it; checkov_view.c marks lists that are
 * not opened with `truth`. */
static inline bool tfr_value_collapses(const struct tfr_value *value)
{
    return value->kind == TFR_LIST && value->count == 1 && !value->truth &&
           value->items[0].kind == TFR_OBJECT;
}
static inline const struct tfr_value *tfr_value_collapsed(const struct tfr_value *value)
{
    return tfr_value_collapses(value) ? &value->items[0] : value;
}

/* What a path looks into. */
static inline const struct tfr_value *tfr_subject_side(const struct tfr_subject *subject,
                                                       enum tfr_side side)
{
    if (side == TFR_SIDE_BEFORE)
        return &subject->resource->before;
    return side == TFR_SIDE_AFTER ? &subject->resource->after : subject->values;
}
/* attribute_find.c: the values at a path. */
struct tfr_matches {
    const struct tfr_value **at; /* scratch */
    uint32_t count;
    bool parent_unknown; /* something above the path is unknown: whether it exists cannot be told */
    bool broken;         /* Checkov would have raised an exception on the way */
};
void tfr_attribute_find(struct tfr_context *ctx, const struct tfr_subject *subject,
                        const struct tfr_path *path, struct tfr_matches *out);
/* jsonpath_find.c: the same for a JSONPath; what is unknown on the way is one more, unknown match.
 */
void tfr_jsonpath_find(struct tfr_context *ctx, const struct tfr_resource *resource,
                       const struct tfr_value *root, const struct tfr_path *path,
                       struct tfr_matches *out);
/* A text that begins as JSON does. */
bool tfr_value_looks_like_json(const struct tfr_value *value);
/* What a JSON text holds; other values as they are. */
const struct tfr_value *tfr_attribute_enter(struct tfr_context *ctx, const struct tfr_value *value);
/* The first match, or tfr_absent. */
const struct tfr_value *tfr_attribute_first(struct tfr_context *ctx,
                                            const struct tfr_subject *subject,
                                            const struct tfr_path *path);
/* The same of what was, or of what will be, whatever the path says. */
const struct tfr_value *tfr_attribute_side(struct tfr_context *ctx,
                                           const struct tfr_subject *subject,
                                           const struct tfr_path *path, enum tfr_side side);
/* attribute.c. What will decide an unknown value: the reference, or the path itself. Never NULL. */
const char *tfr_attribute_because(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_path *path);
/* True of an attribute of a new object that the configuration does not write: while its value is
 * not known, the platform has yet to fill it in. */
bool tfr_attribute_is_unset(struct tfr_context *ctx, const struct tfr_subject *subject,
                            const struct tfr_path *path);
struct tfr_truth tfr_attribute_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                     const struct tfr_condition *leaf);
/* True if all matches of its path have to satisfy a condition: of others one is enough. */
static inline bool tfr_attribute_asks_all(const struct tfr_condition *leaf)
{
    return leaf->path->jsonpath ||
           (leaf->op == TFR_OP_CONTAINS && leaf->negate && leaf->path->star);
}
/* One operator on one known value. */
struct tfr_truth tfr_operator_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                    const struct tfr_condition *leaf,
                                    const struct tfr_value *value);
/* A text as a value. Scratch; borrows the text. */
const struct tfr_value *tfr_text_value(struct tfr_context *ctx, const char *text);
/* checkov_truth.c: the same for any value, in Checkov's mode. */
struct tfr_truth tfr_checkov_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf, const struct tfr_value *value);
/* True if its path, or what lies above it, is a text that Checkov has not worked out: `out` is open
 * then. */
bool tfr_checkov_is_open(struct tfr_context *ctx, const struct tfr_subject *subject,
                         const struct tfr_condition *leaf, struct tfr_truth *out);
/* checkov_changes.c: whether an attribute is the same before and after for Checkov. */
bool tfr_checkov_is_same(const struct tfr_value *before, const struct tfr_value *after);
/* checkov_edges.c: the object that Checkov links for an edge that leaves an object: one for each
 * reference. NULL if there is none for it. */
const struct tfr_resource *tfr_checkov_end(struct tfr_context *ctx, const struct tfr_resource *from,
                                           const struct tfr_edge *edge);
/* Ends what was found out for it; NULL is nothing. */
void tfr_targets_free(struct tfr_targets *targets);
/* checkov_written.c: the same. */
void tfr_told_free(struct tfr_told *all);
/* checkov_text.c: true if it finds something in a text that is to be worked out, as in `${a}`. */
bool tfr_checkov_has_variable(const char *text);
/* path_member.c: the member of an object whose name is the text of these steps of a path; NULL if
 * there is none. A name is looked up once for a policy, then pointers are compared. */
const struct tfr_value *tfr_path_member(struct tfr_context *ctx, const struct tfr_path *path,
                                        uint32_t first, uint32_t last,
                                        const struct tfr_value *object);

/* What a condition said of the member at its path when it was asked last. */
struct tfr_said {
    struct tfr_value of; /* absent: nothing yet */
    bool yes;
};
/* Most paths have one step: nothing is to be walked. @param root what it looks into */
static inline bool tfr_path_is_member(const struct tfr_path *path, const struct tfr_value *root)
{
    return path->step_count == 1 && root->kind == TFR_OBJECT && !path->jsonpath &&
           path->text[0] != '_';
}
/* The member that such a path leads to, and what was said. */
const struct tfr_value *tfr_path_only_member(struct tfr_context *ctx, const struct tfr_path *path,
                                             const struct tfr_value *object,
                                             struct tfr_said **said);

/* True if a path leads into an attribute of the name of its first steps, and nowhere else. */
bool tfr_path_is_of_names(const struct tfr_path *path);
/* Sets the bits of all names that such a path may begin with. */
void tfr_path_first_names(struct tfr_context *ctx, const struct tfr_path *path, uint64_t *bits);
/* True unless it is sure that a path leads into none of these attributes of an object. */
bool tfr_path_may_enter(struct tfr_context *ctx, const struct tfr_path *path,
                        const struct tfr_differing *attributes);

/* The member that a path of configuration begins with. Names are compared as pointers: a document
 * has them once. */
const struct tfr_value *tfr_path_root(const struct tfr_document *document,
                                      const struct tfr_value *object, const struct tfr_sym *path);

/* "true" and "false" as the booleans that they are for policies; in Checkov's mode the view has
 * done it where Checkov does. */
static inline struct tfr_value tfr_context_value(const struct tfr_context *ctx,
                                                 const struct tfr_value *value)
{
    return ctx->mode == TFR_MODE_CHECKOV ? *value : tfr_python_value(value);
}

/* checkov_view.c: what Checkov's reader leaves of an object's values. */
struct tfr_views *tfr_views_new(const struct tfr_document *document);
void tfr_views_free(struct tfr_views *views);
const struct tfr_value *tfr_checkov_view(struct tfr_context *ctx,
                                         const struct tfr_resource *resource);
/* False, zero, empty or not known: what Python takes for nothing. A map never is, as it holds where
 * it stands. */
bool tfr_checkov_is_falsy(const struct tfr_value *value);
/* The same before lists were opened: every value stands in a list. A path that begins with `..`
 * meets both. Scratch. */
const struct tfr_value *tfr_checkov_config(struct tfr_context *ctx,
                                           const struct tfr_resource *resource);

/* change.c, graph_condition.c, lists.c */
struct tfr_truth tfr_change_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                  const struct tfr_change_condition *change);
/* True if it is false of an attribute that is the same before and after. */
bool tfr_change_is_of_difference(const struct tfr_change_condition *change);
/* What a plan does to an object: bits of enum tfr_change_word. */
uint16_t tfr_change_words(const struct tfr_resource *resource);
struct tfr_truth tfr_graph_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_graph_condition *graph);
/* A reference of a live object that leads nowhere, whose attribute is unknown: perhaps an edge. */
struct tfr_open {
    const struct tfr_unresolved *reference; /* with a path */
    const struct tfr_resource *resource;    /* providers too */
};
/* All of the document, in their order. Kept. */
const struct tfr_open *tfr_context_open(struct tfr_context *ctx, uint32_t *count);
/* True if a live object has an unknown attribute behind a reference that leads nowhere: it might
 * use anything. */
bool tfr_context_is_open(struct tfr_context *ctx);
const struct tfr_type_row *tfr_type_list_row(const struct tfr_type_list *list, const char *type);
bool tfr_type_list_has(const struct tfr_type_list *list, const char *type);
/* The tags that hold for this object, NULL if its type is not in the list. */
const char *const *tfr_type_row_tags(const struct tfr_type_row *row,
                                     const struct tfr_value *values);
/* What a condition on the class says of all objects of a type. Remembered. */
enum tfr_type_answer tfr_class_of_type(struct tfr_context *ctx, const struct tfr_sym *type,
                                       const struct tfr_condition *leaf);
struct tfr_truth tfr_class_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_condition *leaf);
/* What a list says of a type, the user's own types among them: tfr_config_type_row(), remembered.
 */
const struct tfr_type_row *tfr_context_type_row(struct tfr_context *ctx,
                                                const struct tfr_type_list *list,
                                                const struct tfr_sym *type);
struct tfr_truth tfr_guarded_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                   const struct tfr_condition *leaf);

/* condition.c: one loop over a tree. An empty block is true. */
struct tfr_truth tfr_block_truth(struct tfr_context *ctx, const struct tfr_subject *subject,
                                 const struct tfr_block *block);
/* gate.c: true if an `or` is false of a change, as none of the attributes that it is about differs.
 */
bool tfr_gate_is_shut(struct tfr_context *ctx, const struct tfr_subject *subject,
                      const struct tfr_block *block);
/* The changes that it can be true of: bits of enum tfr_change_word, all of them for any object.
 * Checkov looks at no changes. */
uint16_t tfr_block_words(const struct tfr_block *block);
struct tfr_truth tfr_truth_not(struct tfr_truth truth);

static inline struct tfr_truth tfr_truth_of(bool yes)
{
    return (struct tfr_truth){ yes ? TFR_YES : TFR_NO, NULL };
}

#endif
