#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report in a browser: nothing sticks out of a narrow or a wide window, headings go down one level at a time,
what is small or coloured has contrast in light and dark, and it prints.

usage: browser.py CHROMIUM TFREADY DOCUMENT...
"""
import json
import os
import re
import subprocess
import sys
import tempfile

# Runs beside the report, which has no script of its own.
HARNESS = """<!DOCTYPE html><meta charset=utf-8><iframe id=f width=%d height=800 src="%s"></iframe><pre id=out></pre><script>
const rgb = text => text.match(/[0-9.]+/g).map(Number);
const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
const contrast = (a, b) => (Math.max(light(a), light(b)) + .05) / (Math.min(light(a), light(b)) + .05);
onload = () => {
  const view = document.getElementById("f").contentWindow, page = view.document, root = page.documentElement;
  const behind = node => {
    for (; node; node = node.parentElement) {
      const color = view.getComputedStyle(node).backgroundColor;
      if (!color.startsWith("rgba(0, 0, 0, 0")) return rgb(color);
    }
    return [255, 255, 255];
  };
  const texts = [...page.querySelectorAll("p,h1,h2,h3,td,th,dt,dd,a,code,span,li")];
  document.getElementById("out").textContent = "RESULT" + JSON.stringify({
    wider: root.scrollWidth - root.clientWidth,
    headings: [...page.querySelectorAll("h1,h2,h3,h4")].map(h => Number(h.tagName[1])),
    contrast: Math.min(...texts.map(t => contrast(rgb(view.getComputedStyle(t).color), behind(t)))),
    labelled: [...page.querySelectorAll("section")].every(s => page.getElementById(s.getAttribute("aria-labelledby"))),
    links: [...page.querySelectorAll("a")].every(a => page.getElementById(a.getAttribute("href").slice(1))),
    pictures: [...page.querySelectorAll("svg")].every(s => s.getAttribute("aria-label")),
    headed: [...page.querySelectorAll("th")].every(h => h.getAttribute("scope")),
    language: root.lang, title: page.title,
  }) + "END";
};
</script>"""


def browse(chromium, folder, *arguments):
    done = subprocess.run([chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
                           f"--user-data-dir={folder}/profile", *arguments], capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr[-500:]
    return done.stdout.decode()


def check(chromium, folder, name):
    for width in (360, 1200):
        for scheme in (0, 1): # dark, light
            harness = os.path.join(folder, "harness.html")
            with open(harness, "w", encoding="utf-8") as file:
                file.write(HARNESS % (width, name))
            dom = browse(chromium, folder, f"--blink-settings=preferredColorScheme={scheme}", "--dump-dom", f"file://{harness}")
            told = json.loads(re.search("RESULT(.*)END</pre>", dom).group(1).replace("&lt;", "<").replace("&gt;", ">")
                              .replace("&amp;", "&"))
            where = f"{name}, {width} wide, {'light' if scheme else 'dark'}"
            assert told["wider"] <= 0, f"{where}: sticks out by {told['wider']}"
            assert told["contrast"] >= 4.5, f"{where}: contrast {told['contrast']}"
            assert told["headings"][0] == 1 and told["headings"].count(1) == 1, where
            assert all(b - a <= 1 for a, b in zip(told["headings"], told["headings"][1:])), where
            assert all(told[key] for key in ("labelled", "links", "pictures", "headed", "language", "title")), (where, told)
    paper = os.path.join(folder, "paper.pdf")
    browse(chromium, folder, f"--print-to-pdf={paper}", "--no-pdf-header-footer", f"file://{folder}/{name}")
    with open(paper, "rb") as file:
        assert file.read(5) == b"%PDF-"


def main():
    chromium, tool, documents = sys.argv[1], sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for number, document in enumerate(documents):
            name = f"{number}.html"
            subprocess.run([tool, "-o", f"html={folder}/{name}", document], check=False)
            check(chromium, folder, name)
    print(f"{len(documents)} pages, narrow and wide, light and dark, on paper")


main()
