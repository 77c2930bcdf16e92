#!/usr/bin/env python3
"""The operator's verbs on a real Kafka: audit, redrive, replay, backfill, shadow.

    tests/integration/operator.py PROGRAM UPSTREAM [PART...]"""
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import ROOT, Cluster, Process, wait_until  # noqa: E402

PROGRAM, UPSTREAM = (os.path.abspath(path) for path in sys.argv[1:3])
FAULTS = []


def expect(name, got, wanted):
    if got != wanted:
        FAULTS.append(f"{name}: got {str(got)[:1500]}, wanted {str(wanted)[:500]}")


def config(cluster, name, more=""):
    return f"""kafka: {{bootstrap.servers: "{cluster.bootstrap}"}}
input: {{topics: [{name}.raw], group: {name}}}
output: {{topic: {name}.enriched}}
rejected: {{topic: {name}.rejected}}
create_topics: {{partitions: 3, replication: 1}}
http: {{listen: "127.0.0.1:0"}}
commit: {{interval: 50ms}}
{more}"""


def call(process, verb, *arguments):
    done = subprocess.run([PROGRAM, verb, "-c", process.config, *arguments], capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr


def lines(count, first=0):
    """Every 10th is rejected."""
    for i in range(first, first + count):
        yield f"key-{i}\t" + ('{"text": 7, "url": "https://www.news.example.org/a"}' if i % 10 == 9
                              else json.dumps({"id": f"r{i}", "text": f"The minister said on Monday that talks would go on. ({i})"}))


def prepare(cluster, name, count, more=""):
    for topic in ("raw", "enriched", "rejected"):
        cluster.create(f"{name}.{topic}", 3)
    cluster.produce(f"{name}.raw", lines(count))
    process = Process(PROGRAM, config(cluster, name, more), name)
    return process


def run_to_end(process, group=None):
    """A backfill over all there is, under the configured group."""
    done = call(process, "run", "--from", "earliest", "--until", "end", *(["--group", group] if group else []))
    expect("backfill's exit", done[0], 0)
    return done


def fake(cluster, topic, provenance, partition=0):
    """A published record that a broken processor could have left."""
    header = ["-H", f"copydesk.provenance={provenance}"] if provenance else []
    subprocess.run(["kcat", "-b", cluster.bootstrap, "-P", "-t", topic, "-p", str(partition), "-k", "fake", *header], input=b"{}", check=True, timeout=60)


def audit(cluster):
    process = prepare(cluster, "audit", 200)
    cluster.produce("audit.raw", ["key-1\t"], "-Z")
    code, out, _ = run_to_end(process)
    expect("backfill's report", out.splitlines()[-1].split()[-5:], ["201", "180", "20", "1", "0"])
    code, out, _ = call(process, "audit")
    expect("closed", (code, "the ledger is closed" in out), (0, True))
    code, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("counts", [report[k] for k in ("records", "enriched", "rejected", "passed", "lost", "double")], [201, 180, 20, 1, 0, 0])
    # What an at-least-once processor without care leaves behind, found with its coordinates.
    fake(cluster, "audit.enriched", "audit.raw/0/3")
    fake(cluster, "audit.enriched", "audit.raw/1/999999")
    fake(cluster, "audit.enriched", None)
    code, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("broken", (code, report["double"], report["unfounded"], report["nameless"], report["lost"]), (1, 1, 1, 1, 0))
    expect("double named", [f["raw"] for f in report["faults"] if f["kind"] == "double"], ["audit.raw/0/3"])
    code, out, _ = call(process, "audit", "--since", "2099-01-01T00:00:00Z")
    expect("of the future", (code, "lost 0" in out), (1, True))  # the nameless one stays a fault
    # A group that committed without publishing: everything is lost, and named.
    lost = prepare(cluster, "lost", 20)
    subprocess.run(["kcat", "-b", cluster.bootstrap, "-G", "lost", "-X", "auto.offset.reset=earliest", "-e", "-q", "lost.raw"],
                   check=True, timeout=120, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    code, out, _ = call(lost, "audit", "--json")
    report = json.loads(out)
    expect("lost", (code, report["lost"]), (1, 20))
    raw = sorted(f"lost.raw/{r['partition']}/{r['offset']}" for r in cluster.read("lost.raw"))
    expect("lost named", sorted(f["raw"] for f in report["faults"]), raw)
    # A note in the rejected topic says that a stage dropped the record: it is not lost.
    for place in raw[:3]:
        subprocess.run(["kcat", "-b", cluster.bootstrap, "-P", "-t", "lost.rejected", "-H", "copydesk.skipped.reason=an advertisement", "-H",
                        "copydesk.skipped.stage=own", "-H", f"copydesk.provenance={place}"], input=b"note\n", check=True, timeout=60)
    report = json.loads(call(lost, "audit", "--json")[1])
    expect("skipped", (report["skipped"], report["lost"], report["nameless"]), (3, 17, 0))
    expect("redrive leaves skipped ones", "redriven 0\n" in call(lost, "redrive", "--execute")[1], True)
    name = 'a "quoted" group\\with a backslash\tand a tab'
    code, out, _ = call(process, "audit", "--json", "--group", name)
    expect("a name that JSON escapes", json.loads(out)["group"], name)


def upstream(cluster, topic, count, end):
    subprocess.run([UPSTREAM, cluster.bootstrap, topic, str(count), end], check=True, timeout=120)


def aborted(cluster):
    """Records that their own producer took back are nobody's loss, and told apart from markers."""
    process = prepare(cluster, "aborted", 30)
    upstream(cluster, "aborted.raw", 40, "abort")
    upstream(cluster, "aborted.raw", 20, "commit")
    upstream(cluster, "aborted.raw", 10, "abort")
    run_to_end(process)
    code, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("aborted", (code, report["records"], report["aborted"], report["lost"], report["double"]), (0, 50, 50, 0, 0))
    expect("markers", 3 <= report["gaps"] <= 9, True)  # one a transaction and partition it touched
    code, out, _ = call(process, "audit")
    expect("aborted closes", (code, "the ledger is closed" in out), (0, True))


COMPACT_SOON = ("cleanup.policy=compact", "min.cleanable.dirty.ratio=0.01", "segment.ms=1000", "max.compaction.lag.ms=1000", "delete.retention.ms=100")


def until_compacted(cluster, topic, count):
    """The cleaner leaves the segment alone that is being written: a record each turn closes it."""
    for turn in range(60):
        if len(cluster.read(topic)) < count:
            return
        fake(cluster, topic, f"elsewhere.raw/0/{turn}")
        time.sleep(2)
    FAULTS.append(f"{topic} was not compacted within two minutes")


def compacted(cluster):
    """The same three keys again and again, then one of them deleted: most outcomes are replaced in time."""
    for topic, settings in (("raw", ()), ("enriched", COMPACT_SOON), ("rejected", ())):
        cluster.create(f"compacted.{topic}", 1, *settings)
    process = Process(PROGRAM, config(cluster, "compacted"), "compacted")
    cluster.produce("compacted.raw", (f"key-{i % 3}\t" + json.dumps({"id": f"c{i}", "text": f"The talks go on ({i})."}) for i in range(60)))
    cluster.produce("compacted.raw", ["key-1\t"], "-Z")
    run_to_end(process)
    code, out, _ = call(process, "audit", "--json")
    expect("before compaction", (code, json.loads(out)["superseded"]), (0, 0))
    until_compacted(cluster, "compacted.enriched", 61)
    code, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("compacted", (code, report["lost"], report["superseded"] > 0), (0, 0, True))
    expect("all told", report["enriched"] + report["passed"] + report["superseded"], 61)


def oversize(cluster):
    """Whatever a broker finds too large ends in a smaller form, truncated or by reference, and never holds up its partition."""
    for policy, outcome in (("reject", "rejected"), ("truncate", "rejected")):
        name = f"oversize-{policy}"
        cluster.create(f"{name}.raw", 1)
        cluster.create(f"{name}.enriched", 1, "max.message.bytes=20000")
        cluster.create(f"{name}.rejected", 1, "max.message.bytes=20000")
        process = Process(PROGRAM, config(cluster, name, f"oversize: {policy}\n"), name)
        body = "The minister said on Monday that talks would go on. " * 8000
        cluster.produce(f"{name}.raw", ["large\t" + json.dumps({"id": "o1", "text": body}), "small\t" + json.dumps({"id": "o2", "text": "The talks go on."})])
        run_to_end(process)
        code, out, _ = call(process, "audit", "--json")
        report = json.loads(out)
        expect(f"{policy}: large and small", (code, report["enriched"], report[outcome], report["lost"]), (0, 1, 1, 0))
        rejected = cluster.read(f"{name}.rejected")[0]
        expect(f"{policy}: by reference", (rejected["key"], rejected["value"], dict(rejected["headers"]).get("copydesk.error.value")), (b"large", b"", b"omitted"))


def redrive(cluster):
    process = prepare(cluster, "redrive", 100)
    run_to_end(process)
    code, out, _ = call(process, "redrive", "--code", "wrong-type", "--source", "example.org")
    expect("dry run", (code, "to redrive 10" in out, len(cluster.read("redrive.raw"))), (0, True, 100))
    code, out, _ = call(process, "redrive", "--source", "elsewhere.org")
    expect("other source", (code, "matched 0" in out), (0, True))
    code, out, error = call(process, "redrive", "--execute", "--rate", "100")
    expect("executed", (code, "redriven 10\n" in out, error), (0, True, ""))
    code, out, _ = call(process, "redrive", "--execute")
    expect("nothing twice", (code, "redriven 0\n" in out), (0, True))
    raw = cluster.read("redrive.raw")
    expect("raw records", len(raw), 110)
    again = [r for r in raw if "copydesk.redrive.of" in dict(r["headers"])]
    first = {r["key"]: r for r in raw if "copydesk.redrive.of" not in dict(r["headers"])}
    for record in again:
        old = first[record["key"]]
        expect("redriven record", (record["value"], record["timestamp"], record["partition"]), (old["value"], old["timestamp"], old["partition"]))
        expect("its headers", [h[0] for h in record["headers"]], ["copydesk.redrive.count", "copydesk.redrive.of"])
    # Rejected again and redriven again, until the limit.
    for times in (2, 3):
        run_to_end(process)
        code, out, _ = call(process, "redrive", "--execute")
        expect(f"time {times}", (code, "redriven 10\n" in out), (0, True))
    run_to_end(process)
    code, out, _ = call(process, "redrive", "--execute")
    expect("limit", (code, "redriven 0\n" in out), (0, True))
    code, out, _ = call(process, "audit")
    expect("audit after redrives", (code, "lost 0, double 0" in out), (0, True))


def other_rulebook():
    folder = tempfile.mkdtemp(prefix="copydesk-rulebook-")
    shutil.copytree(os.path.join(ROOT, "deploy", "rulebook"), folder, dirs_exist_ok=True)
    with open(os.path.join(folder, "residue", "own.yaml"), "w", encoding="utf-8") as out:
        out.write("rules:\n  - {id: own.minister, where: inline, find: minister, pattern: 'minister', match: [The minister said], keep: [The ministry]}\n")
    return folder


def replay(cluster):
    process = prepare(cluster, "replay", 60)
    run_to_end(process)
    for place, word in (("replay.raw/0/0", "the same"), ("replay.raw/1/2", "the same")):
        code, out, error = call(process, "replay", place)
        expect(place, (code, word in out, error), (0, True, ""))
    rejected = cluster.read("replay.rejected")[0]
    headers = dict(rejected["headers"])
    place = f"replay.raw/{headers['copydesk.error.partition'].decode()}/{headers['copydesk.error.offset'].decode()}"
    code, out, _ = call(process, "replay", place)
    expect("rejected", (code, "rejected, the same" in out), (0, True))
    code, out, _ = call(process, "replay", "--rulebook", other_rulebook(), "replay.raw/0/0")
    expect("what if", (code, "- body: The minister" in out, "+ body: The said" in out or "+ body: The  said" in out, "now version" in out), (0, True, True, True))
    code, out, _ = call(process, "replay", "--json", "replay.raw/0/0")
    expect("record", json.loads(out)["provenance"]["offset"], 0)
    code, _, error = call(process, "replay", "replay.raw/0/100000")
    expect("missing", (code, "not there yet" in error), (3, True))


def backfill(cluster):
    process = prepare(cluster, "backfill", 300)
    run_to_end(process)
    done = run_to_end(process)
    expect("done already", done[1].splitlines()[-1].split()[-5:], ["0"] * 5)
    # Another group, bounded by time: what came before the bound, and nothing that came later.
    middle = max(r["timestamp"] for r in cluster.read("backfill.raw")) + 1
    cluster.produce("backfill.raw", lines(50, 300))
    code, out, _ = call(process, "run", "--until", str(middle), "--group", "backfill-2")
    expect("until", (code, out.splitlines()[-1].split()[-5]), (0, "300"))
    code, out, _ = call(process, "run", "--from", str(middle), "--group", "backfill-3")
    expect("from", (code, out.splitlines()[-1].split()[-5]), (0, "50"))


def shadow(cluster):
    process = prepare(cluster, "shadow", 100, f"shadow: {{rulebook: {other_rulebook()}, topic: shadow.differences, sample: 1}}\n")
    process.start()
    wait_until("compared", lambda: process.metric('copydesk_shadow_records_total{outcome="compared"}') >= 100, 90, [process])
    expect("different", process.metric('copydesk_shadow_records_total{outcome="different"}'), 90)
    expect("bodies", process.metric('copydesk_shadow_differences_total{kind="body"}'), 90)
    expect("exit", process.terminate(), 0)
    differences = [json.loads(r["value"]) for r in cluster.read("shadow.differences")]
    expect("published", (len(differences), {d["schema"] for d in differences}), (90, {"copydesk/shadow/1"}))
    expect("difference", differences[0]["differences"][0]["kind"], "body")
    code, out, _ = call(process, "audit")
    expect("main output untouched", (code, "the ledger is closed" in out), (0, True))


def ledger(cluster):
    process = prepare(cluster, "ledger", 50).start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 50, 60, [process])
    text = process.get("/metrics")[1]
    sums = {}
    for line in text.splitlines():
        if line.startswith("copydesk_ledger_records_total{"):
            outcome = line.split('outcome="')[1].split('"')[0]
            sums[outcome] = sums.get(outcome, 0) + int(line.split()[-1])
    expect("ledger", sums, {"in": 50, "enriched": 45, "rejected": 5, "passed": 0, "skipped": 0})
    expect("exit", process.terminate(), 0)


ROUTES = """routes:
  - {when: {language: fr}, topic: routes.french}
  - {when: {subject: medtop:15000000}, topic: routes.sport}
  - {when: {rejected: wrong-type}, topic: routes.wrong}
"""


def routes(cluster):
    """Each record in its one topic, in the same transactions; audit, replay and redrive know them all."""
    process = prepare(cluster, "routes", 30, ROUTES)
    sport = {"text": "The striker scored twice as the home side won the football match and reached the cup final, the coach said after the game."}
    french = {"text": "Le gouvernement a annoncé mardi que les négociations avec les syndicats reprendraient la semaine prochaine, selon le ministre."}
    cluster.produce("routes.raw", [f"s{i}\t" + json.dumps(sport) for i in range(4)] + [f"f{i}\t" + json.dumps(french) for i in range(6)] + ["b\t{"])
    cluster.produce("routes.raw", ["s0\t"], "-Z")
    code, out, _ = run_to_end(process)
    expect("topics", [len(cluster.read(f"routes.{t}")) for t in ("enriched", "french", "sport", "wrong", "rejected")], [28, 6, 4, 3, 1])
    code, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("audit counts them all", [code] + [report[k] for k in ("records", "enriched", "rejected", "passed", "lost", "double")], [0, 42, 37, 4, 1, 0, 0])
    fake(cluster, "routes.sport", "routes.raw/0/0")
    code, out, _ = call(process, "audit", "--json")
    expect("a double in a routed topic", (code, json.loads(out)["double"]), (1, 1))
    code, out, _ = call(process, "redrive")
    expect("redrive of rejected.topic", (code, "to redrive 1;" in out), (0, True))
    code, out, _ = call(process, "redrive", "--from", "routes.wrong", "--execute")
    expect("redrive of a routed topic", (code, "redriven 3\n" in out), (0, True))
    code, _, error = call(process, "redrive", "--from", "routes.french")
    expect("redrive of another topic", (code, "no topic of rejected records" in error), (3, True))
    code, out, _ = call(process, "check", "--connect")
    expect("check --connect", (code, "may use transactions and write to 5 of 5 topics" in out, "may read 3 partitions as group routes" in out), (0, True, True))
    expect("check leaves no record", len(cluster.read("routes.french")), 6)


def tap(cluster):
    """What tap reads leaves no trace in the group; time and isolation are the brokers'."""
    process = prepare(cluster, "tap", 60).start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 60, 60, [process])
    events = process.metric("copydesk_rebalances_total")
    code, out, error = call(process, "tap", "--json", "--from", "earliest", "--until", "end")
    expect("enriched", (code, len(out.splitlines()), error), (0, 54, ""))
    code, out, _ = call(process, "tap", "--json", "--rejected", "--since", "1h", "--until", "end", "--code", "wrong-type")
    expect("rejected", (code, [json.loads(line)["rejected"]["code"] for line in out.splitlines()]), (0, ["wrong-type"] * 6))
    code, out, _ = call(process, "tap", "--rejected", "--from", "earliest", "--count", "1")
    expect("for people", (code, "wrong-type  decode" in out, "copydesk replay -c FILE tap.raw/" in out), (0, True, True))
    expect("since the future", call(process, "tap", "--since", "2099-01-01T00:00:00Z", "--until", "end")[:2], (0, ""))
    subprocess.run(["kcat", "-b", cluster.bootstrap, "-P", "-t", "tap.rejected", "-H", "copydesk.skipped.reason=not wanted", "-H", "copydesk.skipped.stage=own",
                    "-H", "copydesk.provenance=tap.raw/0/1"], input=b"note\n", check=True, timeout=60)
    code, out, _ = call(process, "tap", "--json", "--rejected", "--from", "earliest", "--until", "end")
    notes = [json.loads(line)["skipped"] for line in out.splitlines() if "skipped" in json.loads(line)]
    expect("notes", (code, notes), (0, [{"reason": "not wanted", "stage": "own", "record": "tap.raw/0/1"}]))
    # Records of an open transaction and of an aborted one are not published.
    upstream(cluster, "tap.enriched", 5, "abort")
    expect("isolation", len(call(process, "tap", "--json", "--from", "earliest", "--until", "end")[1].splitlines()), 54)
    # It follows.
    follower = subprocess.Popen([PROGRAM, "tap", "-c", process.config, "--json", "--count", "18"], stdout=subprocess.PIPE)
    time.sleep(5)
    cluster.produce("tap.raw", lines(20, 100))
    out, _ = follower.communicate(timeout=60)
    expect("followed", (follower.returncode, len(out.splitlines())), (0, 18))
    expect("no rebalance", process.metric("copydesk_rebalances_total"), events)
    expect("nothing to say", call(process, "tap", "--rejected", "--from", "earliest", "--until", "end")[0], 0)
    expect("exit", process.terminate(), 0)


def traces(cluster):
    """Trace headers pass byte for byte, good and bad ones, to either outcome."""
    process = prepare(cluster, "traces", 0)
    good, state = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "vendor=t61rcWkgMzE,other=1"
    for key, value, headers in (("enriched", json.dumps({"text": "The minister said on Monday that talks would go on."}), [good]),
                                ("rejected", '{"text": 7}', [good]), ("broken", json.dumps({"text": "The talks went on."}), ["00-xyz"]),
                                ("twice", json.dumps({"text": "The talks went on and on."}), [good, good])):
        options = [part for header in headers for part in ("-H", f"traceparent={header}")]
        cluster.produce("traces.raw", [f"{key}\t{value}"], *options, "-H", f"tracestate={state}")
    run_to_end(process)
    for topic, wanted in (("enriched", {b"enriched": [good], b"broken": ["00-xyz"], b"twice": [good, good]}), ("rejected", {b"rejected": [good]})):
        found = {r["key"]: r for r in cluster.read(f"traces.{topic}")}
        expect(f"{topic} records", sorted(found), sorted(wanted))
        for key, parents in wanted.items():
            headers = found[key]["headers"]
            expect(key, ([v.decode() for n, v in headers if n == "traceparent"], [v.decode() for n, v in headers if n == "tracestate"]), (parents, [state]))
    code, out, _ = call(process, "tap", "--from", "earliest", "--until", "end")
    expect("tap shows valid traces", (code, out.count("  trace 4bf92f3577b34da6a3ce929d0e0e4736"), "xyz" in out), (0, 2, False))


def top(cluster):
    """Lag as the processes see it, and as the brokers do: of all partitions, whether anybody reads them or not."""
    process = prepare(cluster, "top", 60).start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 60, 60, [process])
    wait_until("no lag", lambda: 'copydesk_lag_records{topic="top.raw",partition="2"} 0' in process.get("/metrics")[1], 30, [process])
    expect("no lag at transaction ends", process.metric("copydesk_lag_records"), 0)
    expect("partitions", process.metric("copydesk_committed_offset"), 60)
    code, out, _ = call(process, "top", "--once", "--url", f"127.0.0.1:{process.port}")
    expect("of the process", (code, "1 of 1 processes" in out, "0/0      running       3" in out, "\nlag 0 " in out), (0, True, True, True))
    expect("rejected", "wrong-type" in out, True)
    expect("exit", process.terminate(), 0)
    last = [line for line in process.log().splitlines() if "msg=stopped" in line]
    expect("ledger in the log", len(last) == 1 and "exit_code=0 in=60 enriched=54 rejected=6 passed=0 skipped=0 partitions=3" in last[0], True)
    cluster.produce("top.raw", lines(25, 200))
    code, out, _ = call(process, "top", "--once", "--interval", "100ms")  # http.listen has no fixed port: the brokers alone
    expect("of the brokers", (code, sum(int(line.split()[-1]) for line in out.splitlines() if line.startswith("top.raw/"))), (0, 25))


STAGE_LINES = {"Die": 51, "Drop": 3, "Reject": 5}  # every so many, of what is left by those before


def staged(count):
    for i in range(count):
        word = next((word for word, each in STAGE_LINES.items() if i % each == 0), "Unrest")
        yield f"key-{i}\t" + json.dumps({"id": f"r{i}", "title": f"{word} {i}", "text": f"The minister said on Monday that talks would go on. ({i})"})


def stages(cluster):
    """A shared object that drops and rejects, and a child that dies on some articles: with both and the program itself killed on the way every record is in its one place, and
    the audit finds each dropped one by its note."""
    count = 600
    source = os.path.join(ROOT, "tests", "stages")
    for topic in ("raw", "enriched", "rejected"):
        cluster.create(f"stages.{topic}", 3)
    cluster.produce("stages.raw", staged(count))
    process = Process(PROGRAM, config(cluster, "stages", f"""lanes: 2
stages:
  - {{load: fixture.so, after: subject}}
  - {{command: [python3, {source}/child.py], config: {{how: note}}}}
""").replace("{bootstrap", "{session.timeout.ms: 6000, bootstrap"), "stages")
    subprocess.run(["cc", "-fPIC", "-shared", "-I", os.path.join(ROOT, "include"), "-o", os.path.join(process.folder, "fixture.so"), os.path.join(source, "fixture.c")], check=True)
    for part in (1, 2):
        open(process.log_path, "w", encoding="utf-8").close()  # the port is that of this start
        process.start()
        wait_until(f"part {part}", lambda: process.metric("copydesk_records_committed_total") >= 50, 120, [process])
        with open(os.path.join(process.folder, "started"), encoding="utf-8") as pids:
            children = [int(line) for line in pids]
        os.remove(os.path.join(process.folder, "started"))
        for pid in children if part == 1 else ():
            if os.path.exists(f"/proc/{pid}"):  # some have died on an article
                os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        process.kill()
        expect("the name of the instance is free again", "instance=" in process.log() and process.log().split("instance=")[1].split()[0].endswith("-0"), True)
        expect("children end with the program", [pid for pid in children if not ended(pid)], [])
    open(process.log_path, "w", encoding="utf-8").close()
    process.start()
    words = [json.loads(line.split("\t")[1])["title"].split()[0] for line in staged(count)]
    wait_until("the rest", lambda: closed(process) == count, 180, [process])
    expect("exit", process.terminate(), 0)
    _, out, _ = call(process, "audit", "--json")
    report = json.loads(out)
    expect("the ledger", [report[name] for name in ("enriched", "skipped", "rejected", "lost", "double", "out of order")],
           [words.count("Unrest"), words.count("Drop"), words.count("Reject") + words.count("Die"), 0, 0, 0])


def ended(pid):
    end = time.monotonic() + 10
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < end:
        time.sleep(0.1)
    return not os.path.exists(f"/proc/{pid}")


def closed(process):
    """Raw records that the audit accounts for."""
    report = json.loads(call(process, "audit", "--json")[1] or "{}")
    return sum(report.get(name, 0) for name in ("enriched", "rejected", "skipped"))


def main():
    with Cluster() as cluster:
        parts = (audit, aborted, compacted, oversize, redrive, replay, backfill, shadow, ledger, routes, tap, traces, top, stages)
        for part in [p for p in parts if not sys.argv[3:] or p.__name__ in sys.argv[3:]]:
            part(cluster)
            print(f"{part.__name__}: done", flush=True)
    for fault in FAULTS:
        print(fault)
    return 1 if FAULTS else 0


sys.exit(main())
