/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_POLICIES_MEANT_H
#define TFR_POLICIES_MEANT_H

#include "policies/context.h"

/**
 * What refers to an object need not use it: of `on ? x.arn : null` the value may be null, a
 * reference may mean any instance of a block, and a state says of blocks alone that they come
 * first. True if such edges lead from one object to another and no others do, and known values tell
 * that it is not meant: they are empty, or name others in its place, in the same attribute one of
 * the same type or, for what the state says, an instance of the same block.
 */
bool tfr_is_ruled_out(struct tfr_context *ctx, tfr_node_id from, tfr_node_id to);

#endif
