/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_GRAPH_CONFIG_H
#define TFR_GRAPH_CONFIG_H

#include "graph/build.h"
#include "graph/refs.h"

/* How the instance of the target is chosen. */
enum tfr_match {
    TFR_MATCH_ALL,
    TFR_MATCH_LITERAL, /* a key is written: aws_x.y[0], module.m["a"] */
    TFR_MATCH_PAIR,    /* [each.key] or [count.index]: the same key as the referrer */
};

/* A reference array that is to be followed in a module. */
struct tfr_ref_work {
    const struct tfr_config_module *module;
    const struct tfr_sym *const *references;
    uint32_t count;
    uint32_t scope;                /* module steps that referrer and target share by now */
    enum tfr_match match;          /* of the module step that was taken last */
    uint32_t match_step;           /* which step of the target's module path it chooses by */
    uint32_t pair_step;            /* TFR_MATCH_PAIR: the referrer's module step, or TFR_OWN_KEY */
    const struct tfr_sym *literal; /* TFR_MATCH_LITERAL: brackets and all */
    const struct tfr_sym *as_written;
    bool depends_on; /* entries are whole subjects: module.m means everything in it */
};

#define TFR_OWN_KEY UINT32_MAX

/* What is followed for one expression of one block. */
struct tfr_ref_walk {
    struct tfr_graph_builder *builder;
    const struct tfr_sym *from_block; /* block whose instances refer; NULL: `from` is one node */
    tfr_node_id from;
    uint32_t own_scope; /* module steps of the referrer */
    enum tfr_origin origin;
    const struct tfr_sym *path;
    struct tfr_ref_work *todo;
    size_t todo_count, todo_cap;
    uint32_t budget; /* steps left: a guard against cycles, which no valid configuration has */
};

/** Module calls around it. */
uint32_t tfr_config_depth(const struct tfr_config_module *module);
/** The absolute name of something that a module names. */
const struct tfr_sym *tfr_config_absolute(struct tfr_graph *graph,
                                          const struct tfr_config_module *module, const char *text,
                                          size_t len);
/** The call that a reference names, NULL if there is none. */
const struct tfr_config_call *tfr_config_find_call(const struct tfr_config_module *module,
                                                   const struct tfr_ref *ref);

/** config_link.c: edges from the referrer to the instances of a block. @param own_key the key that
 * chooses is the block's own, not that of a module step */
void tfr_link_block(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                    const struct tfr_sym *block, bool own_key);
/** Edges from the referrer to one node. */
void tfr_link_node(const struct tfr_ref_walk *walk, const struct tfr_ref_work *work,
                   tfr_node_id to);
/** A reference of the referrer leads nowhere. */
void tfr_link_nowhere(const struct tfr_ref_walk *walk, const struct tfr_sym *reference);

/** config_follow.c: follows an expression of the referrer, or its depends_on, from a module on. */
void tfr_follow(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                const struct tfr_expression *expression);
void tfr_follow_depends_on(struct tfr_ref_walk *walk, const struct tfr_config_module *module,
                           const struct tfr_config_module *owner, struct tfr_paths depends_on);

/** Adds an unresolved reference for each block of an instance that is partly unknown and that no
 * expression is about: `dynamic` does not show in the document. */
void tfr_hide_dynamic(struct tfr_graph_builder *builder, const struct tfr_sym *block,
                      const struct tfr_config_resource *resource);
/** The same for every unknown attribute of a plan without configuration. */
void tfr_hide_all(struct tfr_graph_builder *builder);

#endif
