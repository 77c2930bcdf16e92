#!/usr/bin/env python3
"""Exactly once on a real Kafka: every raw record is in the output once, in order per partition, with two processes of two lanes, after
kill -9 and restart, and after SIGTERM and start. The witness is Kafka's own Java client.

    tests/integration/exactly_once.py PROGRAM [RECORDS [options of tests/kafka/cluster start]]"""
import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402
from cluster import Cluster, Process, wait_until  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
RECORDS = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
PARTITIONS = 6
BODIES = ["The minister said on Monday that talks on the border would go on.", "Le gouvernement a annoncé mardi une hausse des prix.",
          "Der Trainer sagte nach dem Spiel, die Mannschaft habe gut gespielt.", "La policía detuvo a tres personas en Madrid."]


def config(bootstrap, name, lanes=2):
    return f"""kafka:
  bootstrap.servers: {bootstrap}
  consumer: {{session.timeout.ms: 6000, heartbeat.interval.ms: 500}}
  producer: {{transaction.timeout.ms: 20000}}
input: {{topics: [{name}.raw], group: {name}}}
output: {{topic: {name}.enriched}}
rejected: {{topic: {name}.rejected}}
commit: {{interval: 50ms}}
lanes: {lanes}
http: {{listen: "127.0.0.1:0"}}
"""


def prepare(cluster, name):
    for topic, partitions in ((f"{name}.raw", PARTITIONS), (f"{name}.enriched", PARTITIONS), (f"{name}.rejected", 1)):
        cluster.create(topic, partitions)


def lines(first, count):
    for i in range(first, first + count):
        if i % 500 == 499:
            yield f"key-{i}\t{{\"text\": \"cut {i}" if i % 1000 == 499 else f"key-{i}\t{{\"id\": \"r{i}\", \"text\": 7}}"
        else:
            yield f"key-{i}\t" + json.dumps({"id": f"r{i}", "text": f"{BODIES[i % len(BODIES)]} ({i})"}, ensure_ascii=False)


def check(cluster, name, count):
    """Each record once in one of the two topics, in order."""
    enriched, rejected = cluster.read(f"{name}.enriched"), cluster.read(f"{name}.rejected")
    keys = sorted(r["key"].decode() for r in enriched + rejected)
    wanted = sorted(f"key-{i}" for i in range(count))
    if keys != wanted:
        twice = sorted({k for k in keys if keys.count(k) > 1})[:5] if len(keys) > len(set(keys)) else []
        missing = sorted(set(wanted) - set(keys))[:5]
        raise SystemExit(f"{name}: {len(keys)} records for {count}; twice: {twice}, missing: {missing}")
    last = {}
    for record in enriched:
        value = json.loads(record["value"])
        origin = (value["provenance"]["partition"], record["partition"])
        if value["provenance"]["offset"] <= last.get(origin, -1):
            raise SystemExit(f"{name}: out of order at {record['partition']}/{record['offset']}")
        last[origin] = value["provenance"]["offset"]
    for record in enriched[:: max(1, len(enriched) // 200)]:
        faults = checks.faults(record["value"].decode())
        if faults:
            raise SystemExit(f"{name}: {record['value'][:200]}: {faults}")
    bad = sum(1 for i in range(count) if i % 500 == 499)
    if len(rejected) != bad:
        raise SystemExit(f"{name}: {len(rejected)} rejected instead of {bad}")
    for record in rejected:
        headers = dict(record["headers"])
        if headers.get("copydesk.error.code") not in (b"wrong-type", b"invalid-json"):
            raise SystemExit(f"{name}: rejected record without its reason: {headers}")
    print(f"{name}: {count} records, each once, in order, {len(rejected)} rejected")


def committed(processes):
    return sum(p.metric("copydesk_records_committed_total") for p in processes)


def two_processes(cluster):
    name = "plain"
    prepare(cluster, name)
    processes = [Process(PROGRAM, config(cluster.bootstrap, name), f"{name}-{i}").start() for i in range(2)]
    wait_until("ready", lambda: all((p.get("/readyz") or (0,))[0] == 200 for p in processes), 60, processes)
    cluster.produce(f"{name}.raw", lines(0, RECORDS))
    wait_until("all committed", lambda: committed(processes) >= RECORDS, 240, processes)
    codes = [p.terminate() for p in processes]
    if codes != [0, 0]:
        raise SystemExit(f"{name}: exit codes {codes}: {processes[0].log()[-2000:]}")
    shares = [p.log().count("partitions assigned") for p in processes]
    if not all(shares):
        raise SystemExit(f"{name}: a process had no partitions")
    check(cluster, name, RECORDS)


def killed(cluster):
    """kill -9 of one process while records flow, then its restart under the same name."""
    name = "killed"
    prepare(cluster, name)
    processes = [Process(PROGRAM, config(cluster.bootstrap, name), f"{name}-{i}").start() for i in range(2)]
    wait_until("ready", lambda: all((p.get("/readyz") or (0,))[0] == 200 for p in processes), 60, processes)
    part = RECORDS // 4
    cluster.produce(f"{name}.raw", lines(0, 2 * part))
    time.sleep(0.3)
    processes[0].kill()
    cluster.produce(f"{name}.raw", lines(2 * part, part))
    time.sleep(1)
    processes[0].start()
    cluster.produce(f"{name}.raw", lines(3 * part, RECORDS - 3 * part))
    # What the killed process had counted is gone with it: the group's lag tells when all is done.
    wait_until("all read", lambda: len(cluster.read(f"{name}.enriched")) + len(cluster.read(f"{name}.rejected")) >= RECORDS, 240, processes)
    time.sleep(1)
    codes = [p.terminate() for p in processes]
    if codes != [0, 0]:
        raise SystemExit(f"{name}: exit codes {codes}")
    check(cluster, name, RECORDS)


def stopped(cluster):
    """SIGTERM while records flow, then a start: nothing twice, nothing missing."""
    name = "stopped"
    prepare(cluster, name)
    process = Process(PROGRAM, config(cluster.bootstrap, name), name).start()
    wait_until("ready", lambda: (process.get("/readyz") or (0,))[0] == 200, 60, [process])
    half = RECORDS // 4
    cluster.produce(f"{name}.raw", lines(0, half))
    time.sleep(0.1)
    code = process.terminate()
    if code != 0:
        raise SystemExit(f"{name}: SIGTERM ended with {code}:\n{process.log()[-3000:]}")
    cluster.produce(f"{name}.raw", lines(half, half))
    process.start()
    wait_until("all read", lambda: len(cluster.read(f"{name}.enriched")) + len(cluster.read(f"{name}.rejected")) >= 2 * half, 120, [process])
    if process.terminate() != 0:
        raise SystemExit(f"{name}: the second SIGTERM failed")
    check(cluster, name, 2 * half)


def main():
    with Cluster(*sys.argv[3:]) as cluster:
        two_processes(cluster)
        killed(cluster)
        stopped(cluster)
    return 0


sys.exit(main())
