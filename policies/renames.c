/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/renames.h"

#include "policies/likeness.h"
#include "policies/lookup.h"

#include <string.h>

/* Objects made that one deleted object is held against, so that the cost stays linear. */
#define CANDIDATES 64
/* Attributes that name an object in its service. The first one that has a value does. */
static const char *const identities[] = { "identifier",
                                          "cluster_identifier",
                                          "replication_group_id",
                                          "cluster_id",
                                          "bucket",
                                          "function_name",
                                          "family",
                                          "domain_name",
                                          "table_name",
                                          "repository_name",
                                          "db_name",
                                          "alarm_name",
                                          "dashboard_name",
                                          "fqdn",
                                          "name" };
#define IDENTITIES (sizeof identities / sizeof identities[0])

struct look {
    const struct tfr_input *in;
    struct tfr_findings_builder *out;
    struct tfr_lookup *made; /* live new objects by what make_key() writes */
    struct tfr_buf key;
    struct tfr_likely *likely; /* all new objects, from the last to the first */
    size_t count;
    struct tfr_likely **by_type; /* the first one of each type, by number of its name */
    uint32_t type_count;
    struct tfr_likeness *likeness;
    const struct tfr_sym *identities[IDENTITIES];
    uint8_t *ranks; /* by number of a name: the higher, the earlier in the list; 0: not in it */
    uint32_t rank_count;
};

/* ---- identity ----------------------------------------------------------------------------------
 */

static void find_names(struct look *look)
{
    const struct tfr_names *names = look->in->document->names;

    for (size_t i = 0; i < IDENTITIES; i++) {
        const struct tfr_sym *name = tfr_names_find(names, identities[i], strlen(identities[i]));

        look->identities[i] = name;
        if (name != NULL && name->id >= look->rank_count)
            look->rank_count = name->id + 1;
    }
    look->ranks = tfr_arena_zalloc(look->in->scratch, look->rank_count);
    for (size_t i = 0; i < IDENTITIES; i++) {
        if (look->identities[i] != NULL)
            look->ranks[look->identities[i]->id] = (uint8_t)(IDENTITIES - i);
    }
}

/* @return where it stands in the list, IDENTITIES: nowhere */
static size_t identity_of(const struct look *look, const struct tfr_value *values)
{
    uint8_t best = 0;

    for (uint32_t i = 0; values->kind == TFR_OBJECT && i < values->count; i++) {
        const struct tfr_member member = tfr_member_at(values, i);
        const uint8_t rank = member.name->id < look->rank_count ? look->ranks[member.name->id] : 0;

        if (rank > best && member.value->kind == TFR_STRING)
            best = rank;
    }
    return IDENTITIES - best;
}

/* Type, attribute and value. Until the next one is made. */
static const struct tfr_buf *make_key(struct look *look, const struct tfr_resource *resource,
                                      size_t identity, const struct tfr_value *values)
{
    const struct tfr_value *value = tfr_value_member(values, look->identities[identity]);
    const uint32_t head[] = { resource->type->id, (uint32_t)identity };

    tfr_buf_reset(&look->key);
    tfr_buf_add(&look->key, (const char *)head, sizeof head);
    tfr_buf_add(&look->key, value->text, value->count);
    return &look->key;
}

/* Many things may have one name, each in a place of its own: records of zones, policies of roles.
 */
static bool is_elsewhere(const struct tfr_value *before, const struct tfr_value *after)
{
    static const char *const places[] = { "role",         "user",     "group",
                                          "zone_id",      "type",     "cluster",
                                          "vpc_id",       "bucket",   "rest_api_id",
                                          "api_id",       "project",  "location",
                                          "region",       "zone",     "resource_group_name",
                                          "user_pool_id", "database", "instance",
                                          "namespace",    "path",     "server_id" };

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const struct tfr_value *was = tfr_value_get(before, places[i]);
        const struct tfr_value *is = tfr_value_get(after, places[i]);

        if (was->kind == TFR_STRING && is->kind == TFR_STRING && !tfr_value_equal(was, is))
            return true;
    }
    return false;
}

/* ---- one deleted object ------------------------------------------------------------------------
 */

static bool is_left_out(const struct tfr_resource *resource)
{
    static const char *const reasons[] = {
        "delete_because_no_resource_config", "delete_because_no_module",
        "delete_because_each_key",           "delete_because_count_index",
        "delete_because_wrong_repetition",   "delete_because_no_move_target"
    };

    if (resource->action != TFR_ACTION_DELETE || resource->deposed != NULL || resource->duplicate ||
        resource->mode != TFR_MANAGED)
        return false;
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (tfr_sym_is(resource->action_reason, reasons[i]))
            return true;
    }
    return false;
}

static bool is_made(const struct tfr_resource *resource)
{
    return resource->action == TFR_ACTION_CREATE && !resource->duplicate && !resource->importing &&
           resource->mode == TFR_MANAGED;
}

static const struct tfr_resource *same_identity(struct look *look, const struct tfr_resource *gone,
                                                size_t identity)
{
    const struct tfr_resource *made;
    const struct tfr_buf *key;

    if (identity == IDENTITIES)
        return NULL;
    key = make_key(look, gone, identity, &gone->before);
    made = tfr_lookup_text(look->made, key->data, key->len);
    return made != NULL && !is_elsewhere(&gone->before, &made->after) ? made : NULL;
}

/* Whether the name of the new object is known: then it is another one, unless all the rest agrees.
 */
static bool has_other_name(const struct look *look, size_t identity,
                           const struct tfr_resource *made)
{
    return identity < IDENTITIES &&
           tfr_value_member(&made->after, look->identities[identity])->kind != TFR_UNKNOWN;
}

static const struct tfr_resource *most_like(const struct look *look,
                                            const struct tfr_resource *gone, size_t identity,
                                            bool *too_little)
{
    const uint32_t type = gone->type->id;
    struct tfr_likely *likely = type < look->type_count ? look->by_type[type] : NULL;

    tfr_likeness_begin(look->likeness, &gone->before);
    for (size_t i = 0; likely != NULL && i < CANDIDATES; i++, likely = likely->next) {
        const enum tfr_alike alike = tfr_likeness_of(look->likeness, likely);

        if (alike == TFR_ALIKE)
            return likely->made;
        if (alike == TFR_TOO_LITTLE && !has_other_name(look, identity, likely->made))
            *too_little = true;
    }
    return NULL;
}

static bool is_precious(const struct tfr_resource *resource)
{
    return tfr_input_type_is("stateful", resource->type->text, "D1") ||
           tfr_input_type_is("stateful", resource->type->text, "D2");
}

static void judge(struct look *look, const struct tfr_resource *gone)
{
    static const uint8_t precious[TFR_ENVIRONMENT_COUNT] = { TFR_P0, TFR_P1, TFR_P1 };
    bool too_little = false;
    const size_t identity = identity_of(look, &gone->before);
    const struct tfr_resource *made = same_identity(look, gone, identity);
    const bool same_name = made != NULL;

    if (made == NULL)
        made = most_like(look, gone, identity, &too_little);
    if (made != NULL) {
        tfr_findings_add(look->out, gone,
                         same_name ? "it is deleted, and %s is made with its name"
                                   : "it is deleted, and %s is made just like it",
                         made->address->text);
        if (is_precious(gone))
            tfr_finding_severity(look->out, precious);
        tfr_finding_evidence(look->out, TFR_EVIDENCE_ACTION, made->address->text, NULL, "create");
    } else if (too_little) {
        tfr_findings_undecided(look->out, gone, "the attributes of what is made",
                               "too little is known yet of what is made to say that it is another "
                               "object");
    } else {
        tfr_findings_pass(look->out, gone);
    }
}

static void file_made(struct look *look, const struct tfr_resource *made)
{
    const size_t identity = identity_of(look, &made->after);
    struct tfr_likely **first = &look->by_type[made->type->id];
    struct tfr_likely *likely = &look->likely[look->count++];
    const struct tfr_buf *key;

    *likely = (struct tfr_likely){ .made = made, .next = *first };
    *first = likely;
    if (identity == IDENTITIES)
        return;
    key = make_key(look, made, identity, &made->after);
    *tfr_lookup_place(&look->made, key->data, key->len, look->in->scratch) = made;
}

/* From the last to the first: the first one keeps its name, and stands first in the list of its
 * type. */
static void file_all(struct look *look, const struct tfr_resource_run *changed, uint32_t made)
{
    struct tfr_arena *scratch = look->in->scratch;

    look->likely = tfr_arena_alloc(scratch, ((size_t)made + 1) * sizeof *look->likely);
    look->by_type = tfr_arena_zalloc(scratch, (look->type_count + 1) * sizeof *look->by_type);
    for (uint32_t i = changed->count; i-- > 0;) {
        if (is_made(changed->at[i]))
            file_made(look, changed->at[i]);
    }
}

void tfr_check_renames(const struct tfr_input *in, struct tfr_findings_builder *out)
{
    const struct tfr_resource_run changed = tfr_input_changed(in);
    struct look look = { .in = in, .out = out };
    uint32_t made = 0, left_out = 0;

    for (uint32_t i = 0; i < changed.count; i++) {
        left_out += is_left_out(changed.at[i]);
        if (!is_made(changed.at[i]))
            continue;
        made++;
        if (changed.at[i]->type->id >= look.type_count)
            look.type_count = changed.at[i]->type->id + 1;
    }
    if (left_out == 0)
        return;
    find_names(&look);
    look.likeness = tfr_likeness_new(in->document->names, in->scratch);
    file_all(&look, &changed, made);
    for (uint32_t i = 0; i < changed.count; i++) {
        if (is_left_out(changed.at[i]))
            judge(&look, changed.at[i]);
    }
    tfr_lookup_free(look.made);
    tfr_buf_fini(&look.key);
}
