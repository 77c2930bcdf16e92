#!/usr/bin/env python3
"""The exit codes that docs/errors.md promises, verb by verb, as far as they can be had without a broker: 0 done, 1 found faults, 2 wrong usage or configuration, 3 failed while
running. tests/integration and tests/mock have those that need one.

    tests/cli/exits.py PROGRAM"""
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
ARTICLE = os.path.join(ROOT, "deploy", "demo", "05-pt-feed.json")
VERBS = ("demo", "run", "filter", "explain", "init", "check", "top", "tap", "audit", "redrive", "replay", "train", "eval", "bench")
WITH_CONFIG = ("run", "filter", "explain", "check", "top", "tap", "audit", "redrive", "replay", "train", "eval", "bench")
WITH_RULEBOOK = ("filter", "explain", "check", "train", "eval", "bench")  # replay reads its record first
LABELS = tempfile.NamedTemporaryFile(suffix=".jsonl")  # pylint: disable=consider-using-with
FAULTS = []


def call(*arguments, stdin=b"", stdout=subprocess.PIPE):
    done = subprocess.run([PROGRAM, *arguments], input=stdin, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=120)
    return done.returncode, (done.stdout or b"").decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def expect(arguments, code, words="", **options):
    """The code, and words that tell a person why: on stderr, or for findings on stdout."""
    got, out, err = call(*arguments, **options)
    if got != code or words not in out + err or (code > 1 and not err and arguments[0] != "top"):
        FAULTS.append(f"{arguments}: {got}, not {code} with {words!r}: {out[-300:]} {err[-300:]}")


def needed(verb):
    """What the verb cannot do without, so that only the mistake in question is left."""
    return {"explain": [ARTICLE], "bench": ["--rounds", "1", ARTICLE], "eval": ["--labels", LABELS.name], "train": ["--labels", LABELS.name], "replay": ["articles.raw/0/0"],
            "top": ["--once", "--interval", "100ms"]}.get(verb, [])


def usage(folder):
    expect([], 2, "usage: copydesk VERB")
    expect(["fitler"], 2, "did you mean 'filter'")
    wrong = os.path.join(folder, "wrong.yaml")
    with open(wrong, "w", encoding="utf-8") as out:
        out.write("lanes: many\n")
    for verb in VERBS:
        expect([verb, "--help"], 0, f"usage: copydesk {verb}")
        expect([verb, "--no-such-option"], 2, "--no-such-option")
    for verb in WITH_CONFIG:
        expect([verb, *(n for n in needed(verb) if verb != "bench"), "-c"], 2, "-c needs a value")
        expect([verb, "-c", f"{folder}/missing.yaml", *needed(verb)], 2, "missing.yaml")
        expect([verb, "-c", folder, *needed(verb)], 2, "Is a directory")
        if verb != "check":
            expect([verb, "-c", wrong, *needed(verb)], 2, "wrong.yaml:1:8: lanes: 'many'")
    for verb in WITH_RULEBOOK:
        expect([verb, "--rulebook", f"{folder}/missing", *needed(verb)], 2, "missing: the folder cannot be read")


def files(folder):
    """One rule: what the command names and cannot be read, or be made, is wrong usage."""
    missing = f"{folder}/missing.json"
    for arguments in (["explain", missing], ["filter", "--whole", missing], ["filter", "--whole", ARTICLE, missing], ["bench", missing], ["eval", "--labels", missing], ["train", "--labels", missing],
                      ["init", f"{folder}/no/such.yaml"], ["explain", "--html", f"{folder}/no/page.html", ARTICLE]):
        expect(arguments, 2, "No such file or directory")
    for arguments in (["explain", folder], ["filter", "--whole", folder]):
        expect(arguments, 2, "Is a directory")
    made = f"{folder}/copydesk.yaml"
    expect(["init", made], 0, "wrote")
    expect(["init", made], 2, "left as it is")


def checks(folder):
    config = f"{folder}/checked.yaml"
    with open(config, "w", encoding="utf-8") as out:
        out.write("lanes: 2\n")
    expect(["check", "-c", config], 0, f"configuration {config}\n")
    expect(["check"], 0, "configuration of the defaults and the environment\n")
    with open(config, "w", encoding="utf-8") as out:
        out.write("lanes: many\nlane: 2\n")
    expect(["check", "-c", config], 1, "\n2 mistakes, 0 warnings\n")
    expect(["check", "-c", config, "--print"], 1, ":1:8:")
    got, out, err = call("check", "--rulebook", f"{folder}/missing")
    if "mistakes" in out or "cases" in out:
        FAULTS.append(f"check sums up what it could not look at: {out} {err}")
    here = os.getcwd()
    os.chdir(folder)  # where init wrote copydesk.yaml
    for verb in ("check", "top"):
        expect([verb, *needed(verb)], 0 if verb == "check" else 3, "copydesk.yaml lies here and is not read: add -c copydesk.yaml")
    os.chdir(here)
    if "lies here" in call("check")[2]:
        FAULTS.append("check speaks of a copydesk.yaml that is not there")


def records():
    expect(["explain", ARTICLE], 0, "health")
    expect(["explain", "-"], 1, "invalid-json", stdin=b'{"text": "a"')
    expect(["filter"], 1, "wrong-type", stdin=b'{"text": 5}\n')
    expect(["filter"], 0, "", stdin=b'{"text": "A bank raised its rates."}\n')


def failures(folder):
    """No broker, nobody to ask, a full disk."""
    config = f"{folder}/away.yaml"
    with open(config, "w", encoding="utf-8") as out:
        out.write("kafka:\n  bootstrap.servers: 127.0.0.1:1\nhttp: {listen: \"127.0.0.1:1\"}\n")
    with ThreadPoolExecutor() as together:  # each waits for a broker for some ten seconds
        for verb in ("run", "tap", "audit", "redrive", "replay"):
            together.submit(expect, [verb, "-c", config, *needed(verb)], 3, "kafka.bootstrap.servers")
        together.submit(expect, ["top", "-c", config, *needed("top")], 3, "no answer from http://127.0.0.1:1/status")
        together.submit(expect, ["check", "-c", config, "--connect"], 1, "no broker of 127.0.0.1:1")
    with open("/dev/full", "wb") as full:
        for arguments in (["--help"], ["--version"], ["check"], ["check", "--schema"], ["check", "--print"], ["init", "-"], ["explain", ARTICLE], ["filter", "--whole", ARTICLE], ["bench", "--rounds", "1", ARTICLE]):
            expect(arguments, 3, "No space left on device", stdout=full)


def main():
    for _ in range(10):
        LABELS.write(b'{"text": "The bank raised its rates.", "subject": "medtop:04000000"}\n{"text": "The club won the match.", "subject": "medtop:15000000"}\n')
    LABELS.flush()
    with tempfile.TemporaryDirectory() as folder:
        usage(folder)
        files(folder)
        checks(folder)
        records()
        failures(folder)
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
