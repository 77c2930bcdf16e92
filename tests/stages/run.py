#!/usr/bin/env python3
"""Loaded stages in `copydesk run`, on the demo's embedded broker: routes by their subjects, the rejected topic, the ledger, metrics, replay; a child that is killed
while records flow; a crash that names the record in Kafka's words; the end.

    tests/stages/run.py PROGRAM"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PROGRAM = os.path.abspath(sys.argv[1])
WORK = tempfile.TemporaryDirectory(prefix="copydesk-stages-run-")
FOLDER = WORK.name
FAULTS = []
TOPICS = ["stages.raw", "stages.out", "stages.rejected", "stages.alerts"]
BODY = "The ferry to Larsund stays in service until May, the council said on Friday."


def expect(name, good, shown=""):
    if not good:
        FAULTS.append(f"{name}: {str(shown)[:2000]}")


def until(condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    return None


def read(name):
    path = os.path.join(FOLDER, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8", errors="replace") as source:
        return source.read()


class Demo:
    """Only its broker is wanted."""

    def __enter__(self):
        with open(os.path.join(FOLDER, "demo.log"), "wb") as out:
            self.child = subprocess.Popen([PROGRAM, "demo", "--rate", "0.1", "--port", "0"], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        found = until(lambda: re.search(r"embedded broker runs at (\S+);", read("demo.log")))
        if not found:
            raise SystemExit("there is no broker:\n" + read("demo.log"))
        self.brokers = found.group(1)
        return self

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGINT)
        self.child.wait(60)


def kcat(demo, *arguments, text=None):
    done = subprocess.run(["kcat", "-b", demo.brokers, *arguments], input=text, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout


def produce(demo, *titles):
    kcat(demo, "-P", "-t", "stages.raw", "-p", "0", "-k", "one", text="".join(json.dumps({"title": t, "text": BODY}) + "\n" for t in titles))


def consume(demo, topic):
    """(headers, value) of each record."""
    out = kcat(demo, "-C", "-e", "-q", "-t", topic, "-f", "%h\x1f%s\x1e")
    return [(dict(h.split("=", 1) for h in row.split("\x1f")[0].split(",") if "=" in h), row.split("\x1f")[1]) for row in out.split("\x1e") if "\x1f" in row]


def until_rows(demo, topic, count):
    """What has come to its place is written a little later."""
    until(lambda: len(consume(demo, topic)) >= count, 30)
    return consume(demo, topic)


class Run:
    def __init__(self, config):
        self.log = os.path.join(FOLDER, "run.log")
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen([PROGRAM, "run", "-c", config], stdout=out, stderr=out, stdin=subprocess.DEVNULL, cwd=FOLDER)
        found = until(lambda: re.search(r"http=127\.0\.0\.1:(\d+)", read("run.log")))
        self.port = found.group(1) if found else "0"

    def metrics(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=10) as answer:
                return answer.read().decode()
        except OSError:
            return ""

    def count(self):
        return sum(int(n) for n in re.findall(r"^copydesk_records_out_total\{.*\} (\d+)$", self.metrics(), re.M))

    def until_count(self, wanted):
        expect(f"{wanted} records have come to their place", until(lambda: self.count() >= wanted), read("run.log")[-1500:])

    def stop(self):
        began = time.monotonic()
        self.child.send_signal(signal.SIGTERM)
        code = self.child.wait(120)
        return code, time.monotonic() - began


def configure(demo, stages, group):
    path = os.path.join(FOLDER, "copydesk.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"""kafka: {{bootstrap.servers: "{demo.brokers}"}}
input: {{topics: [stages.raw], group: {group}}}
output: {{topic: stages.out}}
rejected: {{topic: stages.rejected}}
routes: [{{when: {{subject: medtop:20000065}}, topic: stages.alerts}}]
http: {{listen: "127.0.0.1:0"}}
instance: test
stages:
{stages}""")
    return path


def command(verb, *arguments):
    done = subprocess.run([PROGRAM, verb, *arguments], capture_output=True, text=True, check=False, timeout=120, cwd=FOLDER)
    return done.returncode, done.stdout + done.stderr


def places(demo):
    produce(demo, "Unrest", "Reject", "Drop", "French", "Unrest again")
    run = Run(configure(demo, f"  - {{load: fixture.so, after: subject}}\n  - {{command: [python3, {HERE}/child.py], config: {{how: note}}}}\n", "stages"))
    run.until_count(5)
    metrics = run.metrics()
    for name in ("fixture", "child"):
        expect(f"the time of {name}", re.search(rf'^copydesk_stage_duration_seconds_count{{stage="{name}"}} [1-9]', metrics, re.M), metrics[:500])
    alerts, out, rejected = (until_rows(demo, t, count) for t, count in (("stages.alerts", 2), ("stages.out", 1), ("stages.rejected", 2)))
    expect("routed by a stage's subject", [json.loads(v)["title"] for _, v in alerts] == ["Unrest", "Unrest again"], alerts)
    expect("the others", [json.loads(v)["language"]["code"] for _, v in out] == ["fr"], out)
    found = [h for h, _ in rejected if "copydesk.error.code" in h]
    expect("rejected", len(found) == 1 and found[0]["copydesk.error.code"] == "rejected-by-stage" and found[0]["copydesk.error.stage"] == "fixture"
           and found[0]["copydesk.error.reason"] == "not wanted", rejected)
    found = [h for h, _ in rejected if "copydesk.skipped.reason" in h]
    expect("dropped", len(found) == 1 and found[0]["copydesk.skipped.stage"] == "fixture" and found[0]["copydesk.provenance"] == "stages.raw/0/2", rejected)
    children = [int(line) for line in read("started").splitlines()]
    killed(demo, run, children)
    code, _ = run.stop()
    log = read("run.log")
    expect("the ledger", code == 0 and re.search(r"in=9 enriched=7 rejected=1 passed=0 skipped=1", log), log[-1500:])
    children = [int(line) for line in read("started").splitlines()]
    expect("no child is left", len(children) >= 3 and not any(os.path.exists(f"/proc/{pid}") for pid in children), children)


def killed(demo, run, children):
    """One child for the lane and one for the monitor page; both are killed, records go on."""
    expect("a child each", len(children) == 2, children)
    for pid in children:
        os.kill(pid, signal.SIGKILL)
    produce(demo, "Four", "Five", "Six", "Seven")
    run.until_count(9)
    rows = until_rows(demo, "stages.alerts", 6)
    expect("each once, in order, with the child's field", [(json.loads(v)["title"], "child" in json.loads(v)["extra"]) for _, v in rows[2:]] ==
           [(t, True) for t in ("Four", "Five", "Six", "Seven")], rows)
    expect("the log says so", "the child is started again" in read("run.log"), read("run.log")[-1500:])


def afterwards():
    config = os.path.join(FOLDER, "copydesk.yaml")
    with open(config, encoding="utf-8") as source:
        text = source.read()
    with open(config, "w", encoding="utf-8") as out:  # the child's field has its process in it: it is never the same
        out.write("\n".join(line for line in text.splitlines() if "command" not in line) + "\n")
    code, out = command("replay", "-c", config, "--json", "stages.raw/0/0")
    expect("replay runs the stage", code == 0 and '"creator":"stage:fixture"' in out, out)
    code, out = command("replay", "-c", config, "stages.raw/0/1")
    expect("replay finds the rejection again", code == 0 and "stages.raw/0/1: rejected" in out, (code, out))
    code, out = command("replay", "-c", config, "stages.raw/0/2")
    expect("replay of a dropped one", code == 0 and "stages.raw/0/2: skipped" in out, (code, out))
    code, out = command("explain", "-c", config, os.path.join(FOLDER, "one.json"))
    expect("explain", code == 0 and "stage:fixture" in out, out[-800:])


def crash(demo):
    """The same record is met again after a restart: nothing of it was committed."""
    produce(demo, "Crash")
    config = configure(demo, "  - {load: fixture.so, after: subject}\n", "stages-crash")
    for _ in range(2):
        run = Run(config)
        code = run.child.wait(120)
        line = next((l for l in read("run.log").splitlines() if "a stage crashed" in l), "")
        expect("the record is named", code == -signal.SIGSEGV and 'stage="fixture" signal=11 topic="stages.raw" partition=0 offset=9' in line, (code, read("run.log")[-1500:]))


def hanging(demo):
    """SIGTERM while a child hangs: the article is waited for no longer than its timeout."""
    config = configure(demo, f"  - {{command: [python3, {HERE}/child.py], timeout: 3s}}\n", "stages-hang")
    with open(config, encoding="utf-8") as source:
        text = source.read()
    with open(config, "w", encoding="utf-8") as out:
        out.write(text.replace("[stages.raw]", "[stages.hang]"))
    kcat(demo, "-P", "-t", "stages.hang", text=json.dumps({"title": "Hang", "text": BODY}) + "\n")
    run = Run(config)
    expect("it hangs", until(lambda: "partitions assigned" in read("run.log")), read("run.log"))
    time.sleep(1)
    code, seconds = run.stop()
    expect("the end is bounded", code == 0 and seconds < 15, (code, seconds, read("run.log")[-1500:]))


def main():
    subprocess.run(["cc", "-std=c11", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", "-I", os.path.join(ROOT, "include"), "-o", os.path.join(FOLDER, "fixture.so"),
                    os.path.join(HERE, "fixture.c")], check=True)
    with open(os.path.join(FOLDER, "one.json"), "w", encoding="utf-8") as out:
        json.dump({"title": "Unrest", "text": BODY}, out)
    with Demo() as demo:
        for topic in [*TOPICS, "stages.hang"]:
            kcat(demo, "-L", "-t", topic)
        places(demo)
        afterwards()
        crash(demo)
        hanging(demo)
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    WORK.cleanup()
    return 1 if FAULTS else 0


sys.exit(main())
