/* SPDX-License-Identifier: Apache-2.0 */
/* What a JSON document is: decided by the set of its top-level members, never by its name or their
 * order. */
#include "planparse/reader.h"

#include <string.h>

/* Members that tell documents apart; the bit of each is its place here. */
enum key {
    FORMAT_VERSION,
    PLAN_FORMAT_VERSION,
    PLANNED_VALUES,
    RESOURCE_CHANGES,
    CONFIGURATION,
    OUTPUT_CHANGES,
    PRIOR_STATE,
    VALUES,
    VERSION,
    SERIAL,
    LINEAGE,
    RESOURCES,
    MODULES,
    BACKEND,
    STATE_STORE,
    TERRAFORM_VERSION,
    PROVIDER_SCHEMAS,
    VALID,
    DIAGNOSTICS,
    RESOURCE,
    FUNCTION_SIGNATURES,
    ENCRYPTED_DATA,
    ENCRYPTION_VERSION,
    REMOTE_PLAN_FORMAT,
    RUN_ID,
    LEVEL,
    MESSAGE,
    CAPITAL_MODULES,
    PROVIDER_SELECTIONS,
    ROOT_MODULE,
    PROVIDER_CONFIG,
    API_VERSION,
    KIND,
    CAPITAL_RESOURCES,
    TEMPLATE_VERSION,
    DEPLOYMENT,
    MANIFEST,
    KEY_COUNT
};

static const char *const key_names[KEY_COUNT] = {
    "format_version",
    "plan_format_version",
    "planned_values",
    "resource_changes",
    "configuration",
    "output_changes",
    "prior_state",
    "values",
    "version",
    "serial",
    "lineage",
    "resources",
    "modules",
    "backend",
    "state_store",
    "terraform_version",
    "provider_schemas",
    "valid",
    "diagnostics",
    "resource",
    "function_signatures",
    "encrypted_data",
    "encryption_version",
    "remote_plan_format",
    "run_id",
    "@level",
    "@message",
    "Modules",
    "provider_selections",
    "root_module",
    "provider_config",
    "apiVersion",
    "kind",
    "Resources",
    "AWSTemplateFormatVersion",
    "deployment",
    "manifest",
};

#define BIT(key) ((uint64_t)1 << (key))

/* Other people's documents, most telling first. */
static const struct {
    uint64_t all, any, none;
    const char *id, *what, *hint;
} foreign[] = {
    { BIT(ENCRYPTED_DATA) | BIT(ENCRYPTION_VERSION), 0, 0, "input.foreign.encrypted",
      "this document is encrypted by OpenTofu",
      "let OpenTofu decrypt it: tofu show -json tfplan, or tofu state pull" },
    { BIT(REMOTE_PLAN_FORMAT), 0, 0, "input.foreign.bookmark",
      "this is a bookmark of a plan that lies in HCP Terraform: it holds no plan",
      "fetch the plan: terraform show -json FILE, with credentials for the workspace" },
    { BIT(LEVEL) | BIT(MESSAGE), 0, 0, "input.foreign.json-lines",
      "these are the log lines of terraform plan -json, not a plan",
      "terraform plan -out=tfplan && terraform show -json tfplan | tfready" },
    { BIT(PROVIDER_SCHEMAS), 0, BIT(RESOURCE_CHANGES) | BIT(PLAN_FORMAT_VERSION),
      "input.foreign.schema", "these are provider schemas, not a plan",
      "terraform show -json tfplan | tfready" },
    { BIT(FORMAT_VERSION) | BIT(VALID), 0, 0, "input.foreign.validate",
      "this is the output of terraform validate -json, not a plan",
      "terraform plan -out=tfplan && terraform show -json tfplan | tfready" },
    { BIT(FUNCTION_SIGNATURES), 0, 0, "input.foreign.functions",
      "this is the output of terraform metadata functions -json, not a plan",
      "terraform show -json tfplan | tfready" },
    { BIT(FORMAT_VERSION) | BIT(RESOURCE), 0, BIT(VALUES) | BIT(PLANNED_VALUES),
      "input.foreign.state-show", "this is one resource of terraform state show -json, not a state",
      "terraform show -json | tfready" },
    { BIT(FORMAT_VERSION) | BIT(MODULES), 0, BIT(PLANNED_VALUES), "input.foreign.modules",
      "this is the output of terraform modules -json, not a plan",
      "terraform show -json tfplan | tfready" },
    { 0, BIT(BACKEND) | BIT(STATE_STORE), BIT(RESOURCES) | BIT(LINEAGE) | BIT(FORMAT_VERSION),
      "input.foreign.backend-cache", "this is the backend cache of .terraform, not a state",
      "terraform state pull | tfready" },
    { BIT(VERSION) | BIT(BACKEND), 0, BIT(RESOURCES), "input.foreign.backend-cache",
      "this is the backend cache of .terraform, not a state", "terraform state pull | tfready" },
    { BIT(CAPITAL_MODULES), 0, 0, "input.foreign.modules",
      "this is the module manifest of .terraform, not a plan",
      "terraform show -json tfplan | tfready" },
    { BIT(TERRAFORM_VERSION) | BIT(PROVIDER_SELECTIONS), 0, 0, "input.foreign.version",
      "this is the output of terraform version -json, not a plan",
      "terraform show -json tfplan | tfready" },
    { BIT(API_VERSION) | BIT(KIND), 0, BIT(FORMAT_VERSION), "input.foreign.kubernetes",
      "this is a Kubernetes document, not a Terraform plan",
      "terraform show -json tfplan | tfready" },
    { 0, BIT(TEMPLATE_VERSION) | BIT(CAPITAL_RESOURCES), BIT(FORMAT_VERSION),
      "input.foreign.cloudformation", "this is a CloudFormation template, not a Terraform plan",
      "terraform show -json tfplan | tfready" },
    { 0, BIT(DEPLOYMENT) | BIT(MANIFEST), BIT(FORMAT_VERSION), "input.foreign.pulumi",
      "this is a Pulumi document, not a Terraform plan", "terraform show -json tfplan | tfready" },
    { 0, BIT(ROOT_MODULE) | BIT(PROVIDER_CONFIG), BIT(FORMAT_VERSION),
      "input.foreign.configuration", "this is a bare configuration, not a plan",
      "terraform plan -out=tfplan && terraform show -json tfplan | tfready" },
};

void tfr_kind_see(struct tfr_reader *reader, const struct tfr_sym *name)
{
    for (int key = 0; key < KEY_COUNT; key++) {
        if (tfr_sym_is(name, key_names[key]))
            reader->keys |= BIT(key);
    }
}

bool tfr_kind_is_ours(const struct tfr_reader *reader)
{
    const uint64_t keys = reader->keys;

    if ((keys & (BIT(FORMAT_VERSION) | BIT(PLAN_FORMAT_VERSION))) != 0)
        return (keys & (BIT(PROVIDER_SCHEMAS) | BIT(VALID) | BIT(RESOURCE))) == 0 ||
               (keys & BIT(RESOURCE_CHANGES)) != 0;
    return (keys & BIT(VERSION)) != 0 && (keys & (BIT(SERIAL) | BIT(LINEAGE))) != 0;
}

static bool refuse(struct tfr_error *err, const char *id, const char *what, const char *hint)
{
    (void)tfr_fail(err, TFR_E_SCHEMA, id, "%s", what);
    return tfr_fail_hint(err, "%s", hint);
}

static bool refuse_foreign(const struct tfr_reader *reader, struct tfr_error *err)
{
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++) {
        if ((reader->keys & foreign[i].all) != foreign[i].all ||
            (foreign[i].any != 0 && (reader->keys & foreign[i].any) == 0) ||
            (reader->keys & foreign[i].none) != 0)
            continue;
        (void)refuse(err, foreign[i].id, foreign[i].what, foreign[i].hint);
        if (reader->key_providers != NULL)
            (void)snprintf(err->msg, sizeof err->msg, "%s (key provider %.100s)", foreign[i].what,
                           reader->key_providers->text);
        return false;
    }
    return refuse(err, "input.foreign.other", "this is JSON, but neither a plan nor a state",
                  "tfready reads what terraform show -json writes, and state files");
}

/* "1.2": the part before the dot; -1 if it is no version. */
static int major_of(const struct tfr_sym *version)
{
    int major = 0;
    uint32_t i = 0;

    if (version == NULL || version->len == 0)
        return -1;
    for (; i < version->len && version->text[i] != '.'; i++) {
        if (version->text[i] < '0' || version->text[i] > '9')
            return -1;
        if (major < 100000) /* larger ones are all the same: not ours */
            major = major * 10 + (version->text[i] - '0');
    }
    return i > 0 ? major : -1;
}

static bool check_version(struct tfr_reader *reader, struct tfr_error *err)
{
    const struct tfr_sym *version = reader->document->format_version;
    const int major = major_of(version);

    if (version == NULL) {
        tfr_reader_note(reader, "no-format-version",
                        "the document does not say its format version: read as 1.x");
        return true;
    }
    if (major == 0 || major == 1) {
        if (major == 1 && (version->len > 3 || strcmp(version->text, "1.2") > 0))
            tfr_reader_note(reader, "format-version",
                            "a newer minor format version than 1.2: what it adds is not looked at");
        return true;
    }
    if (major < 0) {
        reader->document->odd_version = true;
        tfr_reader_note(reader, "format-version", "format_version is no version: read as 1.x");
        return true;
    }
    (void)tfr_fail(err, TFR_E_SCHEMA, "input.version",
                   "this document has format version %d; tfready reads 0.x and 1.x", major);
    return tfr_fail_hint(err, "update tfready, or make the document with an older Terraform");
}

static bool decide_raw(struct tfr_reader *reader, struct tfr_error *err)
{
    const struct tfr_sym *product = reader->document->product_version;

    reader->document->kind = TFR_RAW_STATE;
    if (reader->raw_version == 4)
        return product == NULL || (product->text[0] >= '0' && product->text[0] <= '9') ||
               tfr_reader_wrong(err, "terraform_version", "a version such as 1.11.4");
    if (reader->raw_version >= 0 && reader->raw_version < 4) {
        (void)tfr_fail(err, TFR_E_SCHEMA, "input.foreign.old-state",
                       "this is a state of format %lld; tfready reads format 4",
                       reader->raw_version);
        return tfr_fail_hint(err, "a current Terraform upgrades it: terraform state pull, or "
                                  "terraform apply -refresh-only");
    }
    (void)tfr_fail(err, TFR_E_SCHEMA, "input.version",
                   "this state has a format that tfready does not know; it reads format 4");
    return tfr_fail_hint(err, "terraform show -json | tfready");
}

bool tfr_kind_decide(struct tfr_reader *reader, struct tfr_error *err)
{
    const uint64_t keys = reader->keys;
    const uint64_t plan =
        BIT(PLANNED_VALUES) | BIT(RESOURCE_CHANGES) | BIT(CONFIGURATION) | BIT(OUTPUT_CHANGES);
    struct tfr_document *document = reader->document;

    if ((keys & BIT(PLAN_FORMAT_VERSION)) != 0) {
        document->kind = TFR_PLAN;
        document->redacted = true;
        return check_version(reader, err);
    }
    if (((keys & BIT(FORMAT_VERSION)) != 0 && (keys & plan) != 0) ||
        (keys & BIT(RESOURCE_CHANGES)) != 0) {
        document->kind = TFR_PLAN;
        return check_version(reader, err);
    }
    if ((keys & BIT(FORMAT_VERSION)) != 0 &&
        ((keys & BIT(VALUES)) != 0 ||
         (keys & ~(BIT(FORMAT_VERSION) | BIT(TERRAFORM_VERSION))) == 0)) {
        document->kind = TFR_STATE;
        return check_version(reader, err);
    }
    if ((keys & BIT(VERSION)) != 0 && (keys & (BIT(BACKEND) | BIT(STATE_STORE))) == 0 &&
        (keys & (BIT(SERIAL) | BIT(LINEAGE) | BIT(RESOURCES) | BIT(MODULES) |
                 BIT(TERRAFORM_VERSION))) != 0 &&
        (keys & (BIT(ENCRYPTED_DATA) | BIT(API_VERSION))) == 0)
        return decide_raw(reader, err);
    return refuse_foreign(reader, err);
}
