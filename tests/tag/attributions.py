#!/usr/bin/env python3
"""Whom texts cite: precision and recall over the sentences of attributions.yaml, by language, with every sentence that failed.

    tests/tag/attributions.py PROGRAM [--quiet]     exit 1 below the promised figures
"""
import json
import pathlib
import subprocess
import sys

import yaml

PRECISION_MIN, RECALL_MIN, SENTENCES_MIN = 0.95, 0.90, 120
CASES = pathlib.Path(__file__).with_name("attributions.yaml")


def run(program, cases, settle):
    lines = "\n".join(json.dumps({"id": str(number), "text": case["text"] + "\n\n" + settle[language]}, ensure_ascii=False)
                      for number, (language, case) in enumerate(cases))
    done = subprocess.run([program, "filter"], input=lines + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(cases, records, quiet):
    sums = {}
    for (language, case), record in zip(cases, records, strict=True):
        found = {entry["name"] for entry in record.get("attributions", []) if entry["kind"] != "person"}
        wanted = set(case["cites"])
        row = sums.setdefault(language, [0, 0, 0])
        row[0] += len(found & wanted)
        row[1] += len(found - wanted)
        row[2] += len(wanted - found)
        if found != wanted and not quiet:
            print(f"{language}: {case['text']}\n    wanted {sorted(wanted)}, got {sorted(found)}")
    return sums


def main():
    program, quiet = sys.argv[1], "--quiet" in sys.argv
    groups = yaml.safe_load(CASES.read_text(encoding="utf-8"))
    settle = groups.pop("settle")
    cases = [(language, case) for language, group in groups.items() for case in group]
    sums = compare(cases, run(program, cases, settle), quiet)
    for language, (right, extra, missed) in sorted(sums.items()):
        print(f"{language}: precision {right / max(1, right + extra):.3f} recall {right / max(1, right + missed):.3f}")
    right, extra, missed = (sum(row[i] for row in sums.values()) for i in range(3))
    precision, recall = right / max(1, right + extra), right / max(1, right + missed)
    print(f"{len(cases)} sentences, {len(sums)} languages: precision {precision:.3f} recall {recall:.3f}")
    return 0 if precision >= PRECISION_MIN and recall >= RECALL_MIN and len(cases) >= SENTENCES_MIN else 1


if __name__ == "__main__":
    sys.exit(main())
