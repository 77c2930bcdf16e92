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


def index():
    listed = set(re.findall(r"\]\(([a-z_A-Z-]+\.md)\)", read("docs/README.md")))
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


links()
index()
codes()
files()
options()
for line in FAULTS:
    print(line)
print(f"{len(PAGES)} pages, {len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
