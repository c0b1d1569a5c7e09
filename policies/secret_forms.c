/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/secret_forms.h"

#include "policies/hosts.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* AKIA and sixteen more, but not the ones of manuals. */
static bool is_access_key(const char *text)
{
    return (strncmp(text, "AKIA", 4) == 0 || strncmp(text, "ASIA", 4) == 0) &&
           strspn(text + 4, UPPER DIGITS) >= 16 && strncmp(text + 13, "EXAMPLE", 7) != 0;
}

/* In a connection string; the key of the emulator is everybody's. */
static bool is_azure_key(const char *text)
{
    static const char *const starts[] = { "AccountKey=", "SharedAccessKey=" };

    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        const size_t len = strlen(starts[i]);

        if (strncmp(text, starts[i], len) == 0 &&
            strspn(text + len, UPPER LOWER DIGITS "+/=") >= 40 &&
            strncmp(text + len, "Eby8vdM02xNOcq", 14) != 0)
            return true;
    }
    return false;
}

static bool is_private_key(const char *text)
{
    return strncmp(text, "-----BEGIN ", 11) == 0 && strstr(text, "PRIVATE KEY-----") != NULL;
}

bool tfr_secret_is_key(const struct tfr_value *value)
{
    if (value->kind != TFR_STRING)
        return false;
    for (const char *at = value->text; *at != '\0'; at++) {
        if ((*at == 'A' && is_access_key(at)) || (*at == '-' && is_private_key(at)))
            return true;
    }
    return false;
}

/* How tokens begin, and how many letters follow at least. */
static const struct {
    const char *start, *what;
    size_t least;
} tokens[] = {
    { "sk_live_", "a Stripe key", 16 },        { "rk_live_", "a Stripe key", 16 },
    { "ghp_", "a GitHub token", 36 },          { "gho_", "a GitHub token", 36 },
    { "ghu_", "a GitHub token", 36 },          { "ghs_", "a GitHub token", 36 },
    { "ghr_", "a GitHub token", 36 },          { "github_pat_", "a GitHub token", 22 },
    { "glpat-", "a GitLab token", 20 },        { "xoxb-", "a Slack token", 20 },
    { "xoxp-", "a Slack token", 20 },          { "xoxa-", "a Slack token", 20 },
    { "sk-ant-", "an Anthropic key", 20 },     { "sk-proj-", "an OpenAI key", 20 },
    { "hvs.", "a Vault token", 20 },           { "npm_", "an npm token", 36 },
    { "dop_v1_", "a DigitalOcean token", 64 },
};

static const char token_letters[] = UPPER LOWER DIGITS "_-";

static const char *token_at(const char *text)
{
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++) {
        size_t len;

        if (text[0] != tokens[i].start[0])
            continue;
        len = strlen(tokens[i].start);
        if (strncmp(text, tokens[i].start, len) == 0 &&
            strspn(text + len, token_letters) >= tokens[i].least)
            return tokens[i].what;
    }
    return NULL;
}

/* Three parts of base64url, of which the first two are JSON objects: RFC 7519, section 3.1. */
static bool is_web_token(const char *text)
{
    size_t parts = 0;

    while (parts < 3) {
        const size_t len = strspn(text, token_letters);

        if (len < 8 || (parts < 2 && strncmp(text, "eyJ", 3) != 0))
            return false;
        parts++;
        text += len;
        if (parts < 3 && *text++ != '.')
            return false;
    }
    return true;
}

/* Bytes of the shortest one, an AWS access key: most values of variables are shorter. */
#define SHORTEST 20

const char *tfr_secret_form(const struct tfr_value *value)
{
    bool inside = false; /* of a word, whose middle is the beginning of nothing */

    if (value->kind != TFR_STRING || value->count < SHORTEST)
        return NULL;
    for (const char *at = value->text; *at != '\0'; at++) {
        const char *what = NULL;

        if (!inside && *at == 'A' && is_access_key(at))
            what = "an AWS access key";
        else if (!inside && *at == '-' && is_private_key(at))
            what = "a private key";
        else if (!inside && (*at == 'A' || *at == 'S') && is_azure_key(at))
            what = "an access key of Azure";
        else if (!inside && *at == 'e' && is_web_token(at))
            what = "a web token";
        else if (!inside)
            what = token_at(at);
        if (what != NULL)
            return what;
        inside = isalnum((unsigned char)*at) != 0;
    }
    return NULL;
}

/* What begins so is filled in later: $VAR, ${VAR}, {{var}}, <var>, %s, *** */
static bool is_filled_in_later(char first)
{
    return strchr("${<%*", first) != NULL;
}

/* Server=tcp:sql.example.com;User ID=app;Password=...; the names in any case. */
static bool is_in_connection_string(const char *text)
{
    static const char *const names[] = { "password=", "pwd=" };
    bool server = false, password = false;

    for (const char *at = text; *at != '\0'; at += *at == ';') {
        at += strspn(at, " ");
        server = server || strncasecmp(at, "server=", 7) == 0 || strncasecmp(at, "host=", 5) == 0 ||
                 strncasecmp(at, "data source=", 12) == 0;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            const size_t len = strlen(names[i]);

            if (strncasecmp(at, names[i], len) == 0 && strchr(";", at[len]) == NULL &&
                !is_filled_in_later(at[len]))
                password = true;
        }
        at += strcspn(at, ";");
    }
    return server && password;
}

bool tfr_secret_in_address(const struct tfr_value *value)
{
    static const char *const here[] = { "localhost", "127.0.0.1" };
    const char *user = value->kind == TFR_STRING ? strstr(value->text, "://") : NULL;
    const char *colon, *end;
    struct tfr_url url;

    if (value->kind == TFR_STRING && is_in_connection_string(value->text))
        return true;
    if (user == NULL || !tfr_url_parse(value->text, &url) || !url.user || url.scheme_len == 0)
        return false;
    for (size_t i = 0; i < sizeof here / sizeof here[0]; i++) {
        if (url.host_len == strlen(here[i]) && strncasecmp(url.host, here[i], url.host_len) == 0)
            return false;
    }
    user += strlen("://");
    end = url.host - 1; /* the @ */
    colon = memchr(user, ':', (size_t)(end - user));
    return colon != NULL && colon + 1 < end && !is_filled_in_later(colon[1]);
}

bool tfr_secret_is_placeholder(const struct tfr_value *value)
{
    static const char *const words[] = { "REPLACE",   "PLACEHOLDER", "TODO",     "DUMMY",
                                         "TO_BE_SET", "SET_ME",      "SET-ME",   "FILL",
                                         "CHANGE_ME", "CHANGE-ME",   "CHANGE ME" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (tfr_text_holds(value->text, words[i]))
            return true;
    }
    return strchr(value->text, '<') != NULL || strspn(value->text, "{}[]\" \n\r\t") == value->count;
}
