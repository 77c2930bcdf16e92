#!/usr/bin/env python3
"""Dates, people, organisations, places and quotes in sentences written for these tests: what must come out, what came out, and each miss.

    tests/tag/names.py PROGRAM dates|entities|places|quotes|fingerprints [--quiet]     exit 1 below the promised figures

The files beside say how their cases are written. A sentence alone is too short to tell its language for certain: a paragraph that names
nothing (`settle` of attributions.yaml) follows each."""
import json
import pathlib
import re
import subprocess
import sys

import yaml

HERE = pathlib.Path(__file__).parent
# precision, recall, cases
PROMISED = {"dates": (0.97, 0.97, 150), "entities": (0.90, 0.75, 120), "places": (0.95, 0.90, 60), "quotes": (0.95, 0.95, 80)}


def cases_of(name):
    """Yields (language, options, text, expectations) of a file of lines."""
    language, options = None, {}
    for line in (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        heading = re.fullmatch(r"\[(\w+)(.*)\]", line)
        if heading:
            language = heading[1]
            options = dict(option.split("=") for option in heading[2].split() if "=" in option)
            continue
        text, *wanted = (part.strip() for part in line.split("|"))
        yield language, options, text.replace("\\n", "\n"), [part.replace("\\n", "\n") for part in wanted]


def run(program, cases):
    settle = yaml.safe_load((HERE / "attributions.yaml").read_text(encoding="utf-8"))["settle"]
    lines = []
    for number, (language, options, text, _) in enumerate(cases):
        record = {"id": str(number), "text": f"{text}\n\n{settle[language]}"}
        record.update({f"{key}_at": value for key, value in options.items()})
        lines.append(json.dumps(record, ensure_ascii=False))
    done = subprocess.run([program, "filter"], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def exact(record, item):
    """Offsets are exact, in code points."""
    return record["body"][item["offset"]:item["offset"] + item.get("length", len(item["text"]))] == item["text"]


def found_dates(record):
    return {f"{date['text']}={date['date']}" if exact(record, date) else f"wrong offset: {date}" for date in record.get("dates", [])}


def found_entities(record):
    return {f"{kind}: {entry['name']}" + (f" x{entry['count']}" if entry["count"] > 1 else "")
            for kind, key in (("person", "people"), ("org", "organisations")) for entry in record.get(key, [])}


def found_places(record):
    kinds = {}
    for place in record.get("places", []):
        for evidence in place["evidence"]:
            kinds.setdefault(f"{place['name']}/{place.get('country', '-')}", set()).add(evidence["rule"].split(".")[1])
    return {f"{name} {'+'.join(sorted(rules))}" for name, rules in kinds.items()}


def found_quotes(record):
    return {f"{quote['text']} <{quote.get('speaker', '')}>" if exact(record, quote) else f"wrong offset: {quote}" for quote in record.get("quotes", [])}


FOUND = {"dates": found_dates, "entities": found_entities, "places": found_places, "quotes": found_quotes}


def fingerprints(program):
    """Prints the table of distances; 0 when residue changes nothing, light edits at most 6 bits, other articles far more."""
    def of(path):
        done = subprocess.run([program, "filter", "--whole"], input=path.read_bytes(), capture_output=True, check=True)
        print_ = json.loads(done.stdout)["fingerprint"]
        return print_["text"], int(print_["simhash"], 16)
    prints = {path.stem: of(path) for path in sorted((HERE / "fingerprints").glob("*.txt"))}
    articles = [name for name in prints if "-" not in name]
    good = True
    for first in articles:
        for second, (text, simhash) in prints.items():
            bits = bin(simhash ^ prints[first][1]).count("1")
            kind = second.partition("-")[2] if second.startswith(first) else "another article"
            if first != second:
                print(f"{first:10} {second:18} {kind or 'itself':16} {'same text' if text == prints[first][0] else '':10} {bits:2} bits")
            good &= (kind != "residue" or (text == prints[first][0] and bits == 0)) and (kind not in ("edited", "added") or bits <= 6)
            good &= kind != "another article" or bits > 16
    return 0 if good else 1


def main():
    program, name, quiet = sys.argv[1], sys.argv[2], "--quiet" in sys.argv
    if name == "fingerprints":
        return fingerprints(program)
    cases = list(cases_of(name))
    sums = {}
    for (language, _, text, wanted), record in zip(cases, run(program, cases), strict=True):
        found, wanted = FOUND[name](record), set(wanted)
        row = sums.setdefault(language, [0, 0, 0, 0])
        for i, count in enumerate((len(found & wanted), len(found - wanted), len(wanted - found), 1)):
            row[i] += count
        if found != wanted and not quiet:
            print(f"{language} ({record.get('language', {}).get('code')}): {text}\n    missed {sorted(wanted - found)}, too much {sorted(found - wanted)}")
    for language, (right, extra, missed, count) in sorted(sums.items()):
        print(f"{language}: {count} cases, precision {right / max(1, right + extra):.3f}, recall {right / max(1, right + missed):.3f}")
    right, extra, missed = (sum(row[i] for row in sums.values()) for i in range(3))
    precision, recall = right / max(1, right + extra), right / max(1, right + missed)
    print(f"{name}: {len(cases)} cases, {len(sums)} languages, precision {precision:.3f}, recall {recall:.3f}")
    minimum = PROMISED[name]
    return 0 if precision >= minimum[0] and recall >= minimum[1] and len(cases) >= minimum[2] else 1


if __name__ == "__main__":
    sys.exit(main())
