#!/usr/bin/env python3
"""Runs the program on every sample of deploy/demo and every page of tests/golden/pages, and compares with the record kept for it, byte for byte.

    tests/golden/check.py build/asan/copydesk            # compare
    tests/golden/check.py build/asan/copydesk --update   # keep what comes out, to be read in the diff

Provenance (version and digest of the rulebook) is left out of the comparison: any change of the rulebook changes it."""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

FOLDER = os.path.dirname(os.path.abspath(__file__))
INPUTS = [os.path.join(checks.ROOT, "deploy", "demo"), os.path.join(FOLDER, "pages")]
INPUTS_MIN = 70


def run(program, paths):
    """One line a document, from one process."""
    done = subprocess.run([program, "filter", "--whole", "--evidence", "full", *paths], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    lines = done.stdout.decode().splitlines()
    if done.returncode or done.stderr or len(lines) != len(paths):
        raise SystemExit(f"exit {done.returncode}, {len(lines)} lines for {len(paths)} documents: {done.stderr.decode()}")
    return lines


def pretty(line):
    record = json.loads(line)
    del record["provenance"]
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def main():
    program, update = sys.argv[1], "--update" in sys.argv
    wrong = 0
    paths = sorted(os.path.join(f, n) for f in INPUTS for n in os.listdir(f) if not n.endswith(".truth.json"))
    # Another order in the second run: what came before must not show in a record.
    again = dict(zip(reversed(paths), run(program, paths[::-1])))
    for path, line in zip(paths, run(program, paths)):
        faults = checks.faults(line)
        if again[path] != line:
            faults.append("two runs gave different bytes")
        expected_path = os.path.join(FOLDER, "expected", os.path.basename(path) + ".json")
        if update:
            os.makedirs(os.path.dirname(expected_path), exist_ok=True)
            with open(expected_path, "w", encoding="utf-8") as out:
                out.write(pretty(line))
        elif not os.path.exists(expected_path):
            faults.append("no expected record; run with --update and read it")
        else:
            with open(expected_path, encoding="utf-8") as kept:
                before, after = kept.read().split("\n"), pretty(line).split("\n")
            for number, (a, b) in enumerate(zip(before + [""] * len(after), after + [""] * len(before)), 1):
                if a != b:
                    faults.append(f"{os.path.basename(expected_path)}:{number}: expected {a.strip()!r}, got {b.strip()!r}")
                    break
        for fault in faults:
            print(f"{path}: {fault}")
        wrong += bool(faults)
    print(f"{len(paths)} records, {wrong} wrong")
    return 1 if wrong or len(paths) < INPUTS_MIN else 0


sys.exit(main())
