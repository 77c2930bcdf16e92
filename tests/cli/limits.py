#!/usr/bin/env python3
"""Hostile input from outside: each limit stops one record, with its code, and the records after it flow; a huge rulebook loads within bounds.

    tests/cli/limits.py PROGRAM"""
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = sys.argv[1]
GOOD = json.dumps({"id": "good", "text": "The minister said on Monday that talks would go on in Paris."})
# Twenty times what it takes with sanitizers on a busy machine: a stalled stage takes minutes.
SECONDS_MAX = 60
FAULTS = []


def expect(name, condition, shown=""):
    print(f"{'ok   ' if condition else 'FAULT'} {name}{' ' if shown else ''}{str(shown)[:200]}")
    if not condition:
        FAULTS.append(name)


def run(lines, config="", rulebook=None):
    """The filter on these lines: parsed lines out, seconds, peak memory in MB."""
    with tempfile.TemporaryDirectory() as folder:
        path, source = os.path.join(folder, "c.yaml"), os.path.join(folder, "in")
        with open(path, "w", encoding="utf-8") as out:
            out.write(config + (f"\nrulebook: {rulebook}\n" if rulebook else "\nlog: {level: error}\n"))
        with open(source, "w", encoding="utf-8") as out:
            out.writelines(line + "\n" for line in lines)
        started = time.monotonic()
        with open(source, "rb") as stdin:
            child = subprocess.Popen([PROGRAM, "filter", "--quiet", "-c", path], stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out, err = child.communicate(timeout=600)
        parsed = [json.loads(line) for line in out.decode().splitlines()]
        return parsed, time.monotonic() - started, err.decode()


def code_of(record):
    return record.get("rejected", {}).get("code", "enriched")


def between_good(name, record, wanted, config=""):
    """The record in the middle has this outcome, its neighbours are enriched, and none of it takes long."""
    out, seconds, err = run([GOOD, record, GOOD], config)
    codes = [code_of(r) for r in out]
    expect(name, len(codes) == 3 and codes[1] in wanted and codes[0] == codes[2] == "enriched" and seconds < SECONDS_MAX,
           f"{codes} in {seconds:.1f} s {err[-200:] if len(codes) != 3 else ''}")


def records():
    text = "The minister said on Monday that talks would go on in Paris. "
    large = json.dumps({"text": text * (33 * 1024 * 1024 // len(text))})
    between_good("33 MiB, limits.input 32 MiB", large, ["input-too-large"])
    exact = 1024 * 1024 - len('{"text": ""}')
    between_good("limits.input to the byte", json.dumps({"text": "x y " * (exact // 4) + "z" * (exact % 4)}), ["enriched"], "limits: {input: 1MiB}")
    between_good("one byte more", json.dumps({"text": "x y " * (exact // 4) + "z" * (exact % 4 + 1)}), ["input-too-large"], "limits: {input: 1MiB}")
    between_good("JSON 100,000 deep", '{"text": "a", "x": ' + "[" * 100000 + "]" * 100000 + "}", ["too-deep"])
    between_good("HTML 200,000 deep", json.dumps({"html": "<div>" * 200000 + text + "</div>" * 200000}), ["enriched", "too-deep", "work-limit"])
    between_good("a tag with 100,000 attributes", json.dumps({"html": "<p " + " ".join(f"a{i}=1" for i in range(100000)) + f">{text * 3}</p>"}),
                 ["enriched", "work-limit"])
    between_good("200,000 unclosed quotes", json.dumps({"text": "\u201cThe minister said " * 200000}), ["enriched", "work-limit"])
    between_good("100,000 places and people", json.dumps({"text": "Angela Merkel met Barack Obama in Paris, Berlin and Washington, said Reuters. " * 20000}),
                 ["enriched", "work-limit"])
    subjects = " ".join(f"{a} {b}" for a in ("election", "parliament", "football", "court", "earthquake", "stock market") for b in
                        ("minister", "goal", "trial", "victims", "shares", "film", "school", "weather", "war", "church"))
    between_good("all subjects at once", json.dumps({"text": (subjects + ". ") * 3000}), ["enriched", "work-limit"])
    between_good("one paragraph of 8 MB without a space", json.dumps({"text": "a" * 8_000_000}), ["enriched", "work-limit", "no-text"])
    between_good("limits.work", json.dumps({"text": text * 2000}), ["work-limit"], "limits: {work: 20000}")
    between_good("limits.memory", json.dumps({"text": text * 50000}), ["memory-limit"], "limits: {memory: 4MiB}")
    between_good("limits.output", json.dumps({"text": text * 2000}), ["output-too-large"], "limits: {output: 64KiB}")


def slow_pattern():
    """A rule that takes exponential time on what it is written for: PCRE2's counted limit ends it, for that record only."""
    with tempfile.TemporaryDirectory() as folder:
        book = os.path.join(folder, "book")
        shutil.copytree(os.path.join(ROOT, "deploy", "rulebook"), book)
        with open(os.path.join(book, "residue", "slow.yaml"), "w", encoding="utf-8") as out:
            out.write("rules:\n  - id: slow.pattern\n    where: line\n    pattern: 'slow (?:(?:a|a)+)+[bc]'\n    max_length: 600\n"
                      "    match: [\"slow aab\"]\n    keep: [\"slow cars\"]\n")
        hostile = json.dumps({"text": "A first line of text that stays.\n\nslow " + "a" * 500 + "\n\nA last line of text that stays too."})
        out, seconds, err = run([GOOD, hostile, GOOD], rulebook=book)
        codes = [code_of(r) for r in out]
        expect("a catastrophic pattern", codes == ["enriched", "match-limit", "enriched"] and seconds < SECONDS_MAX, f"{codes} in {seconds:.1f} s {err[-300:]}")


def peak_mb():
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def huge_rulebook():
    """A million outlets of one's own: they load, in bounded time and memory, and work."""
    with tempfile.TemporaryDirectory() as folder:
        book = os.path.join(folder, "book")
        shutil.copytree(os.path.join(ROOT, "deploy", "rulebook"), book)
        os.makedirs(os.path.join(book, "sources"), exist_ok=True)
        path = os.path.join(book, "sources", "million.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("domain,name,country,language,type,confidence\n")
            out.writelines(f"outlet{i}.example,Outlet {i},FR,fr,digital,listed\n" for i in range(1_000_000))
        before = peak_mb()
        out, seconds, err = run([json.dumps({"text": "The minister said that talks would go on.", "url": "https://www.outlet777777.example/a"})],
                                rulebook=book)
        name = out[0].get("source", {}).get("name") if out else None
        expect("1,000,000 outlets", name == "Outlet 777777", f"{name}: {seconds:.1f} s, {os.path.getsize(path) >> 20} MiB of CSV, peak {peak_mb():.0f} MB "
               f"(before {before:.0f}) {err[-300:]}")


def distinct_sources():
    lines = [json.dumps({"text": "The minister said that talks would go on.", "url": f"https://host{i}.paper{i}.example/a"}) for i in range(100_000)]
    out, seconds, _ = run(lines)
    domains = {r["source"]["domain"] for r in out if "source" in r}
    expect("100,000 sources", len(out) == 100_000 and len(domains) == 100_000, f"{len(domains)} in {seconds:.0f} s")


def main():
    slow_pattern()
    records()
    huge_rulebook()
    if "--all" in sys.argv:
        distinct_sources()
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
