/* SPDX-License-Identifier: Apache-2.0 */
/* tfready graph: who depends on whom, as a picture or for programs. */
#include "cli/graph_command.h"

#include "cli/cli.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct drawing {
    struct tfr_draw_options options;
    bool drawn;
    bool failed;
};

static void say_left_out(const struct tfr_drawn *drawn)
{
    if (drawn->left_out_nodes > 0)
        (void)fprintf(stderr,
                      "tfready: %u nodes are left out; --all, --around, --only-changes or "
                      "--collapse show more or less\n",
                      drawn->left_out_nodes);
    if (drawn->left_out_edges > 0)
        (void)fprintf(stderr, "tfready: %u edges are left out; Mermaid draws no more\n",
                      drawn->left_out_edges);
}

static void draw(void *ctx, struct tfr_document *document)
{
    struct drawing *drawing = ctx;
    struct tfr_graph *graph = tfr_graph_build(document);
    struct tfr_buf out = { 0 };
    struct tfr_drawn drawn;

    if (drawing->drawn) {
        (void)fputs("tfready: one document is drawn; the others are left out\n", stderr);
        drawing->failed = true;
    } else if (!tfr_graph_write(graph, &drawing->options, &out, &drawn)) {
        (void)fputs("tfready: no object has this address\n", stderr);
        drawing->failed = true;
    } else {
        (void)fwrite(tfr_buf_text(&out), 1, out.len, stdout);
        say_left_out(&drawn);
        drawing->drawn = true;
    }
    tfr_buf_fini(&out);
    tfr_graph_free(graph);
    tfr_document_free(document);
}

static void refused(void *ctx, const char *name, const char *member, const struct tfr_error *error)
{
    struct drawing *drawing = ctx;

    drawing->failed = true;
    cli_say_error(name, member, error);
}

static int word_of(const char *const *words, const char *text)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0)
            return i;
    }
    return -1;
}

static bool set_word(const char *const *words, const char *sentence, int *out,
                     struct tfr_error *err)
{
    *out = word_of(words, optarg);
    return *out >= 0 || tfr_fail(err, TFR_E_USAGE, "usage", "%s", sentence);
}

static bool set_depth(struct tfr_draw_options *options, struct tfr_error *err)
{
    unsigned long depth;
    char *end;

    errno = 0;
    depth = strtoul(optarg, &end, 10);
    if (optarg[0] < '0' || optarg[0] > '9' || *end != '\0' || errno != 0 || depth == 0 ||
        depth > UINT32_MAX)
        return tfr_fail(err, TFR_E_USAGE, "usage", "--depth wants a whole number from 1");
    options->depth = (uint32_t)depth;
    return true;
}

static bool set(struct tfr_draw_options *options, int code, struct tfr_error *err)
{
    static const char *const formats[] = { "dot", "mermaid", "json", "graphml", NULL };
    static const char *const directions[] = { "up", "down", "both", NULL };
    static const char *const collapses[] = { "none", "count", "module", NULL };
    int word = 0;
    bool ok = true;

    switch (code) {
    case 'f':
        ok = set_word(formats, "--format wants dot, mermaid, json or graphml", &word, err);
        options->format = (enum tfr_drawing)word;
        return ok;
    case 'd':
        ok = set_word(directions, "--direction wants up, down or both", &word, err);
        options->direction = (enum tfr_direction)word;
        return ok;
    case 'c':
        ok = set_word(collapses, "--collapse wants module or count", &word, err);
        options->collapse = (enum tfr_collapse)word;
        return ok;
    case 'n':
        return set_depth(options, err);
    case 'r':
        options->around = optarg;
        return true;
    case 'o':
        options->only_changes = true;
        return true;
    case 'a':
        options->all = true;
        return true;
    default:
        return tfr_fail(err, TFR_E_USAGE, "usage", "unknown option, or its argument is missing");
    }
}

static bool parse(int argc, char **argv, struct tfr_draw_options *options, struct tfr_error *err)
{
    static const struct option longs[] = {
        { "format", required_argument, NULL, 'f' },
        { "around", required_argument, NULL, 'r' },
        { "depth", required_argument, NULL, 'n' },
        { "direction", required_argument, NULL, 'd' },
        { "collapse", required_argument, NULL, 'c' },
        { "only-changes", no_argument, NULL, 'o' },
        { "all", no_argument, NULL, 'a' },
        { NULL, 0, NULL, 0 },
    };
    int code;

    options->direction = TFR_AROUND;
    optind = 1;
    while ((code = getopt_long(argc, argv, ":", longs, NULL)) != -1) {
        if (!set(options, code, err))
            return false;
    }
    if (options->format == TFR_DRAW_JSON && options->collapse != TFR_COLLAPSE_NONE)
        return tfr_fail(err, TFR_E_USAGE, "usage", "--collapse is for pictures, not for json");
    if (argc - optind > 1)
        return tfr_fail(err, TFR_E_USAGE, "usage", "graph draws one file");
    return true;
}

int tfr_cli_graph(int argc, char **argv)
{
    struct drawing drawing = { .drawn = false };
    const struct tfr_sink sink = { .ctx = &drawing, .document = draw, .refused = refused };
    const struct tfr_read_options options = { .piece = 0 };
    struct tfr_error err = { 0 };
    int code;

    if (!parse(argc, argv, &drawing.options, &err)) {
        (void)tfr_fail_hint(&err, "tfready graph [--format dot|mermaid|json|graphml] [--around "
                                  "ADDRESS [--depth N] [--direction up|down|both]] "
                                  "[--only-changes] [--collapse module|count] [--all] FILE");
        cli_say_error(NULL, NULL, &err);
        return TFR_EXIT_ERROR;
    }
    tfr_read_input(optind < argc ? argv[optind] : "-", &options, &sink);
    code = cli_close_stdout();
    return drawing.drawn && !drawing.failed ? code : TFR_EXIT_ERROR;
}
