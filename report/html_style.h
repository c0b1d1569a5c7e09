/* SPDX-License-Identifier: Apache-2.0 */
/* The look of the HTML report: light, dark, narrow and on paper. No script, nothing from elsewhere.
 */
#ifndef TFR_REPORT_HTML_STYLE_H
#define TFR_REPORT_HTML_STYLE_H

static const char html_style[] =
    ":root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--page:#fff;--card:#f6f8fa;"
    "--line:#d0d7de;--bad:#b42318;--warn:#8a5a00;--good:#1a7f37}\n"
    "@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9da7b3;--page:#0d1117;"
    "--card:#161b22;--line:#30363d;--bad:#ff8177;--warn:#e3b341;--good:#56d364}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,sans-serif}\n"
    "main,header,footer{max-width:70rem;margin:0 auto;padding:0 1.25rem}\n"
    "header{padding-top:2rem}\n"
    "h1{font-size:2.25rem;line-height:1.2;margin:0 0 .25rem}\n"
    "h2{margin:2.5rem 0 .5rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}\n"
    "h3{margin:0 0 .5rem;font-size:1.05rem}\n"
    "p{margin:.25rem 0 .75rem}.soft{color:var(--soft)}\n"
    ".bad{color:var(--bad)}.warn{color:var(--warn)}.good{color:var(--good)}\n"
    "code{font:0.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;"
    "overflow-wrap:anywhere}\n"
    ".id{font-weight:400;color:var(--soft)}\n"
    ".score{display:inline-block;font-size:1.5rem;font-weight:600;margin-right:.75rem}\n"
    "article{background:var(--card);border:1px solid var(--line);"
    "border-left:4px solid var(--edge,var(--line));border-radius:6px;padding:1rem;margin:1rem 0}\n"
    ".P0{--edge:var(--bad)}.P1{--edge:var(--warn)}\n"
    ".next{font-weight:600}.note{border-left:4px solid var(--line);padding-left:.75rem}\n"
    ".wide{overflow-x:auto}\n"
    "table{border-collapse:collapse;width:100%;margin:.25rem 0 .75rem}\n"
    "th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;"
    "border-bottom:1px solid var(--line)}\n"
    "article td:first-child{min-width:13rem}td.bad,td.warn,td.good{white-space:nowrap}\n"
    "th{font-weight:600;font-size:.875rem;color:var(--soft)}\n"
    ".num{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}\n"
    "dl{display:grid;grid-template-columns:4.5rem 1fr;gap:.25rem .75rem;margin:0}\n"
    "dt{color:var(--soft)}dd{margin:0}\n"
    "ul{margin:.25rem 0;padding-left:1.25rem}\n"
    ".sign td{height:2.75rem}\n"
    "svg{display:block;max-width:100%;height:auto;margin:.5rem 0}\n"
    "svg text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:var(--ink)}\n"
    "svg rect{fill:var(--card);stroke:var(--line)}svg .gone{stroke:var(--bad);stroke-width:2}\n"
    "svg path{stroke:var(--soft);fill:none}svg .far{stroke-dasharray:4 4}\n"
    "footer{padding:2rem 1.25rem;color:var(--soft)}\n"
    "@media (max-width:40rem){h1{font-size:1.75rem}dl{grid-template-columns:1fr;gap:0}"
    "dd{margin-bottom:.5rem}}\n"
    "@media print{:root{--ink:#000;--soft:#444;--page:#fff;--card:#fff;--line:#999;--bad:#a00;"
    "--warn:#750;--good:#060}body{font-size:10pt}article,tr,svg{break-inside:avoid}"
    "h2,h3{break-after:avoid}main,header,footer{max-width:none;padding:0}.wide{overflow:visible}}"
    "\n";

#endif
