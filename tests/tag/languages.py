#!/usr/bin/env python3
"""The language of the sentences of languages.tsv, all written for this test: tests/tag/languages.py PROGRAM

Every one must be right: they are what a reader would expect. Each is also tried as a title without a body."""
import json
import pathlib
import subprocess
import sys


def main():
    rows = [line.split("\t", 1) for line in pathlib.Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#")]
    records = "".join(json.dumps({"text": text, "url": "https://example.org/"}, ensure_ascii=False) + "\n" for _, text in rows)
    done = subprocess.run([sys.argv[1], "filter", "--quiet", "--evidence", "none"], input=records, capture_output=True, text=True, check=False)
    wrong = 0
    for (code, text), line in zip(rows, done.stdout.splitlines()):
        language = json.loads(line).get("language", {"code": "none", "confidence": 0})
        if language["code"] != code:
            wrong += 1
            print(f"{code} taken for {language['code']} ({language['confidence']}): {text}")
    print(f"{len(rows)} texts in {len({code for code, _ in rows}) - 1} languages, {wrong} wrong")
    sys.exit(bool(wrong) or not rows or len(done.stdout.splitlines()) != len(rows))


if __name__ == "__main__":
    main()
