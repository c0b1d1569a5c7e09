/* SPDX-License-Identifier: Apache-2.0 */
/* Parses a file with bare yajl and throws it away: `null` has no callback at all, `count` one that
 * counts for every event. What the program is measured against. */
#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

static int count_plain(void *ctx)
{
    ++*(unsigned long *)ctx;
    return 1;
}

static int count_boolean(void *ctx, int truth)
{
    (void)truth;
    return count_plain(ctx);
}

static int count_number(void *ctx, const char *text, size_t len)
{
    (void)text;
    (void)len;
    return count_plain(ctx);
}

static int count_text(void *ctx, const unsigned char *text, size_t len)
{
    (void)text;
    (void)len;
    return count_plain(ctx);
}

static const yajl_callbacks nothing;
static const yajl_callbacks counting = {
    .yajl_null = count_plain,
    .yajl_boolean = count_boolean,
    .yajl_number = count_number,
    .yajl_string = count_text,
    .yajl_start_map = count_plain,
    .yajl_map_key = count_text,
    .yajl_end_map = count_plain,
    .yajl_start_array = count_plain,
    .yajl_end_array = count_plain,
};

int main(int argc, char **argv)
{
    static unsigned char piece[64 * 1024];
    unsigned long events = 0;
    yajl_status status = yajl_status_ok;
    yajl_handle parser;
    FILE *file;
    size_t len;

    if (argc != 3 || (strcmp(argv[1], "null") != 0 && strcmp(argv[1], "count") != 0)) {
        (void)fprintf(stderr, "usage: yajl_alone null|count FILE\n");
        return 2;
    }
    file = fopen(argv[2], "rb");
    if (file == NULL) {
        perror(argv[2]);
        return 2;
    }
    (void)setvbuf(file, NULL, _IONBF, 0);
    parser = yajl_alloc(argv[1][0] == 'n' ? &nothing : &counting, NULL, &events);
    while (status == yajl_status_ok && (len = fread(piece, 1, sizeof piece, file)) > 0)
        status = yajl_parse(parser, piece, len);
    if (status == yajl_status_ok)
        status = yajl_complete_parse(parser);
    yajl_free(parser);
    (void)fclose(file);
    (void)printf("%lu events\n", events);
    return status == yajl_status_ok ? 0 : 2;
}
