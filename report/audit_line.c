/* SPDX-License-Identifier: Apache-2.0 */
/* The map of an audit: one document, one line. */
#include "report/audit.h"
#include "report/escape.h"

#include <stdlib.h>
#include <string.h>

/* ---- where a finding belongs -------------------------------------------------------------------
 */

static const struct tfr_config_call *find_call(const struct tfr_config_module *module,
                                               const char *name, size_t len)
{
    for (uint32_t i = 0; module != NULL && i < module->call_count; i++) {
        if (module->calls[i].name->len == len &&
            memcmp(module->calls[i].name->text, name, len) == 0)
            return &module->calls[i];
    }
    return NULL;
}

/* The source of the module that an address lies in; without configuration the module's address
 * without keys. */
static void add_source(struct tfr_buf *out, const struct tfr_document *document,
                       const char *address)
{
    struct tfr_address parts;
    struct tfr_buf block = { 0 };
    const struct tfr_config_module *module = document->configuration;
    const struct tfr_config_call *call = NULL;
    const char *at;

    if (!tfr_address_parse(address, strlen(address), &parts) || parts.module_len == 0)
        return;
    tfr_address_block(&block, address, parts.module_len);
    at = tfr_buf_text(&block);
    while (module != NULL && strncmp(at, "module.", 7) == 0) {
        const size_t len = strcspn(at + 7, ".");

        call = find_call(module, at + 7, len);
        module = call != NULL ? call->module : NULL;
        at += 7 + len;
        at += *at == '.';
    }
    if (call != NULL && call->source != NULL)
        tfr_buf_add(out, call->source->text, call->source->len);
    else
        tfr_buf_add(out, block.data, block.len);
    tfr_buf_fini(&block);
}

static int by_address(const void *a, const void *b)
{
    const struct tfr_resource *const *x = a;
    const struct tfr_resource *const *y = b;

    return strcmp((*x)->address->text, (*y)->address->text);
}

static int is_address(const void *address, const void *resource)
{
    return strcmp(address, (*(const struct tfr_resource *const *)resource)->address->text);
}

/* The resources of a document by address; yours: tfr_free(). */
static const struct tfr_resource **sort_resources(const struct tfr_document *document)
{
    const size_t count = document->changes.count;
    const struct tfr_resource **sorted = tfr_calloc(count, sizeof *sorted);

    for (size_t i = 0; i < count; i++)
        sorted[i] = &document->changes.at[i];
    if (count > 0)
        qsort(sorted, count, sizeof *sorted, by_address);
    return sorted;
}

/* The oldest day of what lies in a module. */
static bool module_since(const struct tfr_document *document, const char *module, char day[11])
{
    const size_t len = strlen(module);
    bool found = false;
    char own[11];

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_sym *at = document->changes.at[i].module;

        if (at == NULL || strncmp(at->text, module, len) != 0 ||
            (at->text[len] != '\0' && at->text[len] != '.' && at->text[len] != '[') ||
            !tfr_resource_since(&document->changes.at[i], own))
            continue;
        if (!found || strcmp(own, day) < 0)
            memcpy(day, own, sizeof own);
        found = true;
    }
    return found;
}

/* The day since when an object or module stands, where its attributes tell. */
static bool since(const struct tfr_document *document, const struct tfr_resource **sorted,
                  const char *address, char day[11])
{
    const size_t count = document->changes.count;
    const struct tfr_resource **found =
        count > 0 ? bsearch(address, sorted, count, sizeof *sorted, is_address) : NULL;

    return found != NULL ? tfr_resource_since(*found, day) : module_since(document, address, day);
}

/* ---- the line ----------------------------------------------------------------------------------
 */

static void write_finding(yajl_gen gen, const struct tfr_report_finding *finding,
                          const struct tfr_document *document, const struct tfr_resource **sorted)
{
    struct tfr_buf source = { 0 };
    char day[11];

    add_source(&source, document, finding->address);
    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "policy", finding->policy);
    tfr_gen_text(gen, "severity", tfr_severity_name(finding->severity));
    tfr_gen_text(gen, "category", tfr_category_name(finding->category));
    tfr_gen_text(gen, "state", tfr_finding_state_name(finding->state));
    tfr_gen_text(gen, "address", finding->address);
    tfr_gen_text(gen, "type", finding->type);
    tfr_gen_text(gen, "title", finding->title);
    tfr_gen_text(gen, "message", finding->message);
    tfr_gen_text(gen, "source", source.len > 0 ? source.data : NULL);
    if (finding->category == TFR_HYGIENE && since(document, sorted, finding->address, day))
        tfr_gen_text(gen, "since", day);
    tfr_gen_text(gen, "fingerprint", finding->fingerprint);
    tfr_gen_close(gen);
    tfr_buf_fini(&source);
}

static void write_findings(yajl_gen gen, const struct tfr_report *report,
                           const struct tfr_document *document)
{
    const struct tfr_resource **sorted =
        report->finding_count > 0 ? sort_resources(document) : NULL;

    tfr_gen_open_list(gen, "findings");
    for (size_t i = 0; i < report->finding_count; i++)
        write_finding(gen, &report->findings[i], document, sorted);
    tfr_gen_close_list(gen);
    tfr_free(sorted);
}

static void write_error(yajl_gen gen, const struct tfr_error *error)
{
    tfr_gen_open(gen, "error");
    tfr_gen_text(gen, "code", error->id);
    tfr_gen_text(gen, "message", error->msg);
    if (error->has_place)
        tfr_gen_number(gen, "offset", (long long)error->offset);
    if (error->path[0] != '\0')
        tfr_gen_file_name(gen, "path", error->path);
    tfr_gen_text(gen, "hint", error->hint[0] != '\0' ? error->hint : NULL);
    tfr_gen_close(gen);
}

static void write_changes(yajl_gen gen, const struct tfr_counts *counts)
{
    tfr_gen_open(gen, "changes");
    tfr_gen_number(gen, "create", counts->create);
    tfr_gen_number(gen, "update", counts->update);
    tfr_gen_number(gen, "delete", counts->delete_);
    tfr_gen_number(gen, "replace", counts->replace);
    tfr_gen_number(gen, "drifted", counts->drifted);
    tfr_gen_close(gen);
}

struct provider_count {
    const struct tfr_sym *name;
    uint64_t count;
};

/* Few providers, many resources of each: the last one is most often the one again. */
static void write_providers(yajl_gen gen, const struct tfr_document *document)
{
    struct provider_count *at = NULL;
    size_t count = 0;
    size_t cap = 0;
    size_t last = 0;

    for (size_t i = 0; i < document->changes.count; i++) {
        const struct tfr_sym *name = document->changes.at[i].provider;
        size_t k = 0;

        if (name == NULL)
            continue;
        if (count > 0 && at[last].name == name)
            k = last;
        while (k < count && at[k].name != name)
            k++;
        if (k == count) {
            at = tfr_grow(at, &cap, count + 1, sizeof *at);
            at[count++] = (struct provider_count){ .name = name };
        }
        at[k].count++;
        last = k;
    }
    tfr_gen_open(gen, "providers");
    for (size_t k = 0; k < count; k++)
        tfr_gen_number(gen, at[k].name->text, (long long)at[k].count);
    tfr_gen_close(gen);
    tfr_free(at);
}

/* The versions that configurations ask for; states do not say which one made them. */
static void write_provider_versions(yajl_gen gen, const struct tfr_document *document)
{
    struct tfr_buf text = { 0 };

    tfr_gen_open_list(gen, "provider_versions");
    for (size_t i = 0; i < document->provider_count; i++) {
        const struct tfr_config_provider *provider = &document->providers[i];
        const struct tfr_sym *name =
            provider->full_name != NULL ? provider->full_name : provider->name;

        if (provider->version == NULL || name == NULL)
            continue;
        tfr_buf_reset(&text);
        tfr_buf_printf(&text, "%s %s", name->text, provider->version->text);
        tfr_gen_key(gen, text.data);
    }
    tfr_gen_close_list(gen);
    tfr_buf_fini(&text);
}

static void write_document(yajl_gen gen, const struct tfr_report *report,
                           const struct tfr_document *document, bool across)
{
    const struct tfr_report_input *input = &report->inputs[0];

    tfr_gen_text(gen, "kind", tfr_document_kind_name(input->kind));
    tfr_gen_text(gen, "product", tfr_product_name(input->product));
    tfr_gen_text(gen, "product_version", input->product_version);
    tfr_gen_text(gen, "verdict", tfr_verdict_name(input->verdict));
    tfr_gen_maybe(gen, "score", input->score.given, input->score.overall);
    tfr_gen_text(gen, "environment", tfr_environment_name(input->environment.environment));
    tfr_gen_number(gen, "resources", (long long)input->resources);
    write_changes(gen, &input->counts);
    write_providers(gen, document);
    write_provider_versions(gen, document);
    write_findings(gen, report, document);
    if (across)
        tfr_facts_write(gen, document);
}

static void write_waivers(yajl_gen gen, const struct tfr_waivers *waivers)
{
    size_t count = 0;
    const struct tfr_waiver *all = tfr_waivers_at(waivers, &count);
    bool any = false;

    for (size_t i = 0; i < count; i++) {
        struct tfr_buf key = { 0 };

        if (all[i].matched == 0)
            continue;
        if (!any)
            tfr_gen_open_list(gen, "waivers");
        any = true;
        tfr_audit_waiver_key(&all[i], &key);
        (void)yajl_gen_string(gen, (const unsigned char *)key.data, key.len);
        tfr_buf_fini(&key);
    }
    if (any)
        tfr_gen_close_list(gen);
}

void tfr_audit_line(const struct tfr_report *report, const struct tfr_document *document,
                    const struct tfr_waivers *waivers, bool across, struct tfr_buf *out)
{
    const struct tfr_report_input *input = &report->inputs[0];
    yajl_gen gen = tfr_gen_new_line();

    tfr_gen_open(gen, NULL);
    tfr_gen_text(gen, "schema", "tfready/audit/1");
    tfr_gen_file_name(gen, "name", input->name);
    tfr_gen_file_name(gen, "member", input->member);
    tfr_gen_number(gen, "exit_code", input->has_error ? TFR_EXIT_ERROR : input->exit_code);
    if (input->has_error)
        write_error(gen, &input->error);
    else
        write_document(gen, report, document, across);
    if (!input->has_error && waivers != NULL)
        write_waivers(gen, waivers);
    tfr_gen_close(gen);
    tfr_gen_take(gen, out);
}
