/* SPDX-License-Identifier: Apache-2.0 */
/* What a text is that is no JSON object. */
#include "planparse/source.h"

#include <string.h>

#define SHOW "terraform plan -out=tfplan && terraform show -json tfplan | tfready"

static const struct {
    const char *start; /* the text begins with it */
    size_t len;
    const char *id, *what, *hint;
} starts[] = {
    { "tfplan", 6, "input.foreign.binary-plan", "this is a plan file of Terraform before 0.12",
      "make the plan again with a current Terraform: " SHOW },
    { "tfstate", 7, "input.foreign.old-state", "this is a binary state of Terraform before 0.7",
      "terraform show -json | tfready, with a current Terraform" },
    { "[", 1, "input.foreign.other", "this is a JSON array: neither a plan nor a state", SHOW },
};

/* Words that tell where a text comes from, at the start of a line or anywhere. */
static const struct {
    const char *word;
    bool anywhere;
    const char *id, *what, *hint;
} words[] = {
    { "Terraform used the selected providers", false, "input.foreign.plan-text",
      "this is the plan as text for people", SHOW },
    { "OpenTofu used the selected providers", false, "input.foreign.plan-text",
      "this is the plan as text for people", SHOW },
    { "Terraform will perform the following", false, "input.foreign.plan-text",
      "this is the plan as text for people", SHOW },
    { "Refreshing state...", true, "input.foreign.plan-text", "this is the plan as text for people",
      SHOW },
    { "No changes. Your infrastructure", false, "input.foreign.plan-text",
      "this is the plan as text for people", SHOW },
    { "Error: ", false, "input.foreign.diagnostics",
      "this is an error message of Terraform, not a plan", "mend the error, then: " SHOW },
    { "resource \"", false, "input.foreign.hcl", "this is Terraform code, not a plan", SHOW },
    { "terraform {", false, "input.foreign.hcl", "this is Terraform code, not a plan", SHOW },
    { "provider \"", false, "input.foreign.hcl", "this is Terraform code, not a plan", SHOW },
    { "variable \"", false, "input.foreign.hcl", "this is Terraform code, not a plan", SHOW },
    { "module \"", false, "input.foreign.hcl", "this is Terraform code, not a plan", SHOW },
    { "digraph", false, "input.foreign.graph", "this is a graph of terraform graph, not a plan",
      SHOW },
    { "apiVersion:", false, "input.foreign.kubernetes", "this is a Kubernetes document, not a plan",
      SHOW },
    { "AWSTemplateFormatVersion", false, "input.foreign.cloudformation",
      "this is a CloudFormation template, not a plan", SHOW },
};

static bool contains(const char *bytes, size_t len, const char *word)
{
    const size_t size = strlen(word);

    for (size_t i = 0; i + size <= len; i++) {
        if (memcmp(bytes + i, word, size) == 0)
            return true;
    }
    return false;
}

/* Colours of diagnostics: ESC [ ... m. */
static size_t skip_colors(const char *text, size_t len)
{
    size_t at = 0;

    while (at + 1 < len && text[at] == 0x1b && text[at + 1] == '[') {
        while (at < len && text[at] != 'm')
            at++;
        at += at < len;
    }
    return at;
}

/* What stands before the first word of a line: blanks, colours, the side of a diagnostic's box. */
static size_t skip_margin(const char *text, size_t len)
{
    size_t at = 0;

    for (;;) {
        const size_t colors = skip_colors(text + at, len - at);

        if (colors > 0)
            at += colors;
        else if (at < len && (text[at] == ' ' || text[at] == '\t'))
            at++;
        else if (len - at >= 3 && memcmp(text + at, "\xe2\x94\x82", 3) == 0)
            at += 3;
        else
            return at;
    }
}

static bool begins_line(const char *bytes, size_t len, const char *word)
{
    const size_t size = strlen(word);
    size_t at = 0;

    while (at < len) {
        const char *end = memchr(bytes + at, '\n', len - at);

        at += skip_margin(bytes + at, len - at);
        if (len - at >= size && memcmp(bytes + at, word, size) == 0)
            return true;
        at = end != NULL ? (size_t)(end - bytes) + 1 : len;
    }
    return false;
}

/* 2026-01-15T09:00:00 or 09:00:00 in front: 0 stands for a digit. */
static bool has_shape(const char *text, size_t len, const char *shape)
{
    const size_t size = strlen(shape);

    if (len < size)
        return false;
    for (size_t i = 0; i < size; i++) {
        const bool digit = text[i] >= '0' && text[i] <= '9';

        if (shape[i] == '0' ? !digit : text[i] != shape[i])
            return false;
    }
    return true;
}

bool tfr_foreign_is_wrapper(const char *line, size_t len)
{
    static const char *const beginnings[] = {
        "[command]",     "::debug::",
        "::set-output ", "::group::",
        "::endgroup::",  "::notice",
        "::warning",     "::add-mask::",
        "Warning: ",     "There are some problems with the CLI configuration",
        "\xe2\x95\xb7", /* the corners and sides of the boxes around diagnostics */
        "\xe2\x94\x82",  "\xe2\x95\xb5",
    };
    const size_t colors = skip_colors(line, len);

    line += colors;
    len -= colors;
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        const size_t size = strlen(beginnings[i]);

        if (len >= size && memcmp(line, beginnings[i], size) == 0)
            return true;
    }
    /* A log line of Terraform itself: a time, then its level. */
    return has_shape(line, len, "0000-00-00T00:00:00") &&
           (contains(line, len, " [INFO] ") || contains(line, len, " [DEBUG] ") ||
            contains(line, len, " [WARN] ") || contains(line, len, " [TRACE] ") ||
            contains(line, len, " [ERROR] "));
}

static bool is_text(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const unsigned char c = (unsigned char)bytes[i];

        if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b)
            return false;
    }
    return true;
}

static void say(struct tfr_error *err, const char *id, const char *what, const char *hint)
{
    (void)tfr_fail(err, TFR_E_SCHEMA, id, "%s", what);
    (void)tfr_fail_hint(err, "%s", hint);
}

void tfr_foreign(const char *bytes, size_t len, bool standard_input, struct tfr_error *err)
{
    if (len == 0) {
        say(err, "input.empty",
            standard_input ? "there is nothing on standard input" : "the input is empty",
            "did terraform show -json fail? its message is on standard error");
        return;
    }
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        if (len >= starts[i].len && memcmp(bytes, starts[i].start, starts[i].len) == 0) {
            say(err, starts[i].id, starts[i].what, starts[i].hint);
            return;
        }
    }
    if (has_shape(bytes, len, "00:00:00") || has_shape(bytes, len, "0000-00-00T00:00:00")) {
        say(err, "input.foreign.wrapper",
            "a log prefix stands in front of the document, on its own line",
            "write the document to a file of its own: terraform show -json tfplan > plan.json");
        return;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (words[i].anywhere ? contains(bytes, len, words[i].word)
                              : begins_line(bytes, len, words[i].word)) {
            say(err, words[i].id, words[i].what, words[i].hint);
            return;
        }
    }
    if (is_text(bytes, len))
        say(err, "input.foreign.text", "this is text, but neither a plan nor a state", SHOW);
    else
        say(err, "input.foreign.binary", "this is a binary file, but neither a plan nor a state",
            SHOW);
}

bool tfr_foreign_binary_plan(struct tfr_error *err)
{
    say(err, "input.foreign.binary-plan", "this is a binary plan",
        "terraform show -json FILE | tfready");
    return false;
}

static bool ends_with(const char *text, const char *end)
{
    const size_t len = strlen(text);
    const size_t size = strlen(end);

    return len >= size && strcmp(text + len - size, end) == 0;
}

/* Somebody meant a state, or a plan as JSON: what `terraform state pull > FILE` leaves when it
 * fails is an empty file, and what comes through a pipe was meant to be read. */
static bool is_meant(const char *name, bool empty)
{
    const char *slash = strrchr(name, '/');
    const char *file = slash != NULL ? slash + 1 : name;

    return (empty && strcmp(name, "-") == 0) ||
           (strstr(file, ".tfstate") != NULL && !ends_with(file, ".lock.info")) ||
           (empty && ends_with(file, ".json"));
}

bool tfr_foreign_may_skip(const struct tfr_error *err, const char *name)
{
    /* These would be plans or states, if only they could be read. */
    static const char *const kept[] = { "input.foreign.encrypted", "input.foreign.bookmark",
                                        "input.foreign.old-state", "input.foreign.binary-plan",
                                        "input.foreign.wrapper" };

    const bool empty = strcmp(err->id, "input.empty") == 0;
    const bool unknown =
        strcmp(err->id, "input.foreign.text") == 0 || strcmp(err->id, "input.foreign.binary") == 0;

    if ((empty || unknown) && is_meant(name, empty))
        return false;
    if (empty)
        return true;
    for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++) {
        if (strcmp(err->id, kept[i]) == 0)
            return false;
    }
    return strncmp(err->id, "input.foreign.", strlen("input.foreign.")) == 0;
}
