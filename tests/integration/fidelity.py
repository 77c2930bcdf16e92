#!/usr/bin/env python3
"""Key, headers, timestamp, tombstones and rejected records come through byte for byte; missing topics and templates behave.

    tests/integration/fidelity.py PROGRAM"""
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, Process, wait_until  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []


def expect(name, got, wanted):
    if got != wanted:
        FAULTS.append(f"{name}: got {str(got)[:500]}, wanted {str(wanted)[:500]}")


def config(cluster, more, producer=""):
    return f"kafka: {{bootstrap.servers: \"{cluster.bootstrap}\", producer: {{{producer}}}}}\nhttp: {{listen: \"127.0.0.1:0\"}}\n{more}"


def produce(cluster, topic, value, key=None, headers=(), null=False):
    options = ["-k", key] if key is not None else []
    for name, text in headers:
        options += ["-H", f"{name}={text}" if text is not None else name]
    command = ["kcat", "-b", cluster.bootstrap, "-P", "-t", topic, "-p", "0", *options, *(["-Z"] if null else [])]
    if not null:
        # One message from a file keeps every byte of the value.
        path = os.path.join(os.environ.get("TMPDIR", "/tmp"), f"copydesk-value-{os.getpid()}")
        with open(path, "wb") as out:
            out.write(value)
        subprocess.run([*command, path], check=True, timeout=60)
        os.unlink(path)
    else:
        subprocess.run([a for a in command if a not in ("-k", key)] + ["-K", "\t"], input=f"{key}\t\n".encode(), check=True, timeout=60)


HEADERS = [("trace", "a"), ("trace", "b"), ("empty", ""), ("none", None), ("z", "last")]


def run_until(cluster, process, count):
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= count, 90, [process])
    code = process.terminate()
    expect("exit code", code, 0)


def records(cluster):
    for topic in ("f.raw", "f.enriched", "f.rejected"):
        cluster.create(topic, 1)
    bad = b"{\"text\": \"caf\xff\"}"
    produce(cluster, "f.raw", b"{\"text\": \"The minister said the talks in Paris would go on.\"}", "key-1", HEADERS)
    produce(cluster, "f.raw", bad, "key-2", HEADERS)
    produce(cluster, "f.raw", b"", "key-3", HEADERS, null=True)
    produce(cluster, "f.raw", b"{\"text\": \"Without a key.\"}")
    produce(cluster, "f.raw", json.dumps({"text": "word " * 199900}).encode(), "key-5")
    process = Process(PROGRAM, config(cluster, "input: {topics: [f.raw], group: f}\noutput: {topic: f.enriched}\nrejected: {topic: f.rejected}\n",
                                      "message.max.bytes: 900000"), "fidelity").start()
    run_until(cluster, process, 5)
    raw = {r["offset"]: r for r in cluster.read("f.raw")}
    enriched, rejected = cluster.read("f.enriched"), cluster.read("f.rejected")
    expect("outcome counts", (len(enriched), len(rejected)), (3, 2))
    first, tombstone, keyless = enriched
    names = [h for h in first["headers"] if not h[0].startswith("copydesk.")]
    expect("headers of the enriched record", names, raw[0]["headers"])
    expect("header count", len(names), len(HEADERS))
    expect("key", first["key"], b"key-1")
    expect("timestamp", first["timestamp"], raw[0]["timestamp"])
    value = json.loads(first["value"])
    own = dict(h for h in first["headers"] if h[0].startswith("copydesk."))
    expect("schema header", own["copydesk.schema"], b"copydesk/article/1")
    expect("language header", own["copydesk.language"].decode(), value["language"]["code"])
    expect("rulebook header", own["copydesk.rulebook"].decode(), value["provenance"]["rulebook"])
    expect("provenance", (value["provenance"]["topic"], value["provenance"]["partition"], value["provenance"]["offset"],
                          value["provenance"]["timestamp"]), ("f.raw", 0, 0, raw[0]["timestamp"]))
    expect("tombstone", (tombstone["key"], tombstone["value"], tombstone["headers"], tombstone["timestamp"]),
           (b"key-3", None, [*raw[2]["headers"], ("copydesk.provenance", b"f.raw/0/2")], raw[2]["timestamp"]))
    expect("no key", keyless["key"], None)
    reject, large = rejected
    expect("rejected value", reject["value"], bad)
    expect("rejected key and timestamp", (reject["key"], reject["timestamp"]), (b"key-2", raw[1]["timestamp"]))
    expect("rejected headers", [h for h in reject["headers"] if not h[0].startswith("copydesk.")], raw[1]["headers"])
    error = {k: v.decode() for k, v in reject["headers"] if k.startswith("copydesk.error.")}
    expect("error headers", (error["copydesk.error.code"], error["copydesk.error.stage"], error["copydesk.error.topic"],
                             error["copydesk.error.partition"], error["copydesk.error.offset"]), ("invalid-utf8", "decode", "f.raw", "0", "1"))
    expect("version header", "copydesk.error.version" in error, True)
    error = {k: v.decode() for k, v in large["headers"] if k.startswith("copydesk.error.")}
    expect("oversize", (error["copydesk.error.code"], large["key"], large["value"], error.get("copydesk.error.value")),
           ("record-too-large", b"key-5", b"", "omitted"))


def oversize_truncated(cluster):
    cluster.create("t.raw", 1)
    produce(cluster, "t.raw", json.dumps({"text": "word and more. " * 66630}).encode(), "big")
    produce(cluster, "t.raw", json.dumps({"text": "A small one."}).encode(), "small")
    process = Process(PROGRAM, config(cluster, "input: {topics: [t.raw], group: t}\noutput: {topic: t.enriched}\nrejected: {topic: t.rejected}\n"
                                      "oversize: truncate\ncreate_topics: {partitions: 2, replication: 1}\n"), "truncate").start()
    run_until(cluster, process, 2)
    out = {r["key"]: r for r in cluster.read("t.enriched")}
    expect("keys", sorted(out), [b"big", b"small"])
    value = json.loads(out[b"big"]["value"])
    expect("marker", [r["rule"] for r in value["cleaning"]["removed"]], ["oversize.truncated"])
    expect("header", dict(out[b"big"]["headers"]).get("copydesk.truncated"), b"true")


def routes(cluster):
    cluster.create("r1.raw", 1)
    cluster.create("r2.raw", 1)
    produce(cluster, "r1.raw", "Le gouvernement a annoncé mardi une hausse des prix pour les écoles.".encode(), "fr")
    produce(cluster, "r2.raw", "Der Minister sagte am Montag, die Brücke werde nicht gesperrt.".encode(), "de")
    produce(cluster, "r2.raw", "Il governo ha annunciato che i prezzi sono aumentati per le scuole della città.".encode(), "it")
    process = Process(PROGRAM, config(cluster, "input: {topics: [\"^r[0-9]\\\\.raw\"], group: r}\noutput: {topic: \"r.{language}\", topics: [r.other, r.fr, r.de],"
                                      " key: id}\nrejected: {topic: r.rejected}\ncreate_topics: {partitions: 1, replication: 1}\n"), "routes").start()
    run_until(cluster, process, 3)
    got = {t: [json.loads(r["value"])["language"]["code"] for r in cluster.read(t)] for t in ("r.other", "r.fr", "r.de")}
    expect("routes", got, {"r.other": ["it"], "r.fr": ["fr"], "r.de": ["de"]})
    keyed = cluster.read("r.fr")[0]
    expect("key policy", keyed["key"].decode(), json.loads(keyed["value"])["id"])


def missing(cluster):
    process = Process(PROGRAM, config(cluster, "input: {topics: [nowhere.raw], group: m}\noutput: {topic: nowhere.out}\n"), "missing").start()
    code = process.child.wait(60)
    expect("missing topics", (code, all(w in process.log() for w in ("nowhere.raw", "nowhere.out", "create_topics"))), (3, True))


def at_least_once(cluster):
    cluster.create("a.raw", 2)
    cluster.produce("a.raw", [f"k{i}\t{{\"text\": \"Number {i} of the list.\"}}" for i in range(500)])
    process = Process(PROGRAM, config(cluster, "delivery: at-least-once\ninput: {topics: [a.raw], group: a}\noutput: {topic: a.out}\n"
                                      "rejected: {topic: a.rejected}\ncreate_topics: {partitions: 2, replication: 1}\n"), "a").start()
    run_until(cluster, process, 500)
    expect("at least once", sorted({r["key"] for r in cluster.read("a.out")}), sorted(f"k{i}".encode() for i in range(500)))


def reload(cluster):
    """SIGHUP takes a changed rulebook between two batches and refuses a bad one."""
    folder = tempfile.mkdtemp(prefix="copydesk-rulebook-")
    os.mkdir(os.path.join(folder, "residue"))
    path = os.path.join(folder, "residue", "own.yaml")
    rule = "rules:\n  - {{id: own.{0}, where: line, literal: [{0}], match: [{0}], keep: [kept]}}\n"

    def write(text):
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)

    def said(word):
        return lambda: word in process.log()

    cluster.create("h.raw", 1)
    write(rule.format("first"))
    process = Process(PROGRAM, config(cluster, "input: {topics: [h.raw], group: h}\noutput: {topic: h.out}\nrejected: {topic: h.rejected}\n"
                                      f"create_topics: {{partitions: 1, replication: 1}}\nrulebook: {folder}\n"), "reload").start()
    body = b"The first news of the day.\nfirst\nsecond"
    wait_until("ready", lambda: (process.get("/readyz") or (0,))[0] == 200, 60, [process])
    produce(cluster, "h.raw", body, "a")
    wait_until("one", lambda: process.metric("copydesk_records_committed_total") >= 1, 60, [process])
    write(rule.format("second"))
    process.child.send_signal(signal.SIGHUP)
    wait_until("reloaded", said("rulebook reloaded"), 20, [process])
    produce(cluster, "h.raw", body, "b")
    wait_until("two", lambda: process.metric("copydesk_records_committed_total") >= 2, 60, [process])
    write("rules: [")
    process.child.send_signal(signal.SIGHUP)
    wait_until("refused", said("the old one stays"), 20, [process])
    expect("place of the mistake", "residue/own.yaml:" in process.log(), True)
    produce(cluster, "h.raw", body, "c")
    run_until(cluster, process, 3)
    removed = [[r["rule"] for r in json.loads(r["value"])["cleaning"]["removed"]] for r in cluster.read("h.out")]
    expect("rules in use", removed, [["own.first"], ["own.second"], ["own.second"]])
    expect("exit of the page of readiness", process.get("/readyz"), None)


def main():
    with Cluster() as cluster:
        for part in (records, oversize_truncated, routes, missing, at_least_once, reload):
            part(cluster)
            print(f"{part.__name__}: done")
    for fault in FAULTS:
        print(fault)
    return 1 if FAULTS else 0


sys.exit(main())
