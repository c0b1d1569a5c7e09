# SPDX-License-Identifier: Apache-2.0
"""Readers of the output formats: each checks the form of one, and gives the findings that it holds.

A finding is told by its policy and its subject, as people see it: with escapes for what acts on a screen.
"""
import csv
import html.parser
import io
import json
import os
import re
import shutil
import subprocess
import tempfile
import xml.etree.ElementTree

try:
    import jsonschema
except ImportError:
    jsonschema = None

FORMATS = ["text", "json", "ndjson", "sarif", "junit", "markdown", "html", "github", "gitlab",
           "csv", "prometheus", "conftest"]
HERE = os.path.dirname(os.path.abspath(__file__))
RULES = os.path.join(os.path.dirname(HERE), "schemas")
ORIGINALS = os.environ.get("TFREADY_SCHEMAS")
VOID = {"meta", "br", "link", "rect", "path"}
SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:\\[\\n"]|[^"\\\n])*",?)*)\} (-?[0-9]+)')
SHORT = {7: "a", 8: "b", 9: "t", 10: "n", 11: "v", 12: "f", 13: "r"}
WHOLE = "the whole document"


# Characters that act on a screen or on the order of what it shows, and the two that XML does not know.
ACTING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
                    "\U000e0000-\U000e007f]")


def shown(found):
    """One of them as people are shown it."""
    point = ord(found.group())
    if point in SHORT:
        return "\\" + SHORT[point]
    return f"\\x{point:02x}" if point < 0x80 else f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


def safe(text):
    """A text as people are shown it."""
    return ACTING.sub(shown, text)


def find(tool):
    """Where a program is, or None."""
    return shutil.which(tool)


def schema(name):
    """A validator for one of our rules, or None where there is no jsonschema."""
    if jsonschema is None:
        return None
    path = name if os.sep in name else os.path.join(RULES, name)
    with open(path, encoding="utf-8") as file:
        rules = json.load(file)
    return jsonschema.validators.validator_for(rules)(rules)


def validate(name, value):
    """Holds a value against rules of that name, and against the original if it is there."""
    one = schema(name)
    if one is not None:
        one.validate(value)
    original = os.path.join(ORIGINALS or "", "sarif-schema-2.1.0.json")
    if name.startswith("sarif") and ORIGINALS and jsonschema is not None:
        schema(os.path.abspath(original)).validate(value)


def quiet(text):
    """Nothing in it acts on a screen but line ends."""
    bad = ACTING.search(text.replace("\n", ""))
    assert bad is None, hex(ord(bad.group()))


def subject_of(address):
    return safe(address) or WHOLE


def expected(report):
    """What every format has to hold: sorted pairs of policy and subject."""
    return sorted((one["policy"], subject_of(one["address"])) for one in report["findings"])


# ---- JSON and its relatives


def read_json(text, rules):
    """One report."""
    quiet(text)
    report = json.loads(text)
    if jsonschema is not None:
        rules.validate(report)
    return report


def read_ndjson(text, rules):
    lines = [read_json(line, rules) for line in text.split("\n")[:-1]]
    return sorted(pair for line in lines for pair in expected(line))


def read_sarif(text):
    quiet(text)
    sarif = json.loads(text)
    validate("sarif.schema.json", sarif)
    run = sarif["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert result["ruleId"] in rules
        assert (result["kind"] == "fail") == (result["level"] != "none")
    return sorted((one["ruleId"], safe(one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"]))
                  for one in run["results"])


def read_gitlab(text, report):
    quiet(text)
    issues = json.loads(text)
    validate("gitlab.schema.json", issues)
    prints = [issue["fingerprint"] for issue in issues]
    assert len(set(prints)) == len(prints), "GitLab joins issues of one fingerprint"
    pairs = []
    assert len(issues) == len(report["findings"])
    for issue, finding in zip(issues, report["findings"]):
        start = "" if finding["state"] == "open" else f"({finding['state']}) "
        subject = finding["address"] or WHOLE
        start += f"{finding['severity']} {finding['title']}: {subject}: "
        assert issue["description"].startswith(start), (issue["description"], start)
        pairs.append((issue["check_name"], safe(subject)))
    return sorted(pairs)


def read_conftest(text):
    quiet(text)
    told = json.loads(text)
    validate("conftest.schema.json", told)
    return sorted((one["metadata"]["policy"], subject_of(one["metadata"]["address"]))
                  for part in told for kind in ("failures", "warnings", "exceptions")
                  for one in part[kind] if "metadata" in one)


# ---- XML and HTML


def check_xsd(text):
    """The rules of XML Schema, where xmllint is."""
    xmllint = find("xmllint")
    if xmllint is None:
        return
    rules = [os.path.join(RULES, "junit.xsd")]
    if ORIGINALS:
        rules.append(os.path.join(ORIGINALS, "junit-10.xsd"))
    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        for one in rules:
            done = subprocess.run([xmllint, "--noout", "--huge", "--nonet", "--schema", one, file.name],
                                  capture_output=True, check=False, text=True)
            assert done.returncode == 0, done.stderr[:2000]


def read_junit(text, report):
    quiet(text)
    check_xsd(text)
    root = xml.etree.ElementTree.fromstring(text.encode())
    cases = root.findall("testsuite/testcase")
    assert len(cases) == int(root.get("tests"))
    assert len(root.findall(".//failure")) == int(root.get("failures"))
    assert len(root.findall(".//error")) == int(root.get("errors"))
    assert len(root.findall(".//skipped")) == sum(int(suite.get("skipped")) for suite in root)
    titles = {one["policy"]: safe(one["title"]) for one in report["findings"]}
    pairs = []
    for case in cases:
        policy, name = case.get("classname"), case.get("name")
        if policy == "tfready" and name == "verdict":
            continue
        start = f"{policy} {titles[policy]}: "
        assert name.startswith(start), name
        pairs.append((policy, name[len(start):]))
    return sorted(pairs)


class Page(html.parser.HTMLParser):
    """Tags are closed in order, nothing is active; the findings stand in articles or below headings."""

    def __init__(self):
        super().__init__()
        self.open = []
        self.policy = self.subject = self.last = None
        self.pairs = []
        self.texts = [""]

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "object", "img", "form", "base", "embed"), tag
        for name, value in attrs:
            assert not name.startswith("on"), name
            assert name not in ("href", "src", "action") or value.startswith("#"), value
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.subject = 0
        if tag == "td" and self.subject is not None:
            self.subject += 1
        self.texts[-1:] = [""]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_data(self, data):
        self.texts[-1] += data

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, tag
        self.ended(tag, self.texts[-1])
        self.texts[-1] = ""

    def ended(self, tag, text):
        """What a tag held, when nothing else stood in it."""
        if tag == "span" and "h3" in self.open:
            self.policy = text
        if tag == "article":
            self.policy = None
        if tag == "code" and self.policy and self.subject == 1 and self.open[-1] == "td":
            self.pairs.append((self.policy, text))


class Review(Page):
    """The same of Markdown that was made HTML."""

    def ended(self, tag, text):
        if tag == "h3":
            self.policy = text.split(": ")[0]
        if tag == "h2":
            self.policy = None
        if tag == "code" and self.subject == 1:
            self.last = text
        if tag == "td" and self.subject == 1:
            if self.policy and self.last is not None:
                self.pairs.append((self.policy, self.last))
            self.last = None


def read_html(text):
    quiet(text)
    page = Page()
    page.feed(text)
    page.close()
    assert not page.open, page.open
    return sorted(page.pairs)


def read_markdown(text):
    """The findings that are listed; None where there is no reader of Markdown."""
    quiet(text)
    assert len(text) < 65536
    assert text.count("```mermaid") <= 1
    cmark = find("cmark-gfm")
    if cmark is None:
        return None
    done = subprocess.run([cmark, "-e", "table", "-e", "autolink", "-e", "strikethrough", "-e", "tasklist",
                           "--unsafe", "--validate-utf8"], input=text.encode(), capture_output=True, check=True)
    page = Review()
    # Comments keep mentions and links apart; cmark writes them as they are.
    page.feed(re.sub("<!-- -->", "", done.stdout.decode()))
    page.close()
    assert not page.open, page.open
    return sorted(page.pairs)


def is_listed(pair, pairs):
    """Markdown cuts long names."""
    policy, subject = pair
    return pair in pairs or any(policy == other and (subject == whole or
                                    (subject.endswith("...") and whole.startswith(subject[:-3])))
               for other, whole in pairs)


# ---- lines


def check_csv_form(text):
    """RFC 4180: CRLF, quotes doubled within quotes, as many fields in every record."""
    field = r'(?:"(?:[^"]|"")*"|[^",\r\n]*)'
    record = re.compile(rf"{field}(?:,{field})*\r\n")
    at = 0
    while at < len(text):
        found = record.match(text, at)
        assert found, text[at:at + 200]
        at = found.end()


def read_csv(text, report):
    quiet(text.replace("\r\n", "\n"))
    check_csv_form(text)
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert [row["fingerprint"] for row in rows] == [one["fingerprint"] for one in report["findings"]]
    for row in rows:
        assert None not in row and None not in row.values()
        assert not any(cell[:1] in "=+-@\t|%" for cell in row.values() if cell)
    return sorted((row["policy"], row["address"].removeprefix("'") or WHOLE) for row in rows)


def unescape_github(text):
    return text.replace("%3A", ":").replace("%2C", ",").replace("%0D", "\r").replace("%0A", "\n") \
        .replace("%25", "%")


def read_github(text, report):
    """A line is a command with properties; what a runner makes of it is what was meant."""
    quiet(text)
    lines = text.split("\n")
    assert lines.pop() == ""
    commands = []
    for line in lines:
        found = re.fullmatch(r"::(error|warning|notice) ((?:[a-z]+=[^,:]*)(?:,[a-z]+=[^,:]*)*)::(.*)", line)
        assert found, line[:200]
        properties = dict(part.split("=", 1) for part in found.group(2).split(","))
        assert set(properties) <= {"file", "title"}
        commands.append((unescape_github(properties["title"]), unescape_github(found.group(3))))
    inputs = report["inputs"]
    assert len(commands) - len(report["findings"]) == len(inputs) + sum(len(one.get("notes", [])) for one in inputs) + \
        sum(one["state"] != "used" for one in report.get("waivers", [])) + len(report.get("configuration", []))
    pairs = []
    for finding, (title, body) in zip(report["findings"], commands[-len(report["findings"]):]):
        subject = subject_of(finding["address"])
        assert title.endswith(f" {finding['policy']} {safe(finding['title'])}"), title
        assert body.startswith(subject + ": "), body
        pairs.append((finding["policy"], subject))
    return sorted(pairs)


def read_prometheus(text):
    """The text format: a head per metric, then all of its samples, none twice. Gives the number of findings."""
    quiet(text)
    metric, seen, heads, count = None, set(), set(), 0
    lines = text.split("\n")
    assert lines.pop() == ""
    for line in lines:
        if line.startswith("# HELP "):
            metric = line.split(" ")[2]
            assert metric not in heads
            heads.add(metric)
        elif line.startswith("# TYPE "):
            assert line == f"# TYPE {metric} gauge"
        else:
            found = SAMPLE.fullmatch(line)
            assert found and found.group(1) == metric, line
            assert (metric, found.group(2)) not in seen, line
            seen.add((metric, found.group(2)))
            count += int(found.group(3)) if metric == "tfready_findings" else 0
    return count


# ---- all of them


def check(outputs, rules):
    """Every format of one report, as {format: text}: well-formed, and of one mind. Gives the report."""
    report = read_json(outputs["json"], rules)
    pairs = expected(report)
    assert read_ndjson(outputs["ndjson"], rules) == pairs
    assert read_sarif(outputs["sarif"]) == pairs
    assert read_junit(outputs["junit"], report) == pairs
    assert read_gitlab(outputs["gitlab"], report) == pairs
    assert read_conftest(outputs["conftest"]) == pairs
    assert read_csv(outputs["csv"], report) == pairs
    assert read_github(outputs["github"], report) == pairs
    assert read_html(outputs["html"]) == pairs
    assert read_prometheus(outputs["prometheus"]) == len(pairs)
    quiet(outputs["text"])
    assert all(policy in outputs["text"] for policy, subject in pairs)
    listed = read_markdown(outputs["markdown"])
    if listed is not None:
        known = set(pairs)
        assert all(is_listed(pair, known) for pair in listed), [p for p in listed if not is_listed(p, known)]
        folded = re.search(r"_(\d+) findings are counted here", outputs["markdown"])
        assert len(listed) + (int(folded.group(1)) if folded else 0) == len(pairs)
    return report


def missing():
    """What is not there, and so was not asked."""
    names = {"jsonschema of Python": jsonschema, "xmllint": find("xmllint"), "cmark-gfm": find("cmark-gfm")}
    return [name for name, there in names.items() if not there]
