/* SPDX-License-Identifier: Apache-2.0 */
/* References of configuration: groups of entries, and the parts of one. */
#include "graph/refs.h"

#include <string.h>

/* End of the step that begins at `at`: a name, or one index in brackets. */
static size_t step_end(const char *text, size_t len, size_t at)
{
    if (at < len && text[at] == '[')
        return tfr_address_key_end(text, len, at);
    while (at < len && text[at] != '.' && text[at] != '[')
        at++;
    return at;
}

/* The name behind the dot at `at`; its end. */
static size_t next_name(const struct tfr_ref *ref, size_t at, size_t *from, size_t *len)
{
    size_t end;

    *from = at + 1;
    *len = 0;
    if (at >= ref->len || ref->text[at] != '.')
        return at;
    end = step_end(ref->text, ref->len, at + 1);
    *len = end - *from;
    return end;
}

static size_t take_key(struct tfr_ref *ref, size_t at)
{
    size_t end;

    if (at >= ref->len || ref->text[at] != '[')
        return at;
    end = step_end(ref->text, ref->len, at);
    ref->key_at = at + 1;
    ref->key_len = end > at + 2 ? end - at - 2 : 0;
    return end;
}

/* The longest of the words below, bytes: types are mostly longer. */
#define LONGEST_WORD 9

static enum tfr_ref_kind kind_of(const struct tfr_ref *ref, size_t len)
{
    static const struct {
        const char *word;
        enum tfr_ref_kind kind;
    } words[] = {
        { "data", TFR_REF_DATA },   { "module", TFR_REF_MODULE },   { "var", TFR_REF_VAR },
        { "local", TFR_REF_LOCAL }, { "each", TFR_REF_EACH },       { "count", TFR_REF_COUNT },
        { "path", TFR_REF_OTHER },  { "terraform", TFR_REF_OTHER }, { "tofu", TFR_REF_OTHER },
        { "self", TFR_REF_OTHER },  { "caller", TFR_REF_OTHER },    { "ephemeral", TFR_REF_OTHER },
        { "list", TFR_REF_OTHER },  { "action", TFR_REF_OTHER },
    };

    for (size_t i = 0; len <= LONGEST_WORD && i < sizeof words / sizeof words[0]; i++) {
        if (len > 0 && ref->text[0] == words[i].word[0] && strlen(words[i].word) == len &&
            memcmp(ref->text, words[i].word, len) == 0)
            return words[i].kind;
    }
    return len > 10 && memcmp(ref->text, "provider::", 10) == 0 ? TFR_REF_OTHER : TFR_REF_RESOURCE;
}

void tfr_ref_parse(const char *text, size_t len, struct tfr_ref *out)
{
    struct tfr_ref ref = { .text = text, .len = len };
    size_t at = step_end(text, len, 0);

    ref.kind = kind_of(&ref, at);
    if (ref.kind == TFR_REF_DATA)
        at = next_name(&ref, at, &ref.name_at, &ref.name_len);
    at = next_name(&ref, at, &ref.name_at, &ref.name_len);
    ref.block_len = at;
    ref.subject_len = at;
    if (ref.name_len == 0)
        ref.kind = TFR_REF_OTHER;
    if (ref.kind == TFR_REF_RESOURCE || ref.kind == TFR_REF_DATA)
        (void)take_key(&ref, at);
    if (ref.kind == TFR_REF_MODULE) {
        at = take_key(&ref, at);
        (void)next_name(&ref, at, &ref.out_at, &ref.out_len);
        /* An output is followed by its call with the key it was written with, never without. */
        if (ref.out_len > 0)
            ref.subject_len = at;
    }
    *out = ref;
}

/* Where the last step of text[0..len) begins, behind one that ends at `at`. */
static size_t shorten(const char *text, size_t len, size_t at)
{
    size_t last = 0;

    while (at < len) {
        last = at;
        at = step_end(text, len, text[at] == '.' ? at + 1 : at);
    }
    return last;
}

uint32_t tfr_ref_group(const struct tfr_ref *ref, const struct tfr_sym *const *references,
                       uint32_t count)
{
    const struct tfr_sym *head = references[0];
    size_t len = head->len;
    uint32_t used = 1;

    while (len > ref->subject_len && used < count) {
        const struct tfr_sym *entry = references[used];

        len = shorten(head->text, len, ref->subject_len);
        if (len < ref->subject_len || entry->len != len ||
            memcmp(entry->text, head->text, len) != 0)
            break;
        used++;
    }
    return used;
}
