/* SPDX-License-Identifier: Apache-2.0 */
/* Which formats there are: one row each. */
#include "report/writers.h"

#include <string.h>

static const struct tfr_format formats[] = {
    { "text", "for people: verdict first, then what to do", tfr_report_write_text, false },
    { "json", "for programs: everything, docs/report.schema.json", tfr_report_write_json, true },
    { "ndjson", "the same, one line per input", tfr_report_write_ndjson, true },
    { "sarif", "SARIF 2.1.0, for code scanning", tfr_report_write_sarif, true },
    { "junit", "JUnit XML, for test reports", tfr_report_write_junit, false },
    { "markdown", "readiness review for a comment, under 65,536 characters",
      tfr_report_write_markdown, false },
    { "html", "readiness review, one file without scripts", tfr_report_write_html, false },
    { "github", "annotations of GitHub Actions", tfr_report_write_github, false },
    { "gitlab", "code quality report of GitLab", tfr_report_write_gitlab, true },
    { "csv", "RFC 4180, a line per finding", tfr_report_write_csv, true },
    { "prometheus", "metrics for the textfile collector", tfr_report_write_prometheus, false },
    { "conftest", "what conftest test -o json prints", tfr_report_write_conftest, true },
    { NULL, NULL, NULL, false },
};

const struct tfr_format *tfr_formats(void)
{
    return formats;
}

const struct tfr_format *tfr_format_find(const char *name)
{
    for (const struct tfr_format *format = formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0)
            return format;
    }
    return NULL;
}
