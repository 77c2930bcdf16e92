#!/usr/bin/env python3
"""The documentation against the tree: every relative link and anchor leads somewhere, every page is in the book's index, every error code of the source is in both
pages that list them, every file a page names in code exists, every `copydesk VERB --option` is one.

    tests/docs/check.py PROGRAM"""
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


PAGES = ["README.md"] + sorted(f"docs/{n}" for n in os.listdir(os.path.join(ROOT, "docs")) if n.endswith(".md"))


def fault(page, text):
    FAULTS.append(f"{page}: {text}")


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```", "", text, flags=re.S | re.M))


def anchors(path):
    """As GitHub makes them of headings."""
    heads = re.findall(r"^#+ +(.*)$", re.sub(r"^```.*?^```", "", read(path), flags=re.S | re.M), re.M)
    return {re.sub(r"[^\w -]", "", h.lower()).strip().replace(" ", "-") for h in heads}


def links():
    for page in PAGES:
        for target in re.findall(r"\]\(([^)\s]+)\)", without_code(read(page))):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(page), path)) if path else page
            if not os.path.exists(os.path.join(ROOT, full)):
                fault(page, f"the link {target} leads nowhere")
            elif anchor and full.endswith(".md") and anchor not in anchors(full):
                fault(page, f"{full} has no heading #{anchor}")


# A newcomer reads them in this order.
CHAPTERS = ("tutorial", "concepts", "configuration", "rulebook", "record", "guarantees", "metrics", "deploying", "scaling", "plugins", "evaluation", "performance", "reliability", "troubleshooting", "comparison",
            "architecture")


def index():
    rows = re.findall(r"\]\(([a-z_A-Z-]+\.md)(?:#[\w-]+)?\)", re.sub(r"^In this order.*$", "", read("docs/README.md"), flags=re.M))
    listed = set(rows)
    places = [rows.index(f"{name}.md") if f"{name}.md" in listed else -1 for name in CHAPTERS]
    if -1 in places or places != sorted(places):
        fault("docs/README.md", f"the chapters are not in the order {' '.join(CHAPTERS)}")
    for page in PAGES[1:]:
        name = os.path.basename(page)
        if name != "README.md" and name not in listed:
            fault("docs/README.md", f"{name} is not in the book")


def codes():
    found = set(re.findall(r'^\s*\{DESK_\w+, DESK_CLASS_\w+,\s*"([a-z0-9-]+)"\}', read("src/base/error.c"), re.M)) - {"ok"}
    if len(found) < 20:
        fault("src/base/error.c", f"only {len(found)} codes were found")
    # errors.md: those a record can carry; troubleshooting.md: all.
    for page, wanted in (("docs/troubleshooting.md", found), ("docs/errors.md", {c for c in found if code_class(c) == "DESK_CLASS_RECORD"})):
        cells = set(re.findall(r"[a-z0-9]+(?:-[a-z0-9]+)*", " ".join(re.findall(r"^\| ([^|]*) \|", read(page), re.M))))
        for code in sorted(wanted - cells):
            fault(page, f"the error code {code} is missing")


def code_class(code):
    return re.search(r'(DESK_CLASS_\w+),\s*"' + re.escape(code) + '"', read("src/base/error.c")).group(1)


def files():
    """Paths in code: `tests/run`, `deploy/systemd/copydesk.service`, src/config/schema.c ..."""
    for page in PAGES:
        for path in re.findall(r"`((?:src|docs|deploy|tests|include)/[\w./-]+)`", read(page)):
            # NAME and its like stand for something.
            if not os.path.exists(os.path.join(ROOT, path)) and not re.search(r"[A-Z]{3,}\b", path):
                fault(page, f"there is no {path}")


def options():
    help_of = {}
    verbs = set(re.findall(r"^  ([a-z]+) +\S", subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True, timeout=20).stdout, re.M)) - {"copydesk"}
    for page in PAGES:
        for verb, rest in re.findall(r"\bcopydesk ([a-z]+)\b((?: +[^`|\n]*)?)", "\n".join(re.findall(r"`[^`\n]+`|^```.*?^```", read(page), re.S | re.M))):
            if verb not in verbs:
                continue
            if verb not in help_of:
                help_of[verb] = subprocess.run([PROGRAM, verb, "--help"], capture_output=True, text=True, check=True, timeout=20).stdout
            for option in re.findall(r"(?<=\s)--[a-z][a-z-]+", rest.split(" | ")[0].split("&&")[0].split(";")[0]):
                if option not in help_of[verb] and option != "--help":
                    fault(page, f"copydesk {verb} has no {option}")


def numbers(text):
    return [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)]


def scaling():
    """The arithmetic of docs/scaling.md, from the figures in its own table."""
    page = "docs/scaling.md"
    text = read(page)
    costs = {}
    for name, row in re.findall(r"^\| ((?:text|page)-[\w-]+) \| (.*) \|$", text, re.M):
        size, _, us, rate, mb = numbers(row)[:5]
        costs[name] = us
        if abs(rate * us / 1e6 - 1) > 0.01 or abs(mb - size * rate / 1e6) > 0.51:
            fault(page, f"{name}: {us} us a record are not {rate} records and {mb} MB a CPU second")
    wishes = re.findall(r"^\| ([\d,]+) a second \| (.*) \| (\d+) \| (\d+) x (\d+) \|", text, re.M)
    if "text-3k" not in costs or "page-60k" not in costs or len(wishes) < 3:
        fault(page, "its tables were not found")
        return
    for wished, day, partitions, members, lanes in wishes:
        rate = numbers(wished)[0]
        least = rate * costs["text-3k"] / 1e6 / 0.6
        have = int(members) * int(lanes)
        if not least <= have < max(least + int(lanes), 3) or not 2 * have <= int(partitions) <= max(6, 3 * have):
            fault(page, f"{wished} a second want {least:.1f} lanes, not {have} with {partitions} partitions")
        if abs(numbers(day)[0] * {"million": 1e6, "billion": 1e9}[day.split()[1]] / (rate * 86400) - 1) > 0.02:
            fault(page, f"{wished} a second are not {day} a day")
    archive = re.search(r"100 million text articles are ([\d.]+) lane-hours, so ([\d.]+) hours with (\d+) lanes .*?100 million pages of 60 KB, 6 TB, are ([\d.]+) lane-hours: ([\d.]+) hours with (\d+)", text, re.S)
    if not archive:
        fault(page, "the archive's figures were not found")
        return
    for name, (work, hours, lanes) in (("text-3k", archive.groups()[:3]), ("page-60k", archive.groups()[3:])):
        wanted = 1e8 * costs[name] / 1e6 / 3600
        if abs(float(work) - wanted) > 0.06 or abs(float(hours) - wanted / int(lanes)) > 0.051:
            fault(page, f"100 million of {name} are {wanted:.1f} lane-hours, {wanted / int(lanes):.1f} hours with {lanes} lanes")


def messages():
    """What troubleshooting quotes of the program, it says: parts between "..." in the strings of the source."""
    page = "docs/troubleshooting.md"
    source = ""
    for folder, _, names in os.walk(os.path.join(ROOT, "src")):
        source += "".join(read(os.path.join(folder, n)) for n in sorted(names) if n.endswith((".c", ".h", ".js", ".html")))
    for folder, _, names in os.walk(os.path.join(ROOT, "web")):
        source += "".join(read(os.path.join(folder, n)) for n in sorted(names) if n.endswith((".js", ".html")) and "node_modules" not in folder)
    source = re.sub(r'"\s*(?:PRI\w+\s*)?"', "", source)
    for row in re.findall(r"^\| ([^|]*) \|", read(page).split("## While it runs")[0], re.M):
        for quoted in re.findall(r"`([^`]*)`", row):
            for part in re.split(r" ?\.\.\. ?|:\.\.\. ?|\d+|\bUser\b|\b[A-Z]{3,}\b", quoted):
                part = part.strip(" :;")
                if len(part) > 6 and part not in source:
                    fault(page, f"nothing in the source says {part!r}")


links()
index()
messages()
scaling()
codes()
files()
options()
for line in FAULTS:
    print(line)
print(f"{len(PAGES)} pages, {len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
