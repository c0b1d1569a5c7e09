/* SPDX-License-Identifier: Apache-2.0 */
/* Lines back in. The one file of this folder that looks into values: they are of our own lines, not
 * of documents. */
#include "report/audit.h"

#include <string.h>

static const char *text_of(struct tfr_arena *arena, const struct tfr_value *value)
{
    return value->kind == TFR_STRING ? tfr_arena_text(arena, value->text, value->count) : NULL;
}

static const char *text(struct tfr_arena *arena, const struct tfr_value *object, const char *name)
{
    return text_of(arena, tfr_value_get(object, name));
}

/* As audit_line.c writes it: lower case. What is no number of this kind ends it. */
static uint64_t hash_of(const struct tfr_value *value)
{
    uint64_t hash = 0;

    for (uint32_t i = 0; value->kind == TFR_STRING && i < value->count; i++) {
        const char at = value->text[i];

        if (at >= '0' && at <= '9')
            hash = hash << 4 | (uint64_t)(at - '0');
        else if (at >= 'a' && at <= 'f')
            hash = hash << 4 | (uint64_t)(at - 'a' + 10);
        else
            break;
    }
    return hash;
}

static long long number(const struct tfr_value *object, const char *name, long long fallback)
{
    long long out = fallback;

    return tfr_value_integer(tfr_value_get(object, name), &out) ? out : fallback;
}

static size_t list_count(const struct tfr_value *list)
{
    return list->kind == TFR_LIST ? list->count : 0;
}

static const char *const *texts(struct tfr_arena *arena, const struct tfr_value *list, size_t from,
                                size_t *count)
{
    const char **out = NULL;

    *count = list_count(list) > from ? list_count(list) - from : 0;
    if (*count > 0)
        out = tfr_arena_alloc(arena, *count * sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        const char *one = text_of(arena, tfr_value_item(list, from + i));

        out[i] = one != NULL ? one : "";
    }
    return out;
}

/* ---- facts -------------------------------------------------------------------------------------
 */

static void read_list(struct tfr_arena *arena, const struct tfr_value *list,
                      struct tfr_audit_facts *out)
{
    out->count = list_count(list);
    if (out->count > 0)
        out->at = tfr_arena_zalloc(arena, out->count * sizeof *out->at);
    for (size_t i = 0; i < out->count; i++) {
        const struct tfr_value *item = tfr_value_item(list, i);
        struct tfr_audit_fact *fact = &out->at[i];
        const char *address = text_of(arena, tfr_value_item(item, 0));

        fact->address = address != NULL ? address : "";
        fact->text = text_of(arena, tfr_value_item(item, 1));
        for (size_t k = 0; k < 3; k++)
            fact->hash[k] = hash_of(tfr_value_item(item, k + 1));
        fact->made = tfr_value_true(tfr_value_item(item, 2));
    }
}

static void read_remotes(struct tfr_arena *arena, const struct tfr_value *list,
                         struct tfr_audit_facts *out)
{
    read_list(arena, list, out);
    for (size_t i = 0; i < out->count; i++)
        out->at[i].outputs = texts(arena, tfr_value_item(list, i), 2, &out->at[i].output_count);
}

static void read_facts(struct tfr_arena *arena, const struct tfr_value *line,
                       struct tfr_audit_record *out)
{
    const struct tfr_value *facts = tfr_value_get(line, "facts");

    out->lineage = hash_of(tfr_value_get(facts, "lineage"));
    out->digest = hash_of(tfr_value_get(facts, "digest"));
    out->serial = number(facts, "serial", -1);
    read_list(arena, tfr_value_get(facts, "objects"), &out->objects);
    read_list(arena, tfr_value_get(facts, "destroyed"), &out->destroyed);
    read_list(arena, tfr_value_get(facts, "uses"), &out->uses);
    read_list(arena, tfr_value_get(facts, "names"), &out->names);
    read_list(arena, tfr_value_get(facts, "networks"), &out->networks);
    read_remotes(arena, tfr_value_get(facts, "remote_states"), &out->remotes);
    out->outputs = texts(arena, tfr_value_get(facts, "outputs"), 0, &out->output_count);
}

/* ---- the rest ----------------------------------------------------------------------------------
 */

static void read_findings(struct tfr_arena *arena, const struct tfr_value *list,
                          struct tfr_audit_record *out)
{
    const size_t count = list_count(list);

    if (count > 0)
        out->findings = tfr_arena_zalloc(arena, count * sizeof *out->findings);
    for (size_t i = 0; i < count; i++) {
        const struct tfr_value *item = tfr_value_item(list, i);
        const struct tfr_value *state = tfr_value_get(item, "state");
        struct tfr_audit_finding *finding = &out->findings[out->finding_count];

        finding->policy = text(arena, item, "policy");
        if (finding->policy == NULL)
            continue;
        finding->title = text(arena, item, "title");
        finding->severity = text(arena, item, "severity");
        finding->source = text(arena, item, "source");
        finding->address = text(arena, item, "address");
        finding->fingerprint = text(arena, item, "fingerprint");
        finding->since = text(arena, item, "since");
        finding->open = tfr_value_is(state, "open");
        finding->undecided = tfr_value_is(state, "undecided");
        finding->hygiene = tfr_value_is(tfr_value_get(item, "category"), "Hygiene");
        out->finding_count++;
    }
}

static void read_providers(struct tfr_arena *arena, const struct tfr_value *providers,
                           struct tfr_audit_record *out)
{
    const uint32_t count = providers->kind == TFR_OBJECT ? providers->count : 0;

    if (count > 0)
        out->providers = tfr_arena_zalloc(arena, count * sizeof *out->providers);
    for (uint32_t i = 0; i < count; i++) {
        const struct tfr_member member = tfr_member_at(providers, i);
        long long resources = 0;

        (void)tfr_value_integer(member.value, &resources);
        out->providers[i].name = tfr_arena_text(arena, member.name->text, member.name->len);
        out->providers[i].resources = resources > 0 ? (uint64_t)resources : 0;
    }
    out->provider_count = count;
}

static const char *name_of(struct tfr_arena *arena, const struct tfr_value *line)
{
    const struct tfr_value *name = tfr_value_get(line, "name");
    const struct tfr_value *member = tfr_value_get(line, "member");
    struct tfr_buf out = { 0 };
    const char *copy;

    tfr_buf_puts(&out, tfr_value_is(name, "-") ? "standard input" : name->text);
    if (member->kind == TFR_STRING)
        tfr_buf_printf(&out, ":%s", member->text);
    copy = tfr_arena_text(arena, out.data, out.len);
    tfr_buf_fini(&out);
    return copy;
}

static void read_record(struct tfr_arena *arena, const struct tfr_value *line, bool facts,
                        struct tfr_audit_record *out)
{
    const struct tfr_value *error = tfr_value_get(line, "error");
    const long long resources = number(line, "resources", 0);

    out->name = name_of(arena, line);
    out->score = (int)number(line, "score", -1);
    out->serial = -1;
    if (error->kind == TFR_OBJECT) {
        out->error = text(arena, error, "code");
        out->message = text(arena, error, "message");
        return;
    }
    out->kind = text(arena, line, "kind");
    out->version = text(arena, line, "product_version");
    out->is_plan = tfr_value_is(tfr_value_get(line, "kind"), "plan");
    out->resources = resources > 0 && resources < UINT32_MAX ? (uint32_t)resources : 0;
    read_findings(arena, tfr_value_get(line, "findings"), out);
    read_providers(arena, tfr_value_get(line, "providers"), out);
    out->waivers = texts(arena, tfr_value_get(line, "waivers"), 0, &out->waiver_count);
    out->provider_versions =
        texts(arena, tfr_value_get(line, "provider_versions"), 0, &out->provider_version_count);
    if (facts)
        read_facts(arena, line, out);
}

bool tfr_audit_read(const char *line, size_t len, bool facts, struct tfr_arena *arena,
                    struct tfr_audit_record *out, struct tfr_error *err)
{
    struct tfr_names *names = tfr_names_new(arena);
    const struct tfr_value *value = tfr_text_parse(arena, names, line, len, false);
    const long long exit_code = number(value, "exit_code", -1);
    const bool ok = tfr_value_is(tfr_value_get(value, "schema"), "tfready/audit/1") &&
                    tfr_value_get(value, "name")->kind == TFR_STRING && exit_code >= 0 &&
                    exit_code <= 4;

    *out = (struct tfr_audit_record){ .exit_code = (int)exit_code };
    if (ok) {
        read_record(arena, value, facts, out);
    } else {
        (void)tfr_fail(err, TFR_E_SCHEMA, "audit.line", "this is no line of an audit");
        (void)tfr_fail_hint(err, "tfready audit -o ndjson writes such lines");
    }
    tfr_names_free(names);
    return ok;
}
