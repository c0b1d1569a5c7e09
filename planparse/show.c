/* SPDX-License-Identifier: Apache-2.0 */
/* The one printer of values. Nothing else in the program writes what an attribute holds. */
#include "planparse/planparse.h"

#include <string.h>

/* Parts of attribute names that mean a secret, whatever the document marks, by their first letter.
 */
static const char *const secret_names[26][6] = {
    ['a' - 'a'] = { "api_key", "apikey", "access_key", "auth" },
    ['c' - 'a'] = { "credential", "connection_string", "certificate_body" },
    ['l' - 'a'] = { "license_key" },
    ['m' - 'a'] = { "master_user" },
    ['p' - 'a'] = { "password", "passwd", "passphrase", "private_key", "privatekey" },
    ['s' - 'a'] = { "secret", "signing", "sas_" },
    ['t' - 'a'] = { "token" },
    ['u' - 'a'] = { "user_data" },
};

/* How well-known tokens begin. */
static const char *const secret_starts[] = {
    "AKIA",        "ASIA",    "ghp_",    "gho_",    "ghu_",  "ghs_",   "ghr_",
    "github_pat_", "glpat-",  "xoxb-",   "xoxp-",   "xoxa-", "xoxr-",  "sk-",
    "sk_live",     "sk_test", "rk_live", "pk_live", "eyJ",   "SG.",    "AIza",
    "ya29.",       "hvs.",    "dop_v1_", "npm_",    "pypi-", "whsec_", "-----BEGIN",
};

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool begins_with(const char *text, const char *part)
{
    size_t i = 0;

    while (part[i] != '\0' && lower(text[i]) == part[i])
        i++;
    return part[i] == '\0';
}

static bool name_is_secret(const char *name)
{
    for (; name != NULL && *name != '\0'; name++) {
        const char first = lower(*name);
        const char *const *part = first >= 'a' && first <= 'z' ? secret_names[first - 'a'] : NULL;

        for (; part != NULL && *part != NULL; part++) {
            if (begins_with(name, *part))
                return true;
        }
    }
    return false;
}

static bool word_end(char c)
{
    return c == '\0' || c == ' ' || c == '"' || c == '\'' || c == '=' || c == ':' || c == ',' ||
           c == '\n' || c == '/';
}

/* scheme://user:password@host */
static bool has_userinfo(const char *text, size_t len)
{
    const char *scheme = len > 3 ? strstr(text, "://") : NULL;
    const char *at = scheme != NULL ? strchr(scheme + 3, '@') : NULL;
    const char *colon = scheme != NULL ? strchr(scheme + 3, ':') : NULL;

    return at != NULL && colon != NULL && colon < at;
}

static bool text_is_secret(const char *text, size_t len)
{
    if (has_userinfo(text, len))
        return true;
    for (size_t i = 0; i < len; i++) {
        if (i > 0 && !word_end(text[i - 1]))
            continue;
        for (size_t k = 0; k < sizeof secret_starts / sizeof secret_starts[0]; k++) {
            const char *start = secret_starts[k];

            if (text[i] == start[0] && strlen(start) <= len - i &&
                memcmp(text + i, start, strlen(start)) == 0)
                return true;
        }
    }
    return false;
}

static void show_string(struct tfr_buf *out, const struct tfr_value *value, size_t limit)
{
    size_t len = value->count;

    if (len > limit) {
        len = limit;
        while (len > 0 && ((unsigned char)value->text[len] & 0xc0) == 0x80)
            len--;
    }
    tfr_buf_putc(out, '"');
    tfr_buf_add_safe(out, value->text, len);
    tfr_buf_puts(out, len < value->count ? "...\"" : "\"");
}

static bool is_scalar(const struct tfr_value *value)
{
    return value->kind != TFR_LIST && value->kind != TFR_OBJECT;
}

static void show_scalar(struct tfr_buf *out, const char *name, const struct tfr_value *value,
                        size_t limit)
{
    if (value->sensitive) {
        tfr_buf_puts(out, "(sensitive)");
        return;
    }
    switch (value->kind) {
    case TFR_ABSENT:
        tfr_buf_puts(out, "(absent)");
        break;
    case TFR_NULL:
        tfr_buf_puts(out, "null");
        break;
    case TFR_UNKNOWN:
        tfr_buf_puts(out, "(known after apply)");
        break;
    case TFR_BOOL:
        tfr_buf_puts(out, value->truth ? "true" : "false");
        break;
    default:
        if (name_is_secret(name) || text_is_secret(value->text, value->count))
            tfr_buf_puts(out, "(sensitive)");
        else if (value->kind == TFR_NUMBER)
            tfr_buf_add_safe(out, value->text, value->count < limit ? value->count : limit);
        else
            show_string(out, value, limit);
        break;
    }
}

void tfr_value_show(struct tfr_buf *out, const char *name, const struct tfr_value *value,
                    size_t limit)
{
    const size_t start = out->len;

    if (is_scalar(value) || value->sensitive || name_is_secret(name)) {
        if (is_scalar(value))
            show_scalar(out, name, value, limit);
        else
            tfr_buf_puts(out, "(sensitive)");
        return;
    }
    if (value->kind == TFR_OBJECT) {
        tfr_buf_printf(out, "{%u member%s}", value->count, value->count == 1 ? "" : "s");
        return;
    }
    tfr_buf_putc(out, '[');
    for (uint32_t i = 0; i < value->count; i++) {
        if (i > 0)
            tfr_buf_puts(out, ", ");
        if (out->len - start > limit) {
            tfr_buf_puts(out, "...");
            break;
        }
        if (is_scalar(&value->items[i]))
            show_scalar(out, name, &value->items[i], limit);
        else
            tfr_buf_puts(out, value->items[i].kind == TFR_LIST ? "[...]" : "{...}");
    }
    tfr_buf_putc(out, ']');
}
