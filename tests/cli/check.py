#!/usr/bin/env python3
"""What a person sees on the command line: good and bad input, messages, exit codes.

    tests/cli/check.py PROGRAM"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []


def run(arguments, stdin=b"", env=None, timeout=120):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, capture_output=True, check=False, timeout=timeout,
                          env={**os.environ, **(env or {})})
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def expect(name, got, wanted):
    if not wanted:
        FAULTS.append(f"{name}: {str(got)[:600]}")


def rejected(name, value, code, words=(), whole=True):
    status, out, err = run(["filter", "--whole"] if whole else ["filter"], value)
    expect(f"{name}: exit code", status, status == 1)
    line = json.loads(out.splitlines()[0]) if out else {}
    entry = line.get("rejected", {})
    expect(f"{name}: code {code}", entry or err, entry.get("code") == code)
    for word in words:
        expect(f"{name}: reason has {word!r}", entry, word in entry.get("reason", ""))
    expect(f"{name}: says so on stderr", err, code in err)


def bad_records():
    rejected("invalid JSON", b'{"text": "a"', "invalid-json", ["byte"])
    rejected("comma", b'{"text": "a",}', "invalid-json", ["byte"])
    rejected("a word that only begins like one", b'{"text": nul}', "invalid-json", ["byte"])
    rejected("wrong type", b'{"text": 5}', "wrong-type", ["text"])
    rejected("wrong type title", b'{"text": "abc", "title": []}', "wrong-type", ["title"])
    rejected("binary", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "binary-input")
    rejected("binary zeros", bytes(4000) + b"abc", "binary-input")
    rejected("cut UTF-8 in JSON", b'{"text": "caf\xc3', "invalid-utf8", ["cut short"])
    rejected("bad UTF-8 in JSON", b'{"text": "caf\xff and more"}', "invalid-utf8", ["byte 13"])
    rejected("lone surrogate", b'{"text": "a \\ud800 b"}', "lone-surrogate")
    rejected("escape", b'{"text": "a \\q b"}', "invalid-escape")
    rejected("control character", b'{"text": "a \x01 b"}', "control-character")
    rejected("duplicate key", b'{"text": "a", "text": "b"}', "duplicate-key")
    rejected("duplicate key below", b'{"text": "a", "x": {"k": 1, "k": 2}}', "duplicate-key")
    rejected("empty value", b"", "empty-value")
    rejected("white space", b" \n\t ", "empty-value")
    rejected("no text", b'{"id": "7"}', "no-text")
    rejected("empty page", b"<html><body><script>var a;</script></body></html>", "no-text")
    rejected("nested 100,000 deep", b'{"text": "a", "x": ' + b"[" * 100000 + b"]" * 100000 + b"}", "too-deep")
    rejected("50 MB", b'{"text": "' + b"word " * 10000000 + b'"}', "input-too-large", ["limits.input"])


def good_records():
    value = '{"text": "Der Minister sagte am Montag, die Brücke werde gesperrt.", "Größe": [1, {"a": null}]}'.encode()
    status, out, err = run(["filter"], value + b"\n" + value + b"\n")
    expect("two lines", (status, err), status == 0 and len(out.splitlines()) == 2)
    for line in out.splitlines():
        expect("valid record", line, not checks.faults(line))
        expect("extra untouched", line, '"extra":{"Größe":[1, {"a": null}]}' in line)
    status, out, _ = run(["filter"], b'{"text": "One line here."}\nnot json\n{"text": "Another one here."}\n')
    lines = [json.loads(line) for line in out.splitlines()]
    expect("lines stay in step", lines, status == 1 and ["rejected" in line for line in lines] == [False, True, False])
    status, out, _ = run(["filter"], b"null\n")
    expect("tombstone", out, (status, out) == (0, "null\n"))
    status, out, _ = run(["filter", "--whole", "--crawled-at", "2023-01-10T00:00:00Z"],
                         "Le ministre a parlé vendredi 30 décembre devant les députés de la ville.".encode())
    dates = json.loads(out).get("dates", [])
    expect("date by crawl time", dates, [d["date"] for d in dates] == ["2022-12-30"])
    for charset, text in (("windows-1251", "Правительство заявило, что переговоры продолжаются."), ("iso-8859-1", "Le député a été élu à Orléans.")):
        page = f'<html><head><meta charset="{charset}"></head><body><p>{text}</p></body></html>'.encode(charset)
        status, out, _ = run(["filter", "--whole"], page)
        expect(charset, out, json.loads(out).get("body") == text)
    status, out, _ = run(["filter", "--whole"], "\ufeffDie Brücke wird gesperrt, sagte der Bürgermeister.".encode("utf-16-le"))
    expect("UTF-16", out, json.loads(out).get("body", "").startswith("Die Brücke"))


def documents():
    """Several whole documents in one call, a line each."""
    folder = os.path.join(checks.ROOT, "deploy", "demo")
    paths = sorted(os.path.join(folder, n) for n in os.listdir(folder))
    status, out, err = run(["filter", "--whole", *paths])
    expect("documents", (status, err), status == 0 and len(out.splitlines()) == len(paths) and not err)
    with open(paths[1], "rb") as page:
        expect("the same as from stdin", "", out.splitlines()[1] == run(["filter", "--whole"], page.read())[1].rstrip("\n"))
    status, _, err = run(["filter", paths[0]])
    expect("files without --whole", (status, err), status == 2 and "--whole" in err)


def usage():
    for arguments, code in ((["--help"], 0), (["--version"], 0), ([], 2), (["fitler"], 2), (["filter", "--nope"], 2),
                            (["run", "-c", "/nonexistent.yaml"], 2), (["filter", "--rulebook", "/nonexistent"], 2),
                            (["filter", "--evidence", "much"], 2), (["explain", "/nonexistent"], 2), (["check"], 0)):
        status, out, err = run(arguments, b"{}")
        expect(f"{arguments}: exit code", (status, out[-300:], err), status == code)
    expect("near verb", run(["fitler"])[2], "did you mean 'filter'" in run(["fitler"])[2])
    for verb in ("run", "demo", "filter", "explain", "check", "bench", "audit", "redrive", "replay"):
        status, out, _ = run([verb, "--help"])
        expect(f"{verb} --help", out, status == 0 and out.startswith("usage: copydesk " + verb))
    status, out, _ = run(["explain", os.path.join(checks.ROOT, "deploy", "demo", "01-fr-autoblog.txt")])
    expect("explain", out, status == 0 and "autoblog.ad-marker" in out and "Subjects" in out and "Senegal" in out)


CONFIGS = [
    ("kafka: [", ":1:", "YAML"),
    ("lanes: 2\n%x\x0b", ":2:1:", "directives"),
    ("input: {group: \"a\x07\"}", ":1:18:", "control character"),
    ("shadow: {rulebook: builtin}", "", "shadow.topic"),
    ("shadow: {rulebook: builtin, topic: articles.enriched}", "", "topic of its own"),
    ("shadow: {sample: 1.5}", ":1:18:", "share from 0 to 1"),
    ("outptu: {topic: a}", ":1:1:", "did you mean 'output'"),
    ("input:\n  grupo: a", ":2:3:", "group"),
    ("lanes: many", ":1:8:", "whole number"),
    ("lanes: 0", ":1:8:", "range"),
    ("delivery: twice", ":1:11:", "exactly-once"),
    ("commit: {interval: soon}", ":1:20:", "duration"),
    ("kafka: {transactional.id: x}", ":1:", "owned by copydesk"),
    ("kafka: {isolation.level: read_uncommitted}", ":1:", "read_committed"),
    ("kafka: {consumer: {enable.auto.commit: true}}", ":1:", "owned by copydesk"),
    ("kafka: {bootstrap.servers: \"${NOT_SET_HERE}\"}", ":1:", "NOT_SET_HERE"),
    ("output: {topic: \"news.{language}\"}", "", "output.topics"),
    ("input: {topics: [a]}\noutput: {topic: a}", "", "both read and written"),
    ("lanes: 2\noutput: {topic: articles.raw}", ":2:", "both read and written"),
    ("input: {fields: {txt: [a]}}", ":1:", "did you mean 'text'"),
    ("kafka: {consumer: {bootstrap.servers: a}, producer: {bootstrap.servers: b}}", "", "one cluster"),
]


def configurations():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "copydesk.yaml")
        for text, place, words in CONFIGS:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            for verb in (["check", "-c", path], ["run", "-c", path]):
                status, out, err = run(verb)
                expect(f"{text!r} {verb[0]}: exit code", (status, out, err), status == (1 if verb[0] == "check" else 2))
                expect(f"{text!r} {verb[0]}: place {place} and {words!r}", out + err, place in out + err and words in out + err)
        with open(path, "w", encoding="utf-8") as out:
            out.write("kafka:\n  bootstrap.servers: 127.0.0.1:1\n  sasl.password: hush-hush\nhttp: {listen: \"off\"}\n")
        status, out, err = run(["run", "-c", path])
        expect("unreachable broker", (status, err), status == 3 and "127.0.0.1:1" in err and "bootstrap.servers" in err)
        expect("no secret", err, "hush" not in out + err)
        with open(path, "w", encoding="utf-8") as out:
            out.write("lanes: 2\nrulebook: no-such-folder\n")
        status, out, err = run(["check", "-c", path])
        expect("no rulebook there", (status, out, err), status == 1 and ":2:11: rulebook: no-such-folder: " in out and "\n1 mistake, 0 warnings" in out)
        status, out, err = run(["check"], env={"COPYDESK_LANES": "none"})
        expect("environment", out, status == 1 and "COPYDESK_LANES" in out)


def rulebooks():
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "residue"))
        path = os.path.join(folder, "residue", "own.yaml")
        rule = "rules:\n  - id: own.one\n    where: line\n    pattern: '{}'\n    match: [\"ad here\"]\n    keep: [\"a sentence\"]\n"
        for text, words in ((rule.format("ad .*"), ""), (rule.format("ad ("), "character"), (rule.format("nothing"), "does not match"),
                            (rule.format(".*"), "must not match"), ("rules: {", "YAML"),
                            (rule.format("ad .*") + "    find:\n  - id: own.two\n", "where: '' is not known")):
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            status, out, _ = run(["check", "--rulebook", folder])
            expect(f"rulebook {text!r}", out, status == (1 if words else 0) and words in out)
        two = "rules:\n  - {{id: own.one, where: line, literal: [our ad], match: [our ad], keep: [our admiral]}}\n  - {{id: {}, where: line, {}}}\n"
        for name, other, words in (("own.one", "literal: [a b], match: [a b], keep: [a c]", "own.yaml:3:10: the rule id 'own.one' is used twice"),
                                   ("own.two", "literal: [our ad], match: [our ad], keep: [a c]", "own.yaml:3:59: warning: rule own.two is never reached"),
                                   ("own.two", "literal: [a b], match: [a b], keep: [Our ad]", "own.yaml:3:69: warning: rule own.two keeps this text, but own.one"),
                                   ("own.two", "pattern: 'a b', match: [a b], keep: [a c]", "own.yaml:3:42: warning: slow"),
                                   ("own.two", "literal: [a], rest: b, match: [a], keep: [c]", "rest follows starts"),
                                   ("own.two", "starts: [a], pattern: b, match: [a], keep: [c]", "a pattern stands alone")):
            with open(path, "w", encoding="utf-8") as out:
                out.write(two.format(name, other))
            _, out, _ = run(["check", "--rulebook", folder])
            expect(f"rulebook with {other!r}", out, words in out)


def lexicons():
    """What check says about a lexicon's own file, and where."""
    head = "language: en\nsubjects:\n  medtop:15000000:\n"
    topics = "topics:\n  medtop:15000000: {name: sport}\n  medtop:20001065: {name: soccer, broader: medtop:15000000}\n"
    cases = (("    3: [referee, Referees]\n", "own.yaml:4:18: warning: duplicate: this term stands for the same topic in subjects/own.yaml:4:9;"),
             ("    3: [referee]\n    2: [offside, referee]\n",
              "own.yaml:5:18: warning: conflict: this term has another weight for the same topic in subjects/own.yaml:4:9;"),
             ("    3: [referee]\n  medtop:20001065: {2: [referee]}\n",
              "own.yaml:5:25: warning: duplicate: this term stands for a broader or narrower topic in subjects/own.yaml:4:9;"),
             ("    3: [offside, \"home. run\"]\n", "own.yaml:4:19: warning: unreachable: no term is found across punctuation"),
             ("    3: [\"=offside!\"]\n", "own.yaml:4:10: warning: unreachable: a spelling begins and ends with a full word"),
             ("    3: [offside, \"...\"]\n", "own.yaml:4:19: a term of 1 to 12 words is wanted here"),
             ("    3: [offside]\n  medtop:15000001: {2: [umpire]}\n", "own.yaml:5:3: topic 'medtop:15000001' is not in subjects/topics.yaml; did you mean 'medtop:15000000'?"),
             ("    3: [offside]\ncases:\n  - {text: \"The bank raised its rates.\", has: [\"medtop:15000000\"]}\n", ": the case wants medtop:15000000"))
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "subjects"))
        with open(os.path.join(folder, "subjects", "topics.yaml"), "w", encoding="utf-8") as out:
            out.write(topics)
        for text, words in cases + (("    3: [referee, offside]\n", "0 mistakes, 0 warnings"),):
            with open(os.path.join(folder, "subjects", "own.yaml"), "w", encoding="utf-8") as out:
                out.write(head + text)
            status, out, err = run(["check", "--rulebook", folder])
            expect(f"lexicon {text!r}", (status, out, err), words in out and status == (0 if "warning" in words else 1))


def main():
    for part in (usage, documents, good_records, bad_records, configurations, rulebooks, lexicons):
        part()
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
