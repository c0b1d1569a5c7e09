/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a policy file becomes: plain data without a pointer to anything that must be made at start.
 * The loader builds it in an arena; the build writes the same structs as `static const`
 * initialisers (emit.c), so the catalogue costs nothing at start.
 *
 * A condition tree is an array in postfix order: the kids of a node stand before it, `size` counts
 * its subtree. Evaluation is one loop over the array. Example  and(A, not(B)):   A size 1 | B size
 * 1 | not size 2 | and size 4. `up` leads from a kid that decides to the node that it decides.
 */
#ifndef TFR_POLICIES_PROGRAM_H
#define TFR_POLICIES_PROGRAM_H

#include "policies/policies.h"

enum tfr_condition_kind {
    TFR_COND_AND,
    TFR_COND_OR,
    TFR_COND_NOT,
    TFR_COND_ATTRIBUTE,
    TFR_COND_CONNECTION,
    TFR_COND_FILTER,
    TFR_COND_RESOURCE,
    TFR_COND_ANY,
    TFR_COND_CHANGE,
    TFR_COND_GRAPH,
    TFR_COND_CLASS,
    TFR_COND_GUARDED,
    TFR_COND_ANALYSER,
};

/* Operators of attribute conditions; the negative forms are the same with `negate`. */
enum tfr_operator {
    TFR_OP_EQUALS,
    TFR_OP_EQUALS_IGNORE_CASE,
    TFR_OP_REGEX_MATCH,
    TFR_OP_EXISTS,
    TFR_OP_ANY,
    TFR_OP_CONTAINS,
    TFR_OP_WITHIN,
    TFR_OP_STARTING_WITH,
    TFR_OP_ENDING_WITH,
    TFR_OP_GREATER_THAN,
    TFR_OP_GREATER_THAN_OR_EQUAL,
    TFR_OP_LESS_THAN,
    TFR_OP_LESS_THAN_OR_EQUAL,
    TFR_OP_SUBSET,
    TFR_OP_IS_EMPTY,
    TFR_OP_LENGTH_EQUALS,
    TFR_OP_LENGTH_GREATER_THAN,
    TFR_OP_LENGTH_GREATER_THAN_OR_EQUAL,
    TFR_OP_LENGTH_LESS_THAN,
    TFR_OP_LENGTH_LESS_THAN_OR_EQUAL,
    TFR_OP_IS_TRUE,
    TFR_OP_INTERSECTS,
    TFR_OP_RANGE_INCLUDES,
    TFR_OP_WORDS_EQUALS,
    TFR_OP_WORDS_GREATER_THAN,
    TFR_OP_WORDS_GREATER_THAN_OR_EQUAL,
    TFR_OP_WORDS_LESS_THAN,
    TFR_OP_WORDS_LESS_THAN_OR_EQUAL,
    TFR_OP_CIDR_SUBSET,
    TFR_OP_ONE_EXISTS, /* of connections only */
};

/* Which value of a subject a path looks into. */
enum tfr_side { TFR_SIDE_CURRENT, TFR_SIDE_BEFORE, TFR_SIDE_AFTER };

enum tfr_step_kind { TFR_STEP_NAME, TFR_STEP_INDEX, TFR_STEP_STAR };
struct tfr_step {
    uint16_t at, len; /* bytes of the path's text */
    uint8_t kind;     /* enum tfr_step_kind */
};
struct tfr_path {
    const char *text; /* without before: or after: */
    const struct tfr_step *steps;
    uint16_t step_count;
    uint8_t side; /* enum tfr_side */
    bool star;    /* one of the steps is a star */
    bool jsonpath;
    uint32_t slot; /* the first of its tfr_path_slots(); each path of a policy has its own */
};

/* A path asks for members by the text of one or more of its steps: as many ways as there are pairs
 * of a first and a last step. */
static inline uint32_t tfr_path_slots(uint32_t step_count)
{
    return step_count * (step_count + 1) / 2;
}

/* Types that a condition names: plain names, lists already written out, sorted, each once. */
struct tfr_type_set {
    const char *const *names;
    uint32_t count;
    bool all;        /* everything (of the provider, if one is named) */
    bool taggable;   /* everything that has a `tags` or `labels` attribute */
    uint8_t classes; /* types of the user that hold state: bit 0 for class D1 ... bit 4 for D5 */
    const char *const *checkov; /* what Checkov reads in place of the names; NULL: the same */
    uint32_t checkov_count;
    bool scoped; /* of a union: a condition names no types, which Checkov reads as all of the scope
                  */
};

/* One file of policies/data/. */
struct tfr_guard {
    const char *path;
    struct tfr_value value;
};
struct tfr_type_row {
    const char *type;
    const char *const *tags; /* ends with NULL */
    const char *unless;      /* attribute, or NULL */
    const char *const *unless_tags;
    const struct tfr_guard *guards;
    uint32_t guard_count;
};
struct tfr_type_list {
    const char *name;
    const struct tfr_type_row *rows; /* sorted by type */
    uint32_t count;
    /* Of a built-in list that says nothing of its types, `rows` is NULL: fields of `width` bytes
     * with a type in each, which cost nothing until somebody looks. */
    uint32_t width;
    const char *types;
};
static inline const char *tfr_type_list_type(const struct tfr_type_list *list, uint32_t index)
{
    return list->rows != NULL ? list->rows[index].type : list->types + (size_t)index * list->width;
}

/* Bits of struct tfr_change_condition.actions. */
enum tfr_change_word {
    TFR_CHANGE_CREATE = 1 << 0,
    TFR_CHANGE_UPDATE = 1 << 1,
    TFR_CHANGE_DELETE = 1 << 2,
    TFR_CHANGE_DELETE_CREATE = 1 << 3,
    TFR_CHANGE_CREATE_DELETE = 1 << 4,
    TFR_CHANGE_FORGET = 1 << 5,
    TFR_CHANGE_NO_OP = 1 << 6,
    TFR_CHANGE_READ = 1 << 7,
    TFR_CHANGE_IMPORT = 1 << 8,
    TFR_CHANGE_MOVE = 1 << 9,
    TFR_CHANGE_TAINTED = 1 << 10, /* no word of policies: what `tainted: true` can be true of */
};
#define TFR_CHANGE_REPLACE (TFR_CHANGE_DELETE_CREATE | TFR_CHANGE_CREATE_DELETE)
#define TFR_CHANGE_DESTROY (TFR_CHANGE_DELETE | TFR_CHANGE_REPLACE)
/* Beside what is done to an object, which is one of the others. */
#define TFR_CHANGE_BESIDE (TFR_CHANGE_IMPORT | TFR_CHANGE_MOVE | TFR_CHANGE_TAINTED)

/* Bits of struct tfr_change_condition.how. */
enum tfr_change_how {
    TFR_HOW_CHANGED = 1 << 0,
    TFR_HOW_DECREASED = 1 << 1,
    TFR_HOW_INCREASED = 1 << 2,
    TFR_HOW_REMOVED = 1 << 3,
    TFR_HOW_ADDED = 1 << 4,
};

struct tfr_change_condition {
    uint16_t actions; /* 0: not asked */
    uint8_t how;
    uint8_t deposed, tainted, moved, importing; /* enum tfr_tristate */
    const char *const *reasons;                 /* ends with NULL; NULL: not asked */
    const char *const *replaced_by;             /* the same */
    const struct tfr_path *path;                /* NULL: none of the attribute forms */
    struct tfr_value was, became, weaker;       /* absent: not asked */
};

struct tfr_block {
    const struct tfr_condition *at; /* postfix; the root is the last one */
    uint32_t count;                 /* 0: no condition */
};

enum tfr_graph_operator {
    TFR_GRAPH_UNREFERENCED,
    TFR_GRAPH_DEPENDANTS,
    TFR_GRAPH_DEPENDENCIES,
    TFR_GRAPH_REACHABLE,
    TFR_GRAPH_DISTINCT,
    TFR_GRAPH_JOINED,
};

struct tfr_graph_condition {
    uint8_t op;        /* enum tfr_graph_operator */
    uint8_t direction; /* enum tfr_direction */
    uint32_t depth;
    uint32_t at_least, at_most; /* at_most UINT32_MAX: no bound */
    struct tfr_type_set types;
    const char *const *paths;    /* ends with NULL; NULL: any */
    const struct tfr_path *path; /* attribute */
    const struct tfr_path *other;
    struct tfr_block where;
};

struct tfr_param {
    const char *key, *value;
};

struct tfr_condition {
    uint8_t kind; /* enum tfr_condition_kind */
    uint8_t op;   /* enum tfr_operator */
    bool negate;
    uint16_t actions; /* changes that it can be true of (enum tfr_change_word); 0: of any object */
    uint32_t size;    /* nodes of the subtree, this one included */
    uint32_t up;      /* places from here to the node that it stands in; 0: the root */
    struct tfr_type_set types, other_types;
    const struct tfr_path *path;
    struct tfr_value value;
    struct tfr_value unset; /* what the platform takes where nobody sets the attribute; absent: it
                               is not known */
    const struct tfr_change_condition *change;
    const struct tfr_graph_condition *graph;
    const struct tfr_type_list *list;
    const char *name; /* of the analyser */
    const struct tfr_param *params;
    uint32_t param_count;
};

enum tfr_field {
    TFR_FIELD_TEXT,
    TFR_FIELD_ADDRESS,
    TFR_FIELD_TYPE,
    TFR_FIELD_NAME,
    TFR_FIELD_MODULE,
    TFR_FIELD_ACTION,
    TFR_FIELD_REASON,
    TFR_FIELD_PREVIOUS_ADDRESS,
    TFR_FIELD_REPLACE_PATHS,
    TFR_FIELD_BECAUSE,
    TFR_FIELD_CLASS,
    TFR_FIELD_DATA,
    TFR_FIELD_ATTRIBUTE,
};
struct tfr_template_part {
    uint8_t field;    /* enum tfr_field */
    const char *text; /* TFR_FIELD_TEXT */
    const struct tfr_path *path;
};

struct tfr_adjust {
    struct tfr_block when;
    uint8_t lower; /* levels; used when has_severity is false */
    bool has_severity;
    uint8_t severity[TFR_ENVIRONMENT_COUNT];
    const char *note;
};

enum tfr_objects {
    TFR_OBJECTS_LIVE,
    TFR_OBJECTS_GONE,
    TFR_OBJECTS_ALL,
    TFR_OBJECTS_DEPOSED,
    TFR_OBJECTS_DRIFT
};

struct tfr_program {
    struct tfr_block definition;
    struct tfr_block when;
    struct tfr_type_set subjects; /* the types of the definition, or all */
    bool violation;               /* true of the definition is a finding */
    bool connected;  /* a connection stands in it: result sets, not one object at a time */
    uint8_t objects; /* enum tfr_objects */
    bool plans, states;
    bool cosmetic; /* a P1 of it may be proven cosmetic: combine.c */
    const char *const
        *suppresses; /* ids whose finding on the same subject becomes evidence; or NULL */
    const char *const *suppresses_when_cosmetic; /* the same, once it is proven cosmetic */
    const char *provider;                        /* scope.provider, or NULL */
    const struct tfr_adjust *adjust;
    uint32_t adjust_count;
    const struct tfr_template_part *message;
    uint32_t message_count; /* 0: the title */
    uint32_t path_slots;    /* of all its paths */
};

/* What the build made of policies/catalog/ and policies/data/. */
extern const struct tfr_policy *const tfr_builtin_policies[];
extern const uint32_t tfr_builtin_policy_count;
extern const struct tfr_type_list *const tfr_builtin_lists[];
extern const uint32_t tfr_builtin_list_count;
/* builtin.c: policies/data/NAME.yaml; an empty list if there is none. */
const struct tfr_type_list *tfr_builtin_list(const char *name);

#endif
