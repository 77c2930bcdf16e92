#!/usr/bin/env python3
"""The subjects of the texts of subjects.tsv, all written for this test: tests/tag/subjects.py PROGRAM

A text that is no news (an advert, a cookie notice, code, filler) must have no subject at all; the lead of an article must have the top-level
topic that any editor would file it under, whatever else it has. The kinds of texts stand at the top of subjects.tsv."""
import collections
import json
import pathlib
import subprocess
import sys

LANGUAGES = {"en", "fr", "de", "es", "it", "pt", "nl", "ru", "ar", "zh"}
TEXTS_OF_NO_NEWS, LEADS, LEADS_OF_A_TOPIC, TOPICS, MISSED = 40, 60, 3, 17, 3
LIFESTYLE = "medtop:10000000"


def rows_of(path):
    return [line.split("\t", 2) for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def subjects_of(program, rows):
    records = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for _, _, text in rows)
    done = subprocess.run([program, "filter", "--quiet", "--evidence", "full"], input=records, capture_output=True, text=True, check=False)
    return [json.loads(line).get("subjects", []) for line in done.stdout.splitlines()]


def described(subject):
    terms = ", ".join(evidence["text"] for evidence in subject.get("evidence", []))
    return f"{subject['uri']} {subject['name']} {subject['confidence']} ({terms})"


def is_right(kind, subjects):
    if kind in ("none", "missed"):
        return bool(subjects) == (kind == "missed")
    uris = [subject["uri"] for subject in subjects]
    return uris[:1] == [LIFESTYLE] if kind == "recipe" else f"medtop:{kind}000000" in uris


def is_complete(rows):
    """Nobody may get the test green by taking texts out."""
    counts = collections.Counter(kind for kind, _, _ in rows)
    leads = {kind: count for kind, count in counts.items() if kind.isdigit()}
    languages = [{language for kind, language, _ in rows if kind.isdigit() == is_lead} for is_lead in (True, False)]
    return (counts["none"] >= TEXTS_OF_NO_NEWS and counts["missed"] <= MISSED and sum(leads.values()) >= LEADS and len(leads) == TOPICS
            and min(leads.values()) >= LEADS_OF_A_TOPIC and all(seen == LANGUAGES for seen in languages))


def main():
    rows = rows_of(pathlib.Path(__file__).with_suffix(".tsv"))
    found = subjects_of(sys.argv[1], rows)
    if len(found) != len(rows) or not is_complete(rows):
        sys.exit(f"{len(rows)} texts, {len(found)} records; texts of a topic or language are missing")
    wrong = 0
    for (kind, language, text), subjects in zip(rows, found):
        if not is_right(kind, subjects):
            wrong += 1
            print(f"{kind} ({language}): {text}\n    " + ("\n    ".join(map(described, subjects)) or "nothing"))
    print(f"{len(rows)} texts, {wrong} wrong")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
