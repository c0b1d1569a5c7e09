/* SPDX-License-Identifier: Apache-2.0 */
/* One function per format; formats.c names them. */
#ifndef TFR_REPORT_WRITERS_H
#define TFR_REPORT_WRITERS_H

#include "report/report.h"

#define TFR_WRITER(name)                                                                         \
    void tfr_report_write_##name(const struct tfr_report *report, const struct tfr_style *style, \
                                 FILE *out)

TFR_WRITER(text);
TFR_WRITER(json);
TFR_WRITER(ndjson);
TFR_WRITER(sarif);
TFR_WRITER(junit);
TFR_WRITER(markdown);
TFR_WRITER(html);
TFR_WRITER(github);
TFR_WRITER(gitlab);
TFR_WRITER(csv);
TFR_WRITER(prometheus);
TFR_WRITER(conftest);

#endif
