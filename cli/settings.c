/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/settings.h"
#include "cli/cli.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define LEVELS 32 /* of folders above this one */

/* ---- the file ----------------------------------------------------------------------------------
 */

static bool is_there(const char *folder, const char *name)
{
    char path[192];
    struct stat info;

    (void)snprintf(path, sizeof path, "%s%s", folder, name);
    return lstat(path, &info) == 0;
}

/* Here, or above as far as the folder that holds .git; where no such folder is, here alone. */
static bool find_file(char *out, size_t size)
{
    char folder[3 * LEVELS + 1] = "";
    char nearest[sizeof folder] = "";
    bool found = false;

    for (int level = 0; level < LEVELS; level++) {
        if (!found && is_there(folder, CLI_CONFIG)) {
            memcpy(nearest, folder, sizeof nearest);
            found = true;
        }
        if (found && nearest[0] == '\0')
            break;
        if (is_there(folder, ".git")) {
            (void)snprintf(out, size, "%s" CLI_CONFIG, nearest);
            return found;
        }
        (void)strncat(folder, "../", sizeof folder - strlen(folder) - 1);
    }
    (void)snprintf(out, size, "%s", CLI_CONFIG);
    return found && nearest[0] == '\0';
}

static bool load_file(struct cli_options *options, struct tfr_error *err)
{
    const char **keys;
    size_t count = 0;
    bool ok;

    if (options->config_file == NULL) {
        if (options->no_config || !find_file(options->found_config, sizeof options->found_config))
            return true;
        options->config_file = options->found_config;
    }
    keys = tfr_calloc(cli_option_row_count + 1, sizeof *keys);
    for (size_t i = 0; i < cli_option_row_count; i++) {
        if (cli_option_rows[i].preset != NULL)
            keys[count++] = cli_option_rows[i].name;
    }
    options->config = tfr_config_new();
    ok = tfr_config_load(options->config, options->config_file, keys, err);
    tfr_free(keys);
    return ok;
}

/* It takes the place of what the settings say. */
static bool load_profile(struct cli_options *options, struct tfr_error *err)
{
    if (options->config == NULL)
        options->config = tfr_config_new();
    return tfr_config_load_profile(options->config, options->profile, err);
}

/* ---- one setting -------------------------------------------------------------------------------
 */

static bool is_on(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "1") == 0;
}

/* A switch is true or false: turn_on() does it when all have spoken. */
static bool set(struct cli_options *options, const struct cli_option_row *row, const char *text,
                struct tfr_error *err)
{
    if (row->argument != ARG_NONE)
        return cli_option_apply(options, row, text, err);
    return is_on(text) || strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ||
           tfr_fail(err, TFR_E_USAGE, "config.value", "%s wants true or false", row->name);
}

static bool take_file(struct cli_options *options, struct tfr_error *err)
{
    const struct tfr_setting *settings;
    size_t count = 0;

    if (options->config == NULL)
        return true;
    settings = tfr_config_settings(options->config, &count);
    for (size_t i = 0; i < count; i++) {
        size_t row = 0;

        while (cli_option_rows[row].preset == NULL ||
               strcmp(cli_option_rows[row].name, settings[i].key) != 0)
            row++; /* unknown keys were refused when the file was read */
        options->sources[row] =
            (struct cli_source){ CLI_FROM_FILE, settings[i].text, settings[i].line };
        if (set(options, &cli_option_rows[row], settings[i].text, err))
            continue;
        err->id = "config.value";
        err->line = settings[i].line;
        err->column = settings[i].column;
        tfr_fail_file(err, options->config_file);
        return false;
    }
    return true;
}

/* TFREADY_FAIL_ON of fail-on. */
static const char *variable_of(const struct cli_option_row *row, char *name, size_t size)
{
    (void)snprintf(name, size, "TFREADY_%s", row->name);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
    return name;
}

static bool take_environment(struct cli_options *options, struct tfr_error *err)
{
    char name[64];

    for (size_t i = 0; i < cli_option_row_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        const char *text = row->preset != NULL ? getenv(variable_of(row, name, sizeof name)) : NULL;

        if (text == NULL || text[0] == '\0')
            continue;
        options->sources[i] = (struct cli_source){ .from = CLI_FROM_ENVIRONMENT, .text = text };
        if (set(options, row, text, err))
            continue;
        (void)tfr_fail_hint(err, "%s says so", name);
        return false;
    }
    return true;
}

/* No option turns a switch off, so the last word of file and environment counts. */
static bool turn_on(struct cli_options *options, struct tfr_error *err)
{
    for (size_t i = 0; i < cli_option_row_count; i++) {
        const struct cli_source *source = &options->sources[i];

        if (cli_option_rows[i].argument == ARG_NONE && source->text != NULL &&
            is_on(source->text) && !cli_option_apply(options, &cli_option_rows[i], NULL, err))
            return false;
    }
    return true;
}

bool cli_settle(struct cli_options *options, const struct cli_word *words, size_t count,
                struct tfr_error *err)
{
    const char *file = getenv("TFREADY_CONFIG");
    bool last = false;

    options->sources = tfr_calloc(cli_option_row_count, sizeof *options->sources);
    if (file != NULL && file[0] != '\0')
        options->config_file = file;
    for (size_t i = 0; i < count; i++) {
        const int id = words[i].row->id;

        last = last || id == OPT_HELP || id == OPT_VERSION;
        if (id == OPT_NO_CONFIG) {
            options->no_config = true;
            options->config_file = NULL;
        }
    }
    for (size_t i = 0; i < count; i++) {
        if ((words[i].row->id == OPT_CONFIG || words[i].row->id == OPT_PROFILE) &&
            !cli_option_apply(options, words[i].row, words[i].text, err))
            return false;
    }
    if (!last && (!load_file(options, err) || !take_file(options, err) ||
                  !take_environment(options, err) || !turn_on(options, err)))
        return false;
    if (!last && options->profile != NULL && !load_profile(options, err))
        return false;
    options->evaluate.config = options->config;
    for (size_t i = 0; i < count; i++) {
        options->sources[words[i].row - cli_option_rows] =
            (struct cli_source){ .from = CLI_FROM_FLAG,
                                 .text = words[i].text != NULL ? words[i].text : "true" };
        if (!cli_option_apply(options, words[i].row, words[i].text, err))
            return false;
    }
    return true;
}

/* ---- --show-config -----------------------------------------------------------------------------
 */

int cli_show_config(const struct cli_options *options)
{
    struct tfr_policies *policies = tfr_policies_new();
    struct tfr_error err = { 0 };
    struct tfr_buf line = { 0 };
    const char *const *remarks;
    size_t count = 0;
    char name[64];
    int code = TFR_EXIT_ERROR;

    for (size_t i = 0; i < cli_option_row_count; i++) {
        const struct cli_option_row *row = &cli_option_rows[i];
        const struct cli_source *source = &options->sources[i];
        const char *text = source->from == CLI_FROM_PRESET ? row->preset : source->text;

        if (row->preset == NULL)
            continue;
        tfr_buf_printf(&line, "%-20s ", row->name);
        tfr_buf_add_safe(&line, text, strlen(text));
        if (source->from == CLI_FROM_FILE)
            tfr_buf_printf(&line, "  (%s:%u)", options->config_file, source->line);
        else
            tfr_buf_printf(&line, "  (%s%s)",
                           source->from == CLI_FROM_FLAG     ? "--"
                           : source->from == CLI_FROM_PRESET ? "default"
                                                             : "",
                           source->from == CLI_FROM_FLAG     ? row->name
                           : source->from == CLI_FROM_PRESET ? ""
                                                             : variable_of(row, name, sizeof name));
        tfr_buf_putc(&line, '\n');
    }
    if (cli_load_policies(options, policies, &err)) {
        remarks = tfr_config_remarks(options->config, &count);
        for (size_t i = 0; i < count; i++) {
            tfr_buf_add_safe(&line, remarks[i], strlen(remarks[i]));
            tfr_buf_putc(&line, '\n');
        }
        (void)fputs(tfr_buf_text(&line), stdout);
        code = cli_close_stdout();
    } else {
        cli_say_error(NULL, NULL, &err);
    }
    tfr_buf_fini(&line);
    tfr_policies_free(policies);
    return code;
}

bool cli_is_question(const struct cli_options *options)
{
    return options->help || options->show_config;
}

int cli_answer(const struct cli_options *options)
{
    if (!options->help)
        return cli_show_config(options);
    cli_options_help(stdout);
    return cli_close_stdout();
}
