/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One cause, one finding. A policy names the ones it speaks for (`suppresses`): their finding on
 * the same subject, or on a member of it, becomes evidence. A P1 about something that the plan
 * deletes anyway is cosmetic when four facts prove it.
 */
#include "policies/config.h"
#include "policies/context.h"
#include "policies/findings.h"
#include "policies/lookup.h"
#include "policies/program.h"
#include "policies/tables.h"

#include <string.h>

/* ---- findings by policy and address ---- */

struct entry {
    char *key; /* id, newline, address */
    struct tfr_finding *finding;
    UT_hash_handle hh;
};

struct table {
    struct entry *entries;
};

static struct entry *find_entry(struct table *table, const char *key)
{
    struct entry *entry;

    HASH_FIND_STR(table->entries, key, entry);
    return entry;
}

static void add_entry(struct table *table, struct entry *entry)
{
    HASH_ADD_KEYPTR(hh, table->entries, entry->key, strlen(entry->key), entry);
}

static void drop_entry(struct table *table, struct entry *entry)
{
    HASH_DEL(table->entries, entry);
}

static char *make_key(const char *id, const char *address)
{
    const size_t id_len = strlen(id), len = strlen(address);
    char *key = tfr_malloc(id_len + len + 2);

    memcpy(key, id, id_len);
    key[id_len] = '\n';
    memcpy(key + id_len + 1, address, len + 1);
    return key;
}

/* The ids that findings speak for: those of the others need not be found. */
static void speak_for(struct tfr_lookup **spoken, const char *const *ids)
{
    for (; ids != NULL && *ids != NULL; ids++)
        *tfr_lookup_place(spoken, *ids, strlen(*ids), NULL) = *ids;
}

static bool is_spoken_for(const struct tfr_lookup *spoken, const char *id)
{
    return tfr_lookup_text(spoken, id, strlen(id)) != NULL;
}

static void fill_one(struct table *table, struct tfr_finding *finding)
{
    struct entry *entry = tfr_calloc(1, sizeof *entry);

    entry->key = make_key(finding->policy->id, finding->address);
    entry->finding = finding;
    if (find_entry(table, entry->key) == NULL) {
        add_entry(table, entry);
    } else {
        tfr_free(entry->key);
        tfr_free(entry);
    }
}

/* Those of one policy stand together: most policies are not meant, and theirs are many. */
struct run {
    struct tfr_finding *at;
    size_t count;
};

static struct run findings_of(const struct tfr_findings_builder *builder, size_t place)
{
    const struct tfr_findings *findings = builder->out;
    const size_t first = builder->first[place];
    const size_t end =
        place + 1 < findings->policy_count ? builder->first[place + 1] : findings->count;

    return (struct run){ findings->at + first, end - first };
}

static void fill(struct table *table, const struct tfr_findings_builder *builder)
{
    const struct tfr_findings *findings = builder->out;
    struct tfr_lookup *spoken = NULL;

    for (size_t i = 0; i < findings->policy_count; i++) {
        if (findings_of(builder, i).count == 0)
            continue;
        speak_for(&spoken, findings->policies[i]->program->suppresses);
        speak_for(&spoken, findings->policies[i]->program->suppresses_when_cosmetic);
    }
    for (size_t i = 0; i < findings->policy_count && spoken != NULL; i++) {
        const struct run run = findings_of(builder, i);

        if (run.count == 0 || !is_spoken_for(spoken, findings->policies[i]->id))
            continue;
        for (size_t k = 0; k < run.count; k++)
            fill_one(table, &run.at[k]);
    }
    tfr_lookup_free(spoken);
}

static void clear(struct table *table)
{
    while (table->entries != NULL) {
        struct entry *entry = table->entries;

        drop_entry(table, entry);
        tfr_free(entry->key);
        tfr_free(entry);
    }
}

/* ---- speaking for another ---- */

static void take_over(struct tfr_findings_builder *builder, struct tfr_finding *winner,
                      struct tfr_finding *loser)
{
    struct tfr_evidence evidence = { .kind = TFR_EVIDENCE_ACTION, .address = loser->address };

    if (tfr_finding_is_dropped(builder->out, loser) || loser == winner ||
        loser->state == TFR_STATE_UNDECIDED)
        return;
    builder->out->rows[loser->row].result = TFR_SKIPPED;
    tfr_buf_printf(tfr_findings_text(builder), "also %s: %s", loser->policy->id, loser->message);
    evidence.note = tfr_findings_keep(builder);
    tfr_findings_add_evidence(builder, winner, &evidence);
}

static void suppress_at(struct tfr_findings_builder *builder, struct table *table,
                        struct tfr_finding *winner, const char *const *ids, const char *address)
{
    for (; *ids != NULL; ids++) {
        char *key = make_key(*ids, address);
        const struct entry *entry = find_entry(table, key);

        tfr_free(key);
        if (entry != NULL)
            take_over(builder, winner, entry->finding);
    }
}

static void suppress(struct tfr_findings_builder *builder, struct table *table,
                     struct tfr_finding *winner, const char *const *ids)
{
    const char *const *members = winner->members;

    if (ids == NULL || tfr_finding_is_dropped(builder->out, winner) ||
        winner->state == TFR_STATE_UNDECIDED)
        return;
    suppress_at(builder, table, winner, ids, winner->address);
    for (; members != NULL && *members != NULL; members++)
        suppress_at(builder, table, winner, ids, *members);
}

/* What the findings of a policy speak for. */
static void suppress_all(struct tfr_findings_builder *builder, struct table *table, size_t place)
{
    const char *const *ids = builder->out->policies[place]->program->suppresses;
    const struct run run = findings_of(builder, place);

    for (size_t i = 0; ids != NULL && i < run.count; i++)
        suppress(builder, table, &run.at[i], ids);
}

/* ---- the cosmetic rule ---- */

/* Why an object is not proven to be a left-over, NULL when it is. */
static const char *still_refers(const struct tfr_graph *graph, const struct tfr_edge *edge)
{
    const struct tfr_node *from = tfr_graph_node(graph, edge->from);
    char name[256];
    size_t len;

    if (edge->origin != TFR_ORIGIN_VALUE && edge->origin != TFR_ORIGIN_DOCUMENT &&
        edge->origin != TFR_ORIGIN_REFERENCE)
        return NULL;
    if (from->kind == TFR_NODE_OUTPUT)
        return (from->when & TFR_AFTER) != 0 ? "an output names it" : NULL;
    if (from->resource == NULL || !tfr_resource_is_live(from->resource))
        return NULL;
    if (edge->path == NULL)
        return "a live object refers to it";
    len = strcspn(edge->path->text, ".");
    if (len >= sizeof name)
        return "a live object refers to it";
    memcpy(name, edge->path->text, len);
    name[len] = '\0';
    if (tfr_value_equal(tfr_value_get(&from->resource->before, name),
                        tfr_value_get(&from->resource->after, name)))
        return "a live object refers to it";
    if (tfr_value_has_unknown(tfr_value_get(&from->resource->after, name)))
        return "what a live object will refer to is not known yet";
    return NULL;
}

static bool is_disposable(const struct tfr_config *config, const struct tfr_resource *resource)
{
    static const char *const kept[] = { "D1", "D2", "D3" };
    const char *type = resource->type->text;
    const struct tfr_type_row *own = tfr_config_stateful(config, type);

    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (own != NULL ? strcmp(own->tags[0], kept[i]) == 0
                        : tfr_input_type_is("stateful", type, kept[i]))
            return false;
    }
    return true;
}

static bool is_left_over(const struct tfr_findings_builder *builder, tfr_node_id node)
{
    const struct tfr_resource *resource = tfr_graph_node(builder->graph, node)->resource;
    const struct tfr_edges edges = tfr_graph_dependants(builder->graph, node);

    if (resource == NULL || resource->action != TFR_ACTION_DELETE ||
        !is_disposable(builder->config, resource))
        return false;
    for (uint32_t i = 0; i < edges.count; i++) {
        if (still_refers(builder->graph, tfr_edge_at(&edges, i)) != NULL)
            return false;
    }
    return true;
}

static tfr_node_id node_at(const struct tfr_findings_builder *builder, const char *address)
{
    const struct tfr_sym *sym = tfr_names_find(builder->document->names, address, strlen(address));

    return sym != NULL ? tfr_graph_find(builder->graph, sym) : TFR_NO_NODE;
}

static bool all_left_over(const struct tfr_findings_builder *builder,
                          const struct tfr_finding *finding)
{
    const char *const *members = finding->members;

    if (finding->resource != NULL && finding->resource->deposed == NULL) {
        const tfr_node_id node = tfr_graph_node_of(builder->graph, finding->resource);

        return node != TFR_NO_NODE && is_left_over(builder, node);
    }
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        const tfr_node_id node = node_at(builder, members[i]);

        if (node == TFR_NO_NODE || !is_left_over(builder, node))
            return false;
    }
    return members != NULL;
}

static void prove(struct tfr_findings_builder *builder, struct tfr_finding *finding)
{
    static const char *const proof[] = {
        "this plan deletes it, so the apply clears it",
        "no live object refers to it and no output names it",
        "what it holds can be lost: class D4, D5 or none",
        "nothing that could use it is still undecided",
    };

    finding->state = TFR_COSMETIC;
    for (size_t i = 0; i < sizeof proof / sizeof proof[0]; i++) {
        const struct tfr_evidence evidence = { .kind = TFR_EVIDENCE_ABSENCE,
                                               .address = finding->address,
                                               .note = proof[i] };

        tfr_findings_add_evidence(builder, finding, &evidence);
    }
}

static bool may_be_cosmetic(const struct tfr_findings_builder *builder,
                            const struct tfr_finding *finding)
{
    return !tfr_finding_is_dropped(builder->out, finding) && finding->state == TFR_OPEN &&
           finding->severity <= TFR_P1 && all_left_over(builder, finding);
}

/* @return true if any is */
static bool apply_cosmetic_rule(struct tfr_findings_builder *builder)
{
    const struct tfr_findings *findings = builder->out;
    bool any = false;

    for (size_t i = 0; i < findings->policy_count; i++) {
        const struct run run = findings_of(builder, i);

        for (size_t k = 0; findings->policies[i]->program->cosmetic && k < run.count; k++) {
            if (!may_be_cosmetic(builder, &run.at[k]))
                continue;
            /* Whether anything else might use them few plans need to know. */
            if (!any && tfr_context_is_open(builder->ctx))
                return false;
            any = true;
            prove(builder, &run.at[k]);
        }
    }
    return any;
}

/* ---- all of it ---- */

/* Findings that weigh nothing in this environment are not raised; their rows stay. */
static void sweep(struct tfr_findings *findings)
{
    size_t kept = 0;

    for (size_t i = 0; i < findings->count; i++) {
        const struct tfr_finding *finding = &findings->at[i];

        if (tfr_finding_is_dropped(findings, finding) || finding->severity == TFR_SEVERITY_NONE)
            continue;
        if (kept < i)
            findings->at[kept] = *finding;
        kept++;
    }
    findings->count = kept;
}

void tfr_findings_combine(struct tfr_findings_builder *builder)
{
    struct tfr_findings *findings = builder->out;
    struct table table = { NULL };

    if (findings->count == 0)
        return;
    fill(&table, builder);
    for (size_t i = 0; i < findings->policy_count; i++)
        suppress_all(builder, &table, i);
    if (builder->graph != NULL && apply_cosmetic_rule(builder)) {
        for (size_t i = 0; i < findings->count; i++) {
            struct tfr_finding *finding = &findings->at[i];

            if (finding->state == TFR_COSMETIC)
                suppress(builder, &table, finding,
                         finding->policy->program->suppresses_when_cosmetic);
        }
    }
    clear(&table);
    tfr_findings_seal(builder);
    sweep(findings);
}
