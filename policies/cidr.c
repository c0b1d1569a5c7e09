/* SPDX-License-Identifier: Apache-2.0 */
#include "policies/operators.h"

#include <arpa/inet.h>
#include <string.h>

struct network {
    int family;
    unsigned char bytes[16];
    unsigned bits;
};

static bool parse_bits(const char *text, unsigned most, unsigned *out)
{
    unsigned bits = 0, len = 0;

    for (; text[len] >= '0' && text[len] <= '9' && len < 3; len++)
        bits = bits * 10 + (unsigned)(text[len] - '0');
    *out = bits;
    return len > 0 && text[len] == '\0' && bits <= most;
}

/* In a list a number is an address, too. */
static bool parse_number(const struct tfr_value *value, struct network *out)
{
    long long number = value->kind == TFR_BOOL && value->truth;

    memset(out, 0, sizeof *out);
    out->family = AF_INET;
    out->bits = 32;
    if (value->kind == TFR_NUMBER && !tfr_value_integer(value, &number))
        return false;
    if (number < 0 || number > 0xffffffffLL)
        return false;
    for (int i = 0; i < 4; i++)
        out->bytes[i] = (unsigned char)(number >> (24 - 8 * i));
    return true;
}

static bool parse(const struct tfr_value *value, struct network *out)
{
    char text[64];
    char *slash;

    if (value->kind == TFR_NUMBER || value->kind == TFR_BOOL)
        return parse_number(value, out);
    if (value->kind != TFR_STRING || value->count >= sizeof text ||
        strlen(value->text) != value->count)
        return false;
    memcpy(text, value->text, value->count + 1);
    slash = strchr(text, '/');
    if (slash != NULL)
        *slash = '\0';
    memset(out, 0, sizeof *out);
    out->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
    out->bits = out->family == AF_INET6 ? 128 : 32;
    if (slash != NULL && !parse_bits(slash + 1, out->bits, &out->bits))
        return false;
    return inet_pton(out->family, text, out->bytes) == 1;
}

static bool is_inside(const struct network *inner, const struct network *outer)
{
    if (inner->family != outer->family || inner->bits < outer->bits)
        return false;
    for (unsigned bit = 0; bit < outer->bits; bit++) {
        if (((inner->bytes[bit / 8] ^ outer->bytes[bit / 8]) >> (7 - bit % 8)) & 1)
            return false;
    }
    return true;
}

static const struct tfr_value *items(const struct tfr_value *value, uint32_t *count)
{
    *count = value->kind == TFR_LIST ? value->count : 1;
    return value->kind == TFR_LIST ? value->items : value;
}

static enum tfr_truth_value inside_any(const struct network *inner, const struct tfr_value *wanted)
{
    enum tfr_truth_value result = TFR_NO;
    uint32_t count;
    const struct tfr_value *all = items(wanted, &count);

    for (uint32_t i = 0; i < count; i++) {
        struct network outer;

        if (!parse(&all[i], &outer))
            return TFR_BROKEN;
        if (is_inside(inner, &outer))
            result = TFR_YES;
    }
    return result;
}

enum tfr_truth_value tfr_cidr_within(const struct tfr_value *value, const struct tfr_value *wanted)
{
    uint32_t count;
    const struct tfr_value *all = items(value, &count);
    enum tfr_truth_value result = TFR_YES;

    if (value->kind == TFR_NUMBER || value->kind == TFR_BOOL)
        return TFR_BROKEN;
    for (uint32_t i = 0; i < count; i++) {
        struct network inner;
        enum tfr_truth_value one;

        if (!parse(&all[i], &inner))
            return TFR_BROKEN;
        one = inside_any(&inner, wanted);
        if (one == TFR_BROKEN)
            return one;
        if (one == TFR_NO)
            result = TFR_NO;
    }
    return result;
}
