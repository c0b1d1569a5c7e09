/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Objects by type, so that a policy looks at those of its types only: managed resources, data
 * sources, and configurations of providers (provider.aws). Made once per document.
 */
#ifndef TFR_POLICIES_INDEX_H
#define TFR_POLICIES_INDEX_H

#include "policies/analyser.h"
#include "policies/program.h"

struct tfr_type_index;

/* @param config types of the user that hold state, or NULL
 * @return yours, end it with tfr_type_index_free(); borrows both */
struct tfr_type_index *tfr_type_index_new(const struct tfr_document *document,
                                          const struct tfr_config *config);
void tfr_type_index_free(struct tfr_type_index *index);
/* Says how the next policy is answered: Checkov reads some names of types in a way of its own. */
void tfr_type_index_set_mode(struct tfr_type_index *index, enum tfr_policy_mode mode);
/* Those of one type: "aws_x", "data.aws_x", "provider.aws"; "provider" for those of all providers.
 * In document order. */
struct tfr_resource_run tfr_type_index_get(const struct tfr_type_index *index, const char *type);
/* The first live instance of a block, in document order; NULL if there is none. Found when the
 * first is asked for: few documents need it. */
const struct tfr_resource *tfr_type_index_first(struct tfr_type_index *index,
                                                const struct tfr_sym *block);
/* Those of a set of types, in document order, each once. Arena of `scratch`, or borrowed from the
 * index. */
struct tfr_resource_run tfr_type_index_select(const struct tfr_type_index *index,
                                              const struct tfr_type_set *types,
                                              const char *provider, struct tfr_arena *scratch);
/* All objects of the document, data sources and providers too, each address once. */
struct tfr_resource_run tfr_all_objects(const struct tfr_document *document,
                                        struct tfr_arena *scratch);
/* The place of a change or of a provider's object, each has its own; SIZE_MAX for other objects. */
static inline size_t tfr_object_place(const struct tfr_document *document,
                                      const struct tfr_resource *resource)
{
    const struct tfr_resources *changes = &document->changes;
    const struct tfr_resources *providers = &document->provider_objects;

    if (changes->count > 0 && resource >= changes->at && resource < changes->at + changes->count)
        return (size_t)(resource - changes->at);
    if (providers->count > 0 && resource >= providers->at &&
        resource < providers->at + providers->count)
        return changes->count + (size_t)(resource - providers->at);
    return SIZE_MAX;
}
/* How many places there are. */
size_t tfr_object_places(const struct tfr_document *document);
/* The names of a set as this mode has them. */
const char *const *tfr_type_set_names(const struct tfr_type_index *index,
                                      const struct tfr_type_set *types, uint32_t *count);
/* True if these are all objects of the document, because Checkov reads no types at all. */
bool tfr_type_set_is_everything(const struct tfr_type_index *index,
                                const struct tfr_type_set *types, const char *provider);
/* True if Checkov adds all types of the scope, which it has a list for. */
bool tfr_type_set_has_scope(const struct tfr_type_index *index, const struct tfr_type_set *types,
                            const char *provider);
/* True if the resource's type is in the set. */
bool tfr_type_set_has(const struct tfr_type_index *index, const struct tfr_type_set *types,
                      const struct tfr_resource *resource, const char *provider);

#endif
