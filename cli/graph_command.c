/* SPDX-License-Identifier: Apache-2.0 */
/* tfready graph: who depends on whom, as a picture or for programs. */
#include "cli/graph_command.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct drawing {
    struct tfr_draw_options options;
    bool drawn;
    bool failed;
};

static void say_left_out(const struct tfr_draw_options *options, const struct tfr_drawn *drawn)
{
    const bool text = options->all && options->format == TFR_DRAW_MERMAID;

    if (drawn->left_out_nodes > 0)
        (void)fprintf(stderr, "tfready: %u nodes are left out; %s\n", drawn->left_out_nodes,
                      text ? "Mermaid draws no longer text"
                           : "--all, --around, --only-changes or --collapse show more or less");
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
        say_left_out(&drawing->options, &drawn);
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

/* ---- options -----------------------------------------------------------------------------------
 */

static bool set_word(const char *const *words, const char *text, const char *sentence, int *out,
                     struct tfr_error *err)
{
    for (*out = 0; words[*out] != NULL; (*out)++) {
        if (strcmp(words[*out], text) == 0)
            return true;
    }
    return tfr_fail(err, TFR_E_USAGE, "usage", "%s", sentence);
}

static bool set_depth(struct tfr_draw_options *options, const char *text, struct tfr_error *err)
{
    unsigned long depth;
    char *end;

    errno = 0;
    depth = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || depth == 0 ||
        depth > UINT32_MAX)
        return tfr_fail(err, TFR_E_USAGE, "usage", "--depth wants a whole number from 1");
    options->depth = (uint32_t)depth;
    return true;
}

bool cli_graph_set(struct tfr_draw_options *options, const struct cli_option_row *row,
                   const char *text, struct tfr_error *err)
{
    static const char *const formats[] = { "dot", "mermaid", "json", "graphml", NULL };
    static const char *const directions[] = { "up", "down", "both", NULL };
    static const char *const collapses[] = { "none", "count", "module", NULL };
    int word = 0;
    bool ok = true;

    switch (row->id) {
    case OPT_FORMAT:
        ok = set_word(formats, text, "--format wants dot, mermaid, json or graphml", &word, err);
        options->format = (enum tfr_drawing)word;
        return ok;
    case OPT_DIRECTION:
        ok = set_word(directions, text, "--direction wants up, down or both", &word, err);
        options->direction = (enum tfr_direction)word;
        return ok;
    case OPT_COLLAPSE:
        ok = set_word(collapses, text, "--collapse wants module or count", &word, err);
        options->collapse = (enum tfr_collapse)word;
        return ok;
    case OPT_DEPTH:
        return set_depth(options, text, err);
    case OPT_AROUND:
        options->around = text;
        return true;
    case OPT_ONLY_CHANGES:
        options->only_changes = true;
        return true;
    default:
        options->all = true;
        return true;
    }
}

static bool parse(int argc, char **argv, struct cli_options *options, struct tfr_error *err)
{
    if (!cli_options_parse(argc, argv, options, err))
        return false;
    if (options->draw.format == TFR_DRAW_JSON && options->draw.collapse != TFR_COLLAPSE_NONE)
        return tfr_fail(err, TFR_E_USAGE, "usage", "--collapse is for pictures, not for json");
    if (options->input_count > 1)
        return tfr_fail(err, TFR_E_USAGE, "usage", "graph draws one file");
    return true;
}

int tfr_cli_graph(int argc, char **argv)
{
    struct cli_options options = { .command = CLI_GRAPH, .draw = { .direction = TFR_AROUND } };
    struct drawing drawing = { .drawn = false };
    const struct tfr_sink sink = { .ctx = &drawing, .document = draw, .refused = refused };
    struct tfr_error err = { 0 };
    int code = TFR_EXIT_ERROR;

    if (!parse(argc, argv, &options, &err)) {
        (void)tfr_fail_hint(&err, "tfready graph [--format dot|mermaid|json|graphml] [--around "
                                  "ADDRESS [--depth N] [--direction up|down|both]] "
                                  "[--only-changes] [--collapse module|count] [--all] FILE");
        cli_say_error(NULL, NULL, &err);
    } else if (options.help) {
        cli_options_help(stdout);
        code = cli_close_stdout();
    } else {
        drawing.options = options.draw;
        tfr_large_pages_allow();
        tfr_read_input(options.input_count > 0 ? options.inputs[0] : "-", &options.read, &sink);
        code = cli_close_stdout();
        if (!drawing.drawn || drawing.failed)
            code = TFR_EXIT_ERROR;
    }
    cli_options_fini(&options);
    return code;
}
