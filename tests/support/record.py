"""Checks that any enriched record must pass: the JSON Schema, and what a schema cannot say."""
import json
import os

import jsonschema

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KEYS = ["schema", "id", "url", "canonical_url", "title", "description", "body", "authors", "section", "keywords", "word_count", "image",
        "published_at", "updated_at", "crawled_at", "language", "source", "subjects", "people", "organisations", "places", "attributions",
        "quotes", "dates", "reprint", "fingerprint", "cleaning", "provenance", "extra"]

with open(os.path.join(ROOT, "docs", "record.schema.json"), encoding="utf-8") as schema_file:
    VALIDATOR = jsonschema.validators.validator_for(json.load(schema_file))
with open(os.path.join(ROOT, "docs", "record.schema.json"), encoding="utf-8") as schema_file:
    VALIDATOR = VALIDATOR(json.load(schema_file))


def faults(line):
    """What is wrong with one line of output, as a list of texts."""
    record = json.loads(line)
    found = [f"{'/'.join(map(str, e.absolute_path))}: {e.message}" for e in VALIDATOR.iter_errors(record)]
    keys = list(record)
    if keys != [k for k in KEYS if k in record]:
        found.append(f"keys out of order: {keys}")
    if "\n" in line.rstrip("\n") or ": " in line.split('"schema"', 1)[1][:3]:
        found.append("not one compact line")
    body = record.get("body", "")
    for quote in record.get("quotes", []):
        if body[quote["offset"]:quote["offset"] + quote["length"]] != quote["text"]:
            found.append(f"quote at {quote['offset']} is not in the body there")
    for date in record.get("dates", []):
        if not body[date["offset"]:].startswith(date["text"]):
            found.append(f"date at {date['offset']} is not in the body there")
    fields = {"title": record.get("title", ""), "description": record.get("description", ""), "body": body}
    confidences = [s["confidence"] for s in record["subjects"]]
    if confidences != sorted(confidences, reverse=True):
        found.append("subjects are not sorted by confidence")
    for name in ("people", "organisations", "places", "attributions"):
        counts = [e["count"] for e in record.get(name, [])]
        if counts != sorted(counts, reverse=True):
            found.append(f"{name} are not sorted by count")
    tags = record["subjects"] + [e for n in ("people", "organisations", "places", "attributions") for e in record.get(n, [])]
    for tag in tags:
        for evidence in tag.get("evidence", []):
            if not fields[evidence["field"]][evidence["offset"]:].startswith(evidence["text"]):
                found.append(f"evidence '{evidence['text']}' is not in {evidence['field']} at {evidence['offset']}")
    return found
