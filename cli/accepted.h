/* SPDX-License-Identifier: Apache-2.0 */
/* What the user accepts: waivers and baselines. */
#ifndef TFR_CLI_ACCEPTED_H
#define TFR_CLI_ACCEPTED_H

#include "cli/options.h"

/** The file that is read when no --waivers is given, if it is there. */
#define CLI_WAIVERS ".tfready-waivers.yaml"

/** Reads what the options ask for. The clock is read only if there are waivers and no --as-of.
 *  @return yours, end it with tfr_waivers_free(); NULL on failure */
struct tfr_waivers *cli_load_waivers(const struct cli_options *options, struct tfr_error *err);

/** The day that --as-of says, or today in UTC. */
void cli_day(const struct cli_options *options, char day[11]);

/** Writes the open findings of a report as a baseline, completely or not at all. */
bool cli_write_baseline(const char *file, const struct tfr_report *report,
                        struct tfr_error *err) TFR_CHECKED;

/** tfready waivers lint [FILE] */
int cli_waivers(int argc, char **argv);
/** `tfready profile lint FILE`: reads it and says what is wrong. @return an exit code */
int cli_profile(int argc, char **argv);

#endif
