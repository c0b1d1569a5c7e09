/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses, taken apart: [module.NAME[KEY].]... [data.]TYPE.NAME[KEY], KEY is [0] or ["text"]. */
#include "planparse/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A place in an address. */
struct scan {
    const char *text;
    size_t len, at;
};

/* End of an identifier: letters, digits, _ and -, and every byte above ASCII. */
static bool identifier(struct scan *scan, size_t *from, size_t *len)
{
    *from = scan->at;
    while (scan->at < scan->len) {
        const unsigned char c = (unsigned char)scan->text[scan->at];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_' || c == '-' || c >= 0x80))
            break;
        scan->at++;
    }
    *len = scan->at - *from;
    return *len > 0;
}

static bool take(struct scan *scan, char c)
{
    if (scan->at == scan->len || scan->text[scan->at] != c)
        return false;
    scan->at++;
    return true;
}

static bool text_key(struct scan *scan, struct tfr_address *out)
{
    out->key_at = ++scan->at;
    while (scan->at < scan->len && scan->text[scan->at] != '"')
        scan->at += scan->text[scan->at] == '\\' ? 2 : 1;
    if (scan->at >= scan->len)
        return false;
    out->key.kind = TFR_KEY_TEXT;
    out->key_len = scan->at - out->key_at;
    scan->at++;
    return take(scan, ']');
}

/* [0], ["a"] or, in deferred changes, [*]; none at all is fine. */
static bool key(struct scan *scan, struct tfr_address *out)
{
    char digits[24];
    size_t from;

    out->key = (struct tfr_key){ 0 };
    out->key_at = out->key_len = 0;
    if (!take(scan, '['))
        return true;
    if (scan->at < scan->len && scan->text[scan->at] == '"')
        return text_key(scan, out);
    from = scan->at;
    while (scan->at < scan->len && scan->text[scan->at] != ']')
        scan->at++;
    if (scan->at == scan->len || scan->at == from || scan->at - from >= sizeof digits)
        return false;
    memcpy(digits, scan->text + from, scan->at - from);
    digits[scan->at - from] = '\0';
    errno = 0;
    out->key.kind = TFR_KEY_INDEX;
    out->key.index = strcmp(digits, "*") == 0 ? -1 : strtoll(digits, NULL, 10);
    return take(scan, ']') && errno == 0;
}

static bool word_is(const struct scan *scan, size_t from, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(scan->text + from, word, len) == 0;
}

/* Reads `module.NAME[KEY].` as often as it stands there. */
static bool modules(struct scan *scan, struct tfr_address *out)
{
    for (;;) {
        const size_t start = scan->at;
        size_t from;
        size_t len;

        if (!identifier(scan, &from, &len) || !word_is(scan, from, len, "module")) {
            scan->at = start;
            return true;
        }
        if (!take(scan, '.') || !identifier(scan, &from, &len) || !key(scan, out))
            return false;
        out->module_len = scan->at;
        if (scan->at == scan->len)
            return true;
        if (!take(scan, '.'))
            return false;
    }
}

bool tfr_address_parse(const char *text, size_t len, struct tfr_address *out)
{
    struct scan scan = { .text = text, .len = len };
    struct tfr_address address = { 0 };

    if (!modules(&scan, &address) || !identifier(&scan, &address.type_at, &address.type_len))
        return false;
    if (word_is(&scan, address.type_at, address.type_len, "data") ||
        word_is(&scan, address.type_at, address.type_len, "ephemeral")) {
        address.mode = scan.text[address.type_at] == 'd' ? TFR_DATA : TFR_EPHEMERAL;
        if (!take(&scan, '.') || !identifier(&scan, &address.type_at, &address.type_len))
            return false;
    }
    if (!take(&scan, '.') || !identifier(&scan, &address.name_at, &address.name_len))
        return false;
    address.block_end = scan.at;
    if (!key(&scan, &address) || scan.at != scan.len)
        return false;
    *out = address;
    return true;
}

bool tfr_address_is_identifier(const char *text, size_t len)
{
    struct scan scan = { .text = text, .len = len };
    size_t from;
    size_t run;

    return identifier(&scan, &from, &run) && run == len;
}

bool tfr_address_is_module(const char *text, size_t len)
{
    struct scan scan = { .text = text, .len = len };
    struct tfr_address parts = { 0 };

    return modules(&scan, &parts) && len > 0 && parts.module_len == len;
}

size_t tfr_address_key_end(const char *text, size_t len, size_t at)
{
    at++;
    if (at < len && text[at] == '"') {
        for (at++; at < len && text[at] != '"'; at++)
            at += text[at] == '\\';
    }
    while (at < len && text[at] != ']')
        at++;
    return at < len ? at + 1 : len;
}

void tfr_address_block(struct tfr_buf *out, const char *text, size_t len)
{
    size_t at = 0;

    while (at < len) {
        const char *open = memchr(text + at, '[', len - at);
        const size_t end = open != NULL ? (size_t)(open - text) : len;

        tfr_buf_add(out, text + at, end - at);
        at = end < len ? tfr_address_key_end(text, len, end) : len;
    }
}

void tfr_address_add_block(struct tfr_buf *out, const struct tfr_sym *module, enum tfr_mode mode,
                           const struct tfr_sym *type, const struct tfr_sym *name)
{
    if (module != NULL) {
        tfr_buf_add(out, module->text, module->len);
        tfr_buf_putc(out, '.');
    }
    tfr_buf_puts(out, tfr_address_mode(mode));
    tfr_buf_add(out, type->text, type->len);
    tfr_buf_putc(out, '.');
    tfr_buf_add(out, name->text, name->len);
}

const char *tfr_address_mode(enum tfr_mode mode)
{
    return mode == TFR_DATA ? "data." : mode == TFR_EPHEMERAL ? "ephemeral." : "";
}

/* Text keys are written into addresses as Terraform does: quotes, backslashes, line ends and ${
 * escaped. */
void tfr_address_add_key(struct tfr_buf *out, const struct tfr_key *key)
{
    if (key->kind == TFR_KEY_INDEX)
        tfr_buf_printf(out, "[%lld]", key->index);
    if (key->kind != TFR_KEY_TEXT)
        return;
    tfr_buf_puts(out, "[\"");
    for (uint32_t i = 0; i < key->text->len; i++) {
        const char c = key->text->text[i];
        const char next = i + 1 < key->text->len ? key->text->text[i + 1] : '\0';

        if (c == '"' || c == '\\')
            tfr_buf_printf(out, "\\%c", c);
        else if (c == '\n')
            tfr_buf_puts(out, "\\n");
        else if (c == '\r')
            tfr_buf_puts(out, "\\r");
        else if (c == '\t')
            tfr_buf_puts(out, "\\t");
        else if ((c == '$' || c == '%') && next == '{')
            tfr_buf_printf(out, "%c%c", c, c);
        else
            tfr_buf_putc(out, c);
    }
    tfr_buf_puts(out, "\"]");
}
