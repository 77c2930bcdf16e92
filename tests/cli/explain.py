#!/usr/bin/env python3
"""What a person sees of `copydesk explain`: on a terminal, in a file, and in a browser.

    tests/cli/explain.py PROGRAM

The browser is headless Chromium, which must be installed: the page of --html is opened and its document is looked at, with an article that
tries to run scripts."""
import html.parser
import os
import pty
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
DEMO = os.path.join(ROOT, "deploy", "demo")
FAULTS = []
INK = re.compile(r"\x1b\[[0-9;]*m")

HOSTILE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>&lt;script&gt;document.title='owned'&lt;/script&gt; Bank raises rates</title></head>
<body><nav><ul><li><a href="/">Home &lt;img src=x onerror="document.title='owned'"&gt;</a></li></ul></nav>
<article><p>The central bank raised interest rates on Monday, said Governor Robert Haldane, and wrote &lt;script&gt;document.body.id='owned'&lt;/script&gt; into its statement by mistake.</p>
<p>Inflation stood at four percent in March, driven by food &amp; "energy" prices, according to 'Reuters' &lt;b&gt;and others&lt;/b&gt;.</p>
<p>A third paragraph has an override \u202eof the writing direction, which a reader must not fall for, and is long enough to be kept.</p>
<p>Sign up for our daily newsletter and never miss a story.</p></article></body></html>"""


def expect(name, got, wanted):
    if not wanted:
        FAULTS.append(f"{name}: {str(got)[:800]}")


def run(*arguments, stdin=b"", env=None):
    done = subprocess.run([PROGRAM, "explain", *arguments], input=stdin, capture_output=True, check=False, timeout=60,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def plain():
    path = os.path.join(DEMO, "02-en-page.html")
    status, out, err = run(path, env={"COLUMNS": "72"})
    expect("exit code", (status, err), (status, err) == (0, ""))
    expect("no colour in a pipe", out, "\x1b" not in out)
    expect("struck-through rule", out, "[-READ MORE: Bakers struggle with flour prices-] [en.read-also," in out)
    expect("kept text wrapped", out, "\n  The central bank raised its key interest rate to 4.5 percent on\n" in out)
    expect("lines fit", max(out.split("\n"), key=len), all(len(line) <= 72 for line in out.split("\n") if "by lexicon" not in line and "http" not in line))
    status, out, err = run(path)
    for heading in ("Article", "Text", "Subjects", "People", "Organisations", "Attributions", "Quotes", "Dates", "Totals"):
        expect(f"heading {heading}", out, f"\n{heading}\n" in out)
    expect("weights", out, re.search(r"inflation: weight 4 x \d = \+[\d.]+ \(\w+ at \d+, medtop:20000370\)", out))
    sums = re.findall(r"by lexicon, weights \+([\d.]+)\n((?:      .*\n)+)", out)
    expect("sums", out, sums)
    for total, lines in sums:
        parts = [float(x) for x in re.findall(r"(?:= |together )([+-][\d.]+)", lines)]
        expect("a subject's terms add up", lines, abs(sum(parts) - float(total)) < 0.01 * (len(parts) + 1))
    expect("totals", out, re.search(r"\d+ bytes in\n +\d+ bytes of body kept, \d+ words\n", out))
    expect("totals by rule", out, re.search(r"44 bytes removed by en\.read-also, 1x", out))
    status, out, _ = run(os.path.join(DEMO, "01-fr-autoblog.txt"))
    expect("plain text", out, status == 0 and "[-[ad_1]-] [autoblog.ad-marker]" in out)


def colour():
    path = os.path.join(DEMO, "02-en-page.html")
    status, out, _ = run("--color", "always", path)
    expect("struck through", out, status == 0 and "\x1b[31;9mREAD MORE: Bakers struggle with flour prices\x1b[0m" in out)
    expect("evidence in colour", out, "\x1b[32minterest rate\x1b[0m" in out and "\x1b[34mRobert Haldane\x1b[0m" in out)
    _, without, _ = run("--color=never", path)
    expect("the same words without colour", without, re.sub(r"\s|\[-|-\]", "", INK.sub("", out)).replace(
        "marked:subjectspeopleorganisationsplacesattributionsquotesdatescutout", "") == re.sub(r"\s|\[-|-\]", "", without))
    for arguments, word in ((["--color", "red"], "always"), (["--html"], "file"), (["--html", "/nonexistent/x.html"], "/nonexistent"), ([], "which")):
        status, _, err = run(*arguments, *([path] if arguments and arguments != ["--html"] else []))
        expect(f"{arguments}: message", (status, err), status == 2 and word in err)
    main, side = pty.openpty()
    done = subprocess.run([PROGRAM, "explain", path], stdout=side, check=False, timeout=60, env={**os.environ, "TERM": "xterm", "NO_COLOR": ""})
    os.close(side)
    expect("colour on a terminal", done, done.returncode == 0 and b"\x1b[1m" in os.read(main, 4096))
    os.close(main)


def letters():
    status, out, _ = run("-", stdin=("建" * 300 + "。").encode(), env={"COLUMNS": "40"})
    text = out.split("\nText\n")[1].split("\n\n")[0]
    expect("wide letters", text, status == 0 and "\n".join(["  " + "建" * 19] * 2) in text)
    status, out, _ = run("-", stdin="The mayor said \x1b[31mred \u202eoverride\u202c words in the council of the city.".encode())
    expect("nothing moves the cursor", out, status == 0 and "\x1b" not in out and "\u202e" not in out)
    status, _, err = run("-", stdin=b"")
    expect("rejected", err, status == 1 and "empty-value" in err)


class Page(html.parser.HTMLParser):
    """Blocks by their fate, text of the document without markup, scripts."""

    def __init__(self, document):
        super().__init__()
        self.blocks, self.scripts, self.marks, self.images, self.ids = [], 0, [], 0, []
        self.fate, self.mark = None, None
        self.feed(document)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        classes = attributes.get("class", "").split()
        self.scripts += tag == "script"
        self.images += tag == "img"
        self.ids.append(attributes.get("id"))
        if tag == "div":
            self.fate = classes[1] if classes[:1] == ["block"] else None
            if self.fate:
                self.blocks.append([self.fate, attributes.get("title", ""), ""])
        if tag == "mark" and self.fate:
            self.marks.append([classes[0], ""])
            self.mark = self.marks[-1]

    def handle_endtag(self, tag):
        if tag == "div":
            self.fate = None
        if tag == "mark":
            self.mark = None

    def handle_data(self, data):
        if self.fate:
            self.blocks[-1][2] += data
        if self.mark:
            self.mark[1] += data


def browse(path, folder):
    """The document as Chromium has it once the page is loaded and its scripts, if any, have run."""
    done = subprocess.run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                           f"--user-data-dir={folder}/profile", "--virtual-time-budget=2000", "--dump-dom", "file://" + path],
                          capture_output=True, check=False, timeout=120)
    expect("chromium", done.stderr.decode()[-300:], done.returncode == 0)
    return done.stdout.decode("utf-8")


def browser():
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = os.path.join(folder, "page.html")
        status, out, err = run("--html", path, "-", stdin=HOSTILE.encode())
        expect("--html", (status, out, err), (status, out, err) == (0, "", ""))
        with open(path, encoding="utf-8") as written:
            source = written.read()
        expect("one file", source, not re.search(r"<(?:script|link|img|iframe|object|base)|@import|url\(", source))
        document = browse(path, folder)
        page = Page(document)
        expect("no script is alive", document[:2000], page.scripts == 0 and page.images == 0)
        expect("no script ran", document[:600], "owned" not in page.ids and "<title>owned" not in document)
        expect("the script is text", document, "&lt;script&gt;document.body.id='owned'&lt;/script&gt;" in document)
        fates = {text.strip()[:12]: (fate, title) for fate, title, text in page.blocks}
        expect("kept", fates, fates.get("The central ", ("",))[0] == "kept" and fates.get("Inflation st", ("",))[0] == "kept")
        expect("removed", fates, fates.get("Sign up for ", ("", ""))[0] == "removed" and "en.newsletter" in fates["Sign up for "][1])
        expect("path on hover", fates, "article > p" in fates["The central "][1])
        marks = {text: kind for kind, text in page.marks}
        expect("marks", marks, marks.get("Robert Haldane") == "person" and "subject" in marks.values())
        expect("no override", document, "\u202e" not in document)
        links = set(re.findall(r'href="#(at-[\d-]+)"', document))
        expect("links lead to the text", links - set(page.ids), links and links <= set(page.ids))


def main():
    for part in (plain, colour, letters, browser):
        part()
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
