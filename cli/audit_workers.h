/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TFR_CLI_AUDIT_WORKERS_H
#define TFR_CLI_AUDIT_WORKERS_H

#include "cli/options.h"

/** Inputs of an audit, in order. */
struct cli_names {
    char **at;
    size_t count, cap;
};
void cli_names_add(struct cli_names *names, const char *name);
void cli_names_fini(struct cli_names *names);

/** What every document is held against. */
struct cli_rules {
    struct tfr_policies *policies;
    struct tfr_waivers *waivers;
    const struct tfr_document *state; /* --state, or NULL */
};

/** Takes the lines, in the order of the inputs. */
struct cli_line_sink {
    void *ctx;
    void (*line)(void *ctx, const char *line, size_t len);
};

/** Reads and judges every input, with as many processes as --jobs says; the lines are the same with
 * any number. Error: TFR_E_IO "audit.worker" if a process ended before its work. */
bool cli_map_inputs(const struct cli_options *options, const struct cli_rules *rules,
                    const struct cli_names *inputs, const struct cli_line_sink *sink,
                    struct tfr_error *err) TFR_CHECKED;

#endif
