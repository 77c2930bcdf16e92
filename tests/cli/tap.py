#!/usr/bin/env python3
"""copydesk tap on the demo's embedded broker: what it shows, what it leaves out, how it ends; and check --connect there.

    tests/cli/tap.py PROGRAM"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

PROGRAM = sys.argv[1]
FAULTS = []


def expect(name, good, shown=""):
    if not good:
        FAULTS.append(f"{name}: {str(shown)[:1500]}")


class Demo:
    """The demo, publishing for ever, with the port of its broker."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="copydesk-tap-")
        self.log = os.path.join(self.folder, "demo.log")
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen([PROGRAM, "demo", "--rate", "20", "--port", "0"], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with open(self.log, encoding="utf-8") as log:
                text = log.read()
            found = re.search(r"embedded broker runs at (\S+);", text)
            if found and text.count("articles.enriched,") > 20:
                self.config = os.path.join(self.folder, "copydesk.yaml")
                with open(self.config, "w", encoding="utf-8") as out:
                    out.write(f"kafka: {{bootstrap.servers: \"{found.group(1)}\"}}\ninput: {{group: copydesk-demo}}\n")
                return self
            time.sleep(0.2)
        raise SystemExit("the demo published nothing within a minute:\n" + text)

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGINT)
        self.child.wait(60)


def tap(demo, *arguments, timeout=60):
    done = subprocess.run([PROGRAM, "tap", "-c", demo.config, *arguments], capture_output=True, text=True, timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def records(demo, *arguments):
    code, out, error = tap(demo, "--json", *arguments)
    expect(f"{arguments}: exit", (code, error) == (0, ""), (code, error))
    return [json.loads(line) for line in out.splitlines()]


def filters(demo):
    everything = records(demo, "--from", "earliest", "--count", "30")  # each of the 14 samples twice, whatever partition comes first
    expect("all records", len(everything) == 30, len(everything))
    for row in everything[:14]:
        expect("a record as it is", not checks.faults(json.dumps(row, ensure_ascii=False, separators=(",", ":"))), row.get("id"))
    french = records(demo, "--from", "earliest", "--until", "end", "--language", "fr")
    expect("language", french and all(row["language"]["code"] == "fr" for row in french), len(french))
    expect("fewer", len(french) < len(everything), len(french))
    source = records(demo, "--from", "earliest", "--until", "end", "--source", "NorthPost.example")
    expect("source", source and all(row["source"]["domain"] == "northpost.example" for row in source), len(source))
    expect("no such source", records(demo, "--from", "earliest", "--until", "end", "--source", "post.example") == [])
    # A subject that is not the first one is found in the value; a name is as good as its number.
    wanted = next(row["subjects"][-1] for row in everything if len(row["subjects"]) > 1)
    by_uri = records(demo, "--from", "earliest", "--count", "3", "--subject", wanted["uri"])
    by_number = records(demo, "--from", "earliest", "--count", "3", "--subject", wanted["uri"].split(":")[1])
    by_name = records(demo, "--from", "earliest", "--count", "3", "--subject", wanted["name"].upper())
    expect("subject", len(by_uri) == 3 and all(any(s["uri"] == wanted["uri"] for s in row["subjects"]) for row in by_uri), wanted)
    expect("its number and name", len(by_number) == 3 and len(by_name) == 3, (len(by_number), len(by_name)))
    expect("since now", len(records(demo, "--since", "1s", "--count", "2")) == 2)
    expect("nothing rejected", records(demo, "--rejected", "--from", "earliest", "--until", "end") == [])


def for_people(demo):
    code, out, _ = tap(demo, "--count", "30")
    expect("follows", code == 0 and out.count(" <- articles.raw/") == 30, out[-600:])
    expect("no colour into a pipe", "\033" not in out, out[:200])
    code, out, _ = tap(demo, "--count", "1", "--color", "always", "--language", "de")
    expect("colour", code == 0 and "\033[33mde\033[0m" in out, repr(out[:300]))
    wide = subprocess.run([PROGRAM, "tap", "-c", demo.config, "--count", "15"], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "COLUMNS": "60"})
    lines = [line for line in wide.stdout.splitlines() if " <- " not in line and not re.match(r"  (people|organisations|places|attributions|\S+ .*\d\.\d\d)", line)]
    expect("wrapped", all(len(line) <= 60 for line in lines), max(lines, key=len))


def ends(demo):
    """Ctrl-C ends it well, and so does a reader who has gone."""
    child = subprocess.Popen([PROGRAM, "tap", "-c", demo.config], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdout.readline()
    child.send_signal(signal.SIGINT)
    out, error = child.communicate(timeout=30)
    expect("Ctrl-C", (child.returncode, error) == (0, b""), (child.returncode, error))
    child = subprocess.Popen([PROGRAM, "tap", "-c", demo.config, "--json", "--from", "earliest"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    child.stdout.readline()
    child.stdout.close()
    error = child.stderr.read()
    expect("no reader", (child.wait(30), error) == (0, b""), (child.returncode, error))


def mistakes(demo):
    for arguments, word in ((("--since", "1m", "--from", "earliest"), "both say where to begin"), (("--from", "middle"), "is not earliest"),
                            (("--rejected", "--language", "fr"), "--code filters them"), (("--code", "no-text"), "add --rejected"),
                            (("--since", "yesterday"), "is no time"), (("--count", "0"), "whole number"), (("--color", "blue"), "auto, always or never"),
                            (("--sbject", "x"), "did you mean '--subject'"),
                            (("--rejected", "--code", "no-txt"), "did you mean 'no-text'")):
        code, out, error = tap(demo, *arguments)
        expect(arguments, (code, out) == (2, "") and word in error, (code, error))
    # A subject that the rulebook does not have may still be a stage's: it is said, and waited for.
    for subject, word in (("sprot", "no subject 'sprot', did you mean 'sport'?"), ("15000001", "did you mean 'medtop:15000000'?")):
        code, out, error = tap(demo, "--subject", subject, "--from", "earliest", "--until", "end")
        expect(subject, (code, out) == (0, "") and word in error, (code, error))
    done = subprocess.run([PROGRAM, "tap", "--help"], capture_output=True, text=True, timeout=30, check=False)
    expect("help", done.returncode == 0 and "usage: copydesk tap" in done.stdout and "--since" in done.stdout, done.stdout)


def connects(demo):
    """Short transactions are allowed, so trying them must not ask for long ones."""
    env = {**os.environ, "COPYDESK_KAFKA_PRODUCER_TRANSACTION_TIMEOUT_MS": "10000"}
    done = subprocess.run([PROGRAM, "check", "-c", demo.config, "--connect"], capture_output=True, text=True, timeout=120, check=False, env=env)
    expect("check --connect", (done.returncode, "write to 2 of 2 topics" in done.stdout) == (0, True), done.stdout)


def main():
    with Demo() as demo:
        for part in (filters, for_people, ends, mistakes, connects):
            part(demo)
    for fault in FAULTS:
        print(fault)
    return 1 if FAULTS else 0


sys.exit(main())
