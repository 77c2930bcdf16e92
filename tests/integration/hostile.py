#!/usr/bin/env python3
"""Hostile records on a real Kafka: floods of headers, headers and keys that do not fit into the output topic, small limits of a topic, a hundred thousand sources.
Each record ends in its one place, the lane goes on, metrics stay bounded.

    tests/integration/hostile.py PROGRAM"""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, Process, wait_until  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
SOURCES = 100_000
METRICS_BYTES_MAX = 64_000  # a page of one lane has 37 kB, 150 series of top lists 11 kB more
FAULTS = []


def expect(name, condition, shown=""):
    print(f"{'ok   ' if condition else 'FAULT'} {name} {str(shown)[:300]}")
    if not condition:
        FAULTS.append(name)


def config(cluster, name, more=""):
    return f"""kafka:
  bootstrap.servers: "{cluster.bootstrap}"
  consumer: {{fetch.message.max.bytes: 8388608}}
input: {{topics: [{name}.raw], group: {name}}}
output: {{topic: {name}.enriched}}
rejected: {{topic: {name}.rejected}}
http: {{listen: "127.0.0.1:0"}}
{more}"""


def produce(cluster, topic, value, headers, key=None):
    """One record; headers are pairs. None is a tombstone."""
    options = [a for k, v in headers for a in ("-H", f"{k}={v}")]
    with tempfile.TemporaryDirectory() as folder:
        text = os.path.join(folder, "value")
        with open(text, "w", encoding="utf-8") as out:
            out.write((f"{key}\t" if key is not None else "") + (value or "") + "\n")
        if key is not None:
            options += ["-K", "\t"]
        if value is None:
            options += ["-Z"]
        subprocess.run(["kcat", "-b", cluster.bootstrap, "-P", "-t", topic, "-X", "message.max.bytes=8000000", *options, "-l", text], check=True, timeout=60)


def by_offset(cluster, name):
    """Raw offset: (topic, record)."""
    found = {}
    for kind in ("enriched", "rejected"):
        for record in cluster.read(f"{name}.{kind}"):
            headers = dict(record["headers"])
            place = headers["copydesk.error.offset"] if kind == "rejected" else headers["copydesk.provenance"].rsplit(b"/", 1)[1]
            if int(place) in found:
                FAULTS.append(f"{name}: offset {int(place)} twice")
            found[int(place)] = (kind, record)
    return found


def floods(cluster, name, more=""):
    """Raw records that are larger than the output topics take, by headers, key or value."""
    cluster.create(f"{name}.raw", 1, "max.message.bytes=8000000")
    for kind in ("enriched", "rejected"):
        cluster.create(f"{name}.{kind}", 1)
    text, chunk = "The minister said the talks would go on.", "h" * 60_000
    flood = [(f"h{i}", chunk) for i in range(20)]
    records = [(text, [("a", "1")]), (text, [(f"n{i}", str(i)) for i in range(10_000)]), (text, flood), ('{"text": 7}', flood), (None, flood)]
    for i, (value, headers) in enumerate(records):
        produce(cluster, f"{name}.raw", value, headers, key=f"key-{i}")
    for key in ("k" * 1_200_000, "after"):
        produce(cluster, f"{name}.raw", text, [("a", "1")], key=key)
    process = Process(PROGRAM, config(cluster, name, more), name).start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 7, 90, [process])
    rewinds = process.metric("copydesk_rewinds_total") + process.metric("copydesk_transactions_total", 'result="aborted"')
    expect(f"{name}: ends in time", process.terminate() == 0, f"{rewinds:.0f} rewinds and aborts")
    found = by_offset(cluster, name)
    kinds = [found[i][0] if i in found else "lost" for i in range(7)]
    expect(f"{name}: every record in its one place", kinds == ["enriched", "enriched", "rejected", "rejected", "rejected", "rejected", "enriched"], kinds)
    if "lost" in kinds:
        return
    expect(f"{name}: 10,000 headers are kept", sum(k.startswith("n") for k, _ in found[1][1]["headers"]) == 10_000)
    for offset, code in ((2, b"record-too-large"), (3, b"wrong-type"), (4, b"record-too-large"), (5, b"record-too-large")):
        headers = dict(found[offset][1]["headers"])
        expect(f"{name}: offset {offset} says why", headers["copydesk.error.code"] == code and headers.get("copydesk.error.headers") == b"omitted",
               [(k, v) for k, v in headers.items() if k.startswith("copydesk")])
    expect(f"{name}: the key stays where it fits", found[2][1]["key"] == b"key-2" and not found[5][1]["key"])
    done = subprocess.run([PROGRAM, "audit", "-c", process.config], capture_output=True, text=True, check=False, timeout=100)
    expect(f"{name}: audit", done.returncode == 0, done.stdout[-200:] + done.stderr)


def small_topic(cluster):
    """The output topic takes less than a batch of the producer: only records that are too large themselves are rejected."""
    cluster.create("t.raw", 1, "max.message.bytes=8000000")
    cluster.create("t.enriched", 1, "max.message.bytes=60000")
    cluster.create("t.rejected", 1)
    lines = [json.dumps({"id": str(i), "text": "The minister said the talks would go on. " * (2500 if i == 150 else 20)}) for i in range(300)]
    cluster.produce("t.raw", [f"k{i}\t{line}" for i, line in enumerate(lines)])
    process = Process(PROGRAM, config(cluster, "t"), "t").start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 300, 120, [process])
    expect("t: ends in time", process.terminate() == 0)
    found = by_offset(cluster, "t")
    rejected = [offset for offset, (kind, _) in found.items() if kind == "rejected"]
    expect("t: only the large record is rejected", len(found) == 300 and rejected == [150], rejected[:20])


def sources(cluster):
    for kind in ("raw", "enriched", "rejected"):
        cluster.create(f"m.{kind}", 4)
    cluster.produce("m.raw", (f"k{i}\t" + json.dumps({"text": "The minister said that talks would go on.", "url": f"https://host{i}.paper{i}.example/a"})
                              for i in range(SOURCES)))
    process = Process(PROGRAM, config(cluster, "m", "lanes: 2\n"), "m").start()
    wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= SOURCES, 120, [process])
    size = len(process.get("/metrics")[1])
    with open(f"/proc/{process.child.pid}/status", encoding="ascii") as status:
        peak = int(status.read().split("VmHWM:")[1].split()[0]) // 1024
    expect(f"{SOURCES} sources: metrics stay bounded", size < METRICS_BYTES_MAX, f"{size} bytes; peak of the process {peak} MB")
    expect("m: ends in time", process.terminate() == 0)


def main():
    if os.environ.get("COPYDESK_TEST_BROKERS"):
        print("skipped: needs topics with limits of their own")
        return 0
    with Cluster() as cluster:
        floods(cluster, "f")
        floods(cluster, "g", "oversize: truncate\n")
        floods(cluster, "l", "delivery: at-least-once\n") if "--all" in sys.argv else None
        small_topic(cluster)
        sources(cluster)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
