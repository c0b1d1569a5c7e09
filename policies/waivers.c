/* SPDX-License-Identifier: Apache-2.0 */
/* Waivers: findings that somebody answers for, until a day. And baselines: findings that were there
 * before. */
#include "policies/policies.h"
#include "policies/yaml.h"

#include <stdlib.h>
#include <string.h>

struct tfr_waivers {
    struct tfr_arena arena;
    struct tfr_waiver *at;
    size_t count, cap;
    char today[11]; /* YYYY-MM-DD, "" as long as nobody said */
    bool allow_p0;
    const char **baseline; /* fingerprints, sorted */
    size_t baseline_count;
};

struct tfr_waivers *tfr_waivers_new(void)
{
    return tfr_calloc(1, sizeof(struct tfr_waivers));
}

void tfr_waivers_free(struct tfr_waivers *waivers)
{
    if (waivers == NULL)
        return;
    tfr_free(waivers->at);
    tfr_arena_free(&waivers->arena);
    tfr_free(waivers);
}

const struct tfr_waiver *tfr_waivers_at(const struct tfr_waivers *waivers, size_t *count)
{
    *count = waivers->count;
    return waivers->at;
}

void tfr_waivers_allow_p0(struct tfr_waivers *waivers)
{
    waivers->allow_p0 = true;
}

/* ---- days --------------------------------------------------------------------------------------
 */

static int two_digits(const char *text)
{
    return (text[0] - '0') * 10 + text[1] - '0';
}

bool tfr_day_is_valid(const char *text)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year;
    int month;
    bool leap;

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
        return false;
    for (size_t i = 0; i < 10; i++) {
        if (i != 4 && i != 7 && (text[i] < '0' || text[i] > '9'))
            return false;
    }
    year = two_digits(text) * 100 + two_digits(text + 2);
    month = two_digits(text + 5);
    leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && text[8] >= '0' && two_digits(text + 8) >= 1 &&
           two_digits(text + 8) <= days[month - 1] + (month == 2 && leap);
}

void tfr_waivers_set_day(struct tfr_waivers *waivers, const char *day)
{
    (void)snprintf(waivers->today, sizeof waivers->today, "%s", day);
}

/* ---- reading -----------------------------------------------------------------------------------
 */

/* A text that must be there; `*out` stays NULL if it is not and need not. */
static bool take_text(const struct tfr_yaml_file *file, const struct tfr_yaml *map, const char *key,
                      bool required, const char **out, struct tfr_error *err)
{
    const struct tfr_yaml *node = tfr_yaml_get(map, key);

    if (node == NULL)
        return !required || tfr_yaml_fail(err, file, map, "a waiver lacks \"%s\"", key);
    /* 2026-12-31 and numbers are texts here */
    if (node->kind != TFR_YAML_SCALAR || node->len == 0)
        return tfr_yaml_fail(err, file, node, "\"%s\" wants a text", key);
    *out = node->text;
    return true;
}

static bool read_waiver(struct tfr_waivers *waivers, const struct tfr_yaml_file *file,
                        const struct tfr_yaml *map, struct tfr_error *err)
{
    static const char *const keys[] = { "policy", "address",     "input",   "owner",
                                        "reason", "environment", "expires", NULL };
    struct tfr_waiver waiver = { .file = file->name, .line = map->line };
    const char *environment = NULL;

    if (map->kind != TFR_YAML_MAP)
        return tfr_yaml_fail(err, file, map,
                             "a waiver is a map of policy, address, owner, reason, expires");
    if (!tfr_yaml_known_keys(file, map, keys, err) ||
        !take_text(file, map, "policy", true, &waiver.policy, err) ||
        !take_text(file, map, "address", true, &waiver.address, err) ||
        !take_text(file, map, "owner", true, &waiver.owner, err) ||
        !take_text(file, map, "reason", true, &waiver.reason, err) ||
        !take_text(file, map, "expires", true, &waiver.expires, err) ||
        !take_text(file, map, "input", false, &waiver.input, err) ||
        !take_text(file, map, "environment", false, &environment, err))
        return false;
    if (!tfr_day_is_valid(waiver.expires))
        return tfr_yaml_fail(err, file, tfr_yaml_get(map, "expires"),
                             "\"expires\" wants a day such as 2026-12-31");
    waiver.any_environment = environment == NULL;
    if (environment != NULL && !tfr_environment_parse(environment, &waiver.environment))
        return tfr_yaml_fail(err, file, tfr_yaml_get(map, "environment"),
                             "\"environment\" wants production, staging or development");
    waivers->at = tfr_grow(waivers->at, &waivers->cap, waivers->count + 1, sizeof waiver);
    waivers->at[waivers->count++] = waiver;
    return true;
}

static bool load(struct tfr_waivers *waivers, const char *path, struct tfr_error *err)
{
    static const char *const keys[] = { "waivers", NULL };
    const struct tfr_yaml_file file = { .name = tfr_arena_text(&waivers->arena, path, strlen(path)),
                                        .arena = &waivers->arena,
                                        .days = true };
    const struct tfr_yaml *const *documents = NULL;
    const struct tfr_yaml *list;
    size_t count = 0;

    if (!tfr_yaml_read_path(&file, path, &documents, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (documents[i]->kind != TFR_YAML_MAP)
            return tfr_yaml_fail(err, &file, documents[i],
                                 "a waiver file holds \"waivers\": a list");
        if (!tfr_yaml_known_keys(&file, documents[i], keys, err))
            return false;
        list = tfr_yaml_get(documents[i], "waivers");
        if (list == NULL || list->kind != TFR_YAML_LIST)
            return tfr_yaml_fail(err, &file, list != NULL ? list : documents[i],
                                 "a waiver file holds \"waivers\": a list");
        for (uint32_t k = 0; k < list->count; k++) {
            if (!read_waiver(waivers, &file, list->items[k], err))
                return false;
        }
    }
    return count > 0 || tfr_fail(err, TFR_E_SCHEMA, "waiver.schema", "%s holds nothing", path);
}

bool tfr_waivers_load(struct tfr_waivers *waivers, const char *path, struct tfr_error *err)
{
    if (load(waivers, path, err))
        return true;
    if (err->code == TFR_E_SYNTAX || err->code == TFR_E_SCHEMA) /* YAML speaks of policies */
        err->id = err->code == TFR_E_SYNTAX ? "waiver.syntax" : "waiver.schema";
    return false;
}

/* ---- baselines ---------------------------------------------------------------------------------
 */

bool tfr_waivers_load_baseline(struct tfr_waivers *waivers, const char *path, struct tfr_error *err)
{
    const struct tfr_yaml_file file = { .name = tfr_arena_text(&waivers->arena, path, strlen(path)),
                                        .arena = &waivers->arena };
    const struct tfr_yaml *const *documents = NULL;
    const struct tfr_yaml *list;
    const char *schema;
    size_t count = 0;

    if (!tfr_yaml_read_path(&file, path, &documents, &count, err))
        return false;
    schema = count == 1 ? tfr_yaml_string(tfr_yaml_get(documents[0], "schema")) : NULL;
    list = count == 1 ? tfr_yaml_get(documents[0], "findings") : NULL;
    if (schema == NULL || strcmp(schema, "tfready/baseline/1") != 0 || list == NULL ||
        list->kind != TFR_YAML_LIST) {
        (void)tfr_fail(err, TFR_E_SCHEMA, "baseline.schema", "this is no baseline");
        (void)tfr_fail_hint(err, "tfready --create-baseline FILE makes one");
        tfr_fail_file(err, path);
        return false;
    }
    waivers->baseline = tfr_arena_alloc(&waivers->arena, (list->count + 1) * sizeof(char *));
    for (uint32_t i = 0; i < list->count; i++) {
        const char *print = tfr_yaml_string(tfr_yaml_get(list->items[i], "fingerprint"));

        if (print == NULL || strlen(print) != 32)
            return tfr_yaml_fail(err, &file, list->items[i], "a finding lacks its fingerprint");
        waivers->baseline[waivers->baseline_count++] = print;
    }
    if (waivers->baseline_count > 0)
        qsort(waivers->baseline, waivers->baseline_count, sizeof *waivers->baseline, tfr_by_text);
    return true;
}

static bool in_baseline(const struct tfr_waivers *waivers, const char *fingerprint)
{
    return waivers->baseline_count > 0 &&
           bsearch(&fingerprint, waivers->baseline, waivers->baseline_count,
                   sizeof *waivers->baseline, tfr_by_text) != NULL;
}

/* ---- applying ----------------------------------------------------------------------------------
 */

/* The address itself, its instances, and what lies in a module. */
static bool covers(const char *glob, const char *address)
{
    struct tfr_buf wide = { 0 };
    bool yes = tfr_address_glob(glob, address);

    if (!yes) {
        tfr_buf_printf(&wide, "%s[*", glob);
        yes = tfr_address_glob(wide.data, address);
    }
    if (!yes && strncmp(glob, "module.", 7) == 0) {
        tfr_buf_reset(&wide);
        tfr_buf_printf(&wide, "%s.*", glob);
        yes = tfr_address_glob(wide.data, address);
    }
    tfr_buf_fini(&wide);
    return yes;
}

static bool matches(const struct tfr_waiver *waiver, const struct tfr_document *document,
                    const struct tfr_findings *findings, const struct tfr_finding *finding)
{
    return (waiver->any_environment || waiver->environment == findings->environment.environment) &&
           tfr_address_glob(waiver->policy, finding->policy->id) &&
           (waiver->input == NULL || tfr_address_glob(waiver->input, document->name)) &&
           covers(waiver->address, finding->address);
}

static void waive(struct tfr_findings *findings, struct tfr_finding *finding,
                  const struct tfr_waiver *waiver)
{
    struct tfr_buf text = { 0 };

    tfr_buf_printf(&text, "%s (%s, until %s)", waiver->reason, waiver->owner, waiver->expires);
    finding->state = TFR_WAIVED;
    finding->waiver = tfr_arena_text(&findings->arena, text.data, text.len);
    tfr_buf_fini(&text);
}

static void judge(struct tfr_waivers *waivers, const struct tfr_document *document,
                  struct tfr_findings *findings, struct tfr_finding *finding)
{
    for (size_t i = 0; i < waivers->count; i++) {
        struct tfr_waiver *waiver = &waivers->at[i];

        if (!matches(waiver, document, findings, finding))
            continue;
        waiver->matched++;
        waiver->expired = strcmp(waiver->expires, waivers->today) < 0;
        if (!waiver->expired && finding->state == TFR_OPEN)
            waive(findings, finding, waiver);
    }
    if (finding->state == TFR_OPEN && (finding->severity != TFR_P0 || waivers->allow_p0) &&
        in_baseline(waivers, finding->fingerprint)) {
        finding->state = TFR_WAIVED;
        finding->waiver = "it is in the baseline";
    }
}

void tfr_waivers_restart(struct tfr_waivers *waivers)
{
    for (size_t i = 0; i < waivers->count; i++) {
        waivers->at[i].matched = 0;
        waivers->at[i].expired = false;
    }
}

void tfr_waivers_apply(struct tfr_waivers *waivers, const struct tfr_document *document,
                       struct tfr_findings *findings)
{
    findings->p0_may_be_waived = waivers->allow_p0;
    for (size_t i = 0; i < findings->count; i++) {
        if (findings->at[i].state == TFR_OPEN)
            judge(waivers, document, findings, &findings->at[i]);
    }
}
