/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_CONFIG_H
#define TFR_GRAPH_CONFIG_H

#include "graph/build.h"
#include "graph/refs.h"

/* How one instance of something expanded is chosen. */
enum tfr_match {
    TFR_MATCH_ALL,
    TFR_MATCH_LITERAL, /* a key is written: aws_x.y[0], module.m["a"] */
    TFR_MATCH_PAIR,    /* [each.key] or [count.index]: the same key as the referrer */
};

#define TFR_OWN_KEY UINT32_MAX

struct tfr_choice {
    enum tfr_match match;
    uint32_t pair_step;            /* TFR_MATCH_PAIR: the referrer's module step, or TFR_OWN_KEY */
    const struct tfr_sym *literal; /* TFR_MATCH_LITERAL: brackets and all */
};

/* What was chosen at a step of the path to the target, and before that. Steps without are all
 * instances of that module. */
struct tfr_step_choice {
    uint32_t step;
    struct tfr_choice choice;
    const struct tfr_step_choice *before;
};

/* A reference array that is to be followed in a module. */
struct tfr_ref_work {
    const struct tfr_config_module *module;
    const struct tfr_sym *const *references;
    uint32_t count;
    uint32_t scope;                      /* module steps that referrer and target share by now */
    const struct tfr_step_choice *steps; /* those beyond, last first; NULL: none chosen */
    struct tfr_choice each; /* what each.key and count.index mean in these references */
    const struct tfr_sym *as_written;
    bool depends_on; /* entries are whole subjects: module.m means everything in it */
    bool chained;    /* a for_each: over the instances of another block it has their keys */
    bool wide;       /* on the way more was followed than the expression may mean */
};

/* Work that was met for an expression. */
struct tfr_seen {
    struct tfr_ref_work work;
    uint64_t round; /* of the expression: tfr_ref_walk */
};

/* What is followed for one expression of one block. */
struct tfr_ref_walk {
    struct tfr_graph_builder *builder;
    const struct tfr_sym *from_block; /* block whose instances refer; NULL: `from` is one node */
    tfr_node_id from;
    enum tfr_origin origin;
    const struct tfr_sym *path;
    struct tfr_ref_work *todo;
    size_t todo_count, todo_cap;
    uint64_t round;        /* expressions so far */
    struct tfr_seen *seen; /* open addressing; what is of another round is free */
    size_t seen_count, seen_mask;
    struct tfr_arena arena;         /* of step choices, for one expression */
    struct tfr_buf module, address; /* scratch: a path that was put together, and what lies there */
    const struct tfr_sym **own_keys; /* by node: its key; NULL until one is asked for */
    tfr_node_id *found;              /* instances that one referrer means */
    size_t found_count, found_cap;
    size_t found_later;             /* of those how many are there later */
    uint32_t found_group;           /* the group that they are, 0: none */
    const struct tfr_sym *provider; /* the last that was asked for, NULL: none */
    tfr_node_id provider_node;
    uint32_t budget; /* steps left: no valid configuration comes near its end */
};

void tfr_ref_walk_fini(struct tfr_ref_walk *walk);

/** The absolute name of something that a module names. */
const struct tfr_sym *tfr_config_absolute(struct tfr_ref_walk *walk,
                                          const struct tfr_config_module *module, const char *text,
                                          size_t len);
/** The call that a reference names, NULL if there is none. */
const struct tfr_config_call *tfr_config_find_call(const struct tfr_config_module *module,
                                                   const struct tfr_ref *ref);

/** config_keys.c: the key of an instance, brackets and all; NULL if it has none. */
const struct tfr_sym *tfr_own_key(struct tfr_ref_walk *walk, tfr_node_id node);
/** The same of a module step of an object. */
const struct tfr_sym *tfr_module_key(const struct tfr_ref_walk *walk, tfr_node_id node,
                                     uint32_t step);

/** config_link.c: edges from the referrer to the instances of a block of a module. @param text
 * TYPE.NAME in it @param own how the instance's own key is chosen */
void tfr_link_block(struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                    const struct tfr_config_module *module, const char *text, size_t len,
                    struct tfr_choice own);
/** Edges from the referrer to one node that is no resource. */
void tfr_link_node(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                   tfr_node_id to);
/** A reference of the referrer leads nowhere. */
void tfr_link_nowhere(const struct tfr_ref_walk *walk, const struct tfr_sym *reference);
/** What was chosen at a step; TFR_MATCH_ALL if nothing was. */
struct tfr_choice tfr_choice_at(const struct tfr_step_choice *steps, uint32_t step);

/** config_follow.c: follows an expression of the referrer, or its depends_on, from a module on.
 * @param each what each.key means in it */
void tfr_follow(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                const struct tfr_expression *expression, struct tfr_choice each);
/** The same for a for_each; `each` is the key of what it makes. */
void tfr_follow_for_each(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                         const struct tfr_expression *expression, struct tfr_choice each);
void tfr_follow_depends_on(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                           struct tfr_paths depends_on);

/** Remembers the configuration of a block for tfr_hide_dynamic(). */
void tfr_hide_dynamic_later(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                            const struct tfr_config_resource *resource);
/** Adds an unresolved reference for each block of an instance that is partly unknown and that no
 * expression is about: `dynamic` does not show in the document. Wanted when its values are near. */
void tfr_hide_dynamic(struct tfr_graph_builder *builder, tfr_node_id node);
/** The same for every unknown attribute of a plan without configuration. */
void tfr_hide_all(struct tfr_graph_builder *builder);
/** The same for conditions, triggers of replacements and ids of imports, which no document shows.
 */
void tfr_hide_lifecycle(struct tfr_graph_builder *builder);

#endif
