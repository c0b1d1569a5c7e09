/* SPDX-License-Identifier: Apache-2.0 */
/* The facts of a document as the member `facts` of its line. */
#include "report/audit.h"

static void hash(yajl_gen gen, uint64_t value)
{
    static const char digits[] = "0123456789abcdef";
    char text[17] = "";

    for (size_t i = 16; i-- > 0; value >>= 4)
        text[i] = digits[value & 15];
    tfr_gen_key(gen, text);
}

/* [address, hash of type and identity, of the identity, of the id] */
static void write_objects(yajl_gen gen, const struct tfr_facts *facts, bool is_plan)
{
    tfr_gen_open_list(gen, is_plan ? "destroyed" : "objects");
    for (size_t i = 0; i < facts->object_count; i++) {
        const struct tfr_identity_fact *fact = &facts->objects[i];

        tfr_gen_open_list(gen, NULL);
        tfr_gen_key(gen, fact->address);
        hash(gen, fact->object);
        hash(gen, fact->identity);
        if (fact->id != 0)
            hash(gen, fact->id);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close_list(gen);
}

/* [address, hash] */
static void write_uses(yajl_gen gen, const struct tfr_facts *facts)
{
    tfr_gen_open_list(gen, "uses");
    for (size_t i = 0; i < facts->use_count; i++) {
        tfr_gen_open_list(gen, NULL);
        tfr_gen_key(gen, facts->uses[i].address);
        hash(gen, facts->uses[i].identity);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close_list(gen);
}

/* [address, hash, made by this plan] */
static void write_names(yajl_gen gen, const struct tfr_facts *facts)
{
    tfr_gen_open_list(gen, "names");
    for (size_t i = 0; i < facts->name_count; i++) {
        tfr_gen_open_list(gen, NULL);
        tfr_gen_key(gen, facts->names[i].address);
        hash(gen, facts->names[i].name);
        (void)yajl_gen_bool(gen, facts->names[i].made);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close_list(gen);
}

/* [address, range] */
static void write_networks(yajl_gen gen, const struct tfr_facts *facts)
{
    tfr_gen_open_list(gen, "networks");
    for (size_t i = 0; i < facts->network_count; i++) {
        tfr_gen_open_list(gen, NULL);
        tfr_gen_key(gen, facts->networks[i].address);
        tfr_gen_key(gen, facts->networks[i].range);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close_list(gen);
}

/* [address, place, names of outputs...] */
static void write_remotes(yajl_gen gen, const struct tfr_facts *facts)
{
    tfr_gen_open_list(gen, "remote_states");
    for (size_t i = 0; i < facts->remote_count; i++) {
        const struct tfr_remote_fact *fact = &facts->remotes[i];

        tfr_gen_open_list(gen, NULL);
        tfr_gen_key(gen, fact->address);
        tfr_gen_key(gen, fact->place);
        for (size_t k = 0; k < fact->output_count; k++)
            tfr_gen_key(gen, fact->outputs[k]);
        tfr_gen_close_list(gen);
    }
    tfr_gen_close_list(gen);
}

void tfr_facts_write(yajl_gen gen, const struct tfr_document *document)
{
    const bool is_plan = document->kind == TFR_PLAN;
    struct tfr_arena arena = { 0 };
    struct tfr_facts facts;

    tfr_facts_of(document, &arena, &facts);
    tfr_gen_open(gen, "facts");
    if (document->lineage != NULL) {
        tfr_gen_key(gen, "lineage");
        hash(gen, tfr_hash_stable(0, document->lineage->text, document->lineage->len));
        tfr_gen_number(gen, "serial", document->serial);
        tfr_gen_key(gen, "digest");
        hash(gen, facts.digest);
    }
    write_objects(gen, &facts, is_plan);
    write_uses(gen, &facts);
    write_names(gen, &facts);
    write_networks(gen, &facts);
    tfr_gen_open_list(gen, "outputs");
    for (size_t i = 0; !is_plan && i < document->output_count; i++)
        tfr_gen_key(gen, document->outputs[i].name->text);
    tfr_gen_close_list(gen);
    write_remotes(gen, &facts);
    tfr_gen_close(gen);
    tfr_arena_free(&arena);
}
