#!/usr/bin/env python3
"""Compares what the program makes of each page of tests/golden/pages with the truth written beside it, byte for byte.

    tests/golden/pages.py PROGRAM                # every page
    tests/golden/pages.py PROGRAM NAME...        # these pages, with the whole difference

NAME.truth.json says what a careful editor wants of NAME.html: `body` as paragraphs, `title`, `authors`, `language`, and where the page says
them `published_at`, `updated_at`, `site` (source.name), `canonical_url`, `description`, `reprint`; `absent` lists words that neither
title nor body may hold, and `removed` counts of rules that cleaning.removed must give. It is written by hand and never taken from the output: where the two differ, the program is wrong. Exit code 1 then."""
import difflib
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pages")
PAGES_MIN = 63
WHERE = {"title": ("title",), "language": ("language", "code"), "published_at": ("published_at",), "updated_at": ("updated_at",),
         "site": ("source", "name"), "canonical_url": ("canonical_url",), "description": ("description",), "authors": ("authors",),
         "reprint": ("reprint", "is_reprint")}


def run(program, paths):
    """A record, or a line {"rejected":...}, a page, from one process."""
    done = subprocess.run([program, "filter", "--whole", "--quiet", *paths], stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=600)
    lines = done.stdout.decode().splitlines()
    if done.returncode not in (0, 1) or len(lines) != len(paths):
        raise SystemExit(f"exit {done.returncode}, {len(lines)} lines for {len(paths)} pages: {done.stderr.decode()[:1000]}")
    return lines


def value_at(record, keys):
    for key in keys:
        record = record.get(key, {}) if isinstance(record, dict) else {}
    return record or None


def body_faults(body, truth):
    """The first paragraphs that differ, as a person would mark them: - is missing, + is too much."""
    wanted = truth["body"]
    if body == "\n\n".join(wanted):
        return []
    lines = difflib.ndiff(wanted, body.split("\n\n"))
    marked = [line for line in lines if line[:1] in "-+"]
    return [f"body: {line}" for line in marked] or ["body: differs in white space between paragraphs"]


def faults_of(record, truth):
    found = []
    for name, keys in WHERE.items():
        if name in truth and (value_at(record, keys) or None) != (truth[name] or None):
            found.append(f"{name}: expected {truth[name]!r}, got {value_at(record, keys)!r}")
    found += body_faults(record.get("body", ""), truth)
    counts = {removed["rule"]: removed["count"] for removed in record["cleaning"]["removed"]}
    found += [f"removed: {rule} {counts.get(rule, 0)} times, not {count}" for rule, count in truth.get("removed", {}).items() if counts.get(rule) != count]
    text = record.get("title", "") + "\n" + record.get("body", "")
    found += [f"absent: {words!r} is there" for words in truth["absent"] if words in text]
    return found


def main():
    program, names = sys.argv[1], sys.argv[2:]
    pages = names or sorted(n[:-5] for n in os.listdir(FOLDER) if n.endswith(".html"))
    wrong = 0
    for name, line in zip(pages, run(program, [os.path.join(FOLDER, n + ".html") for n in pages])):
        with open(os.path.join(FOLDER, name + ".truth.json"), encoding="utf-8") as source:
            truth = json.load(source)
        record, faults = json.loads(line), []
        if "rejected" in record:
            faults.append(f"rejected: {record['rejected']['reason']}")
        else:
            faults += checks.faults(line) + faults_of(record, truth)
        wrong += bool(faults)
        for fault in faults if names else faults[:8]:
            print(f"{name}: {fault if names else fault[:240]}")
    print(f"{len(pages)} pages, {wrong} wrong")
    return 1 if wrong or len(pages) < (1 if names else PAGES_MIN) else 0


sys.exit(main())
