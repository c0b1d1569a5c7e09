/* SPDX-License-Identifier: Apache-2.0 */
/* Text from outside cannot break out of the syntax it stands in. */
#include "report/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void xml(struct tfr_buf *out, const char *text)
{
    tfr_escape_xml(out, text);
}

static void markdown(struct tfr_buf *out, const char *text)
{
    tfr_escape_markdown(out, text, 0);
}

static void ascii(struct tfr_buf *out, const char *text)
{
    tfr_escape_ascii(out, text);
}

static void cut(struct tfr_buf *out, const char *text)
{
    tfr_escape_markdown(out, text, 4);
}

static void code(struct tfr_buf *out, const char *text)
{
    tfr_escape_markdown_code(out, text, 0, false);
}

static void cell(struct tfr_buf *out, const char *text)
{
    tfr_escape_markdown_code(out, text, 0, true);
}

static void mermaid(struct tfr_buf *out, const char *text)
{
    tfr_escape_mermaid(out, text, 0);
}

static void csv(struct tfr_buf *out, const char *text)
{
    tfr_escape_csv(out, text);
}

static void github(struct tfr_buf *out, const char *text)
{
    tfr_escape_github(out, text, false);
}

static void property(struct tfr_buf *out, const char *text)
{
    tfr_escape_github(out, text, true);
}

static void label(struct tfr_buf *out, const char *text)
{
    tfr_escape_label(out, text);
}

static void uri(struct tfr_buf *out, const char *text)
{
    tfr_escape_uri(out, text);
}

struct row {
    void (*escape)(struct tfr_buf *out, const char *text);
    const char *in, *out;
};

static const struct row rows[] = {
    { ascii, "a.b[\"c\"]", "a.b[\"c\"]" },
    { ascii, "caf\xc3\xa9 \xe6\x97\xa5", "caf\\u00e9 \\u65e5" },
    { ascii, "\xf0\x9f\x9a\x80", "\\U0001f680" },
    { xml, "]]><a b=\"c\">&'", "]]&gt;&lt;a b=&quot;c&quot;&gt;&amp;&#39;" },
    { xml, "a\x1b[31m\n", "a\\x1b[31m\\n" },
    { xml, "\xe2\x80\xae", "\\u202e" },
    { xml, "\xef\xbf\xbf", "\\uffff" },
    { xml, "\xff", "\\xff" },
    { xml, NULL, "" },
    { markdown, "aws_db_instance", "aws_db_instance" },
    { markdown, "_a_ *b* `c`", "\\_a\\_ \\*b\\* \\`c\\`" },
    { markdown, "[x](y) <b> | #", "\\[x\\](y) \\<b\\> \\| \\#" },
    { markdown, "#1 !2 GH-3", "\\#<!-- -->1 \\!<!-- -->2 GH-<!-- -->3" },
    { markdown, "www.a.example", "www<!-- -->.a.example" },
    { markdown, "@team", "@<!-- -->team" },
    { markdown, "http://x", "http:<!-- -->//x" },
    { cut, "abcdef", "abcd..." },
    { cut, "abc\xc3\xa4", "abc..." },
    { code, "a", "`a`" },
    { code, "a`b``c", "``` a`b``c ```" },
    { code, "a|b", "`a|b`" },
    { code, "", "" },
    { cell, "a|b", "`a\\|b`" },
    { code, "a\n# b", "`a\\n# b`" },
    { mermaid, "a[\"b\"]", "a#91;#34;b#34;#93;" },
    { mermaid, "```", "#96;#96;#96;" },
    { csv, "plain", "plain" },
    { csv, "a,b \"c\"", "\"a,b \"\"c\"\"\"" },
    { csv, "=1+1", "'=1+1" },
    { csv, "@x,y", "\"'@x,y\"" },
    { csv, "-2", "'-2" },
    { csv, "\t=1", "\\t=1" },
    { csv, "a\r\nb", "a\\r\\nb" },
    { github, "100%0A::error::x", "100%250A::error::x" },
    { github, "a\n::error::x", "a\\n::error::x" },
    { property, "a:b,c", "a%3Ab%2Cc" },
    { label, "a\"b\\c\nd", "a\\\"b\\\\c\\\\nd" },
    { uri, "a b/c%.json", "a%20b/c%25.json" },
    { uri, "-", "stdin" },
    { uri, "\xff", "%FF" },
};

static void test_row(void **state)
{
    const struct row *row = *state;
    struct tfr_buf out = { 0 };

    row->escape(&out, row->in);
    assert_string_equal(tfr_buf_text(&out), row->out);
    tfr_buf_fini(&out);
}

int main(void)
{
    enum { COUNT = sizeof rows / sizeof rows[0] };
    struct CMUnitTest tests[COUNT];

    for (size_t i = 0; i < COUNT; i++)
        tests[i] = (struct CMUnitTest){ .name = rows[i].out,
                                        .test_func = test_row,
                                        .initial_state = (void *)&rows[i] };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
