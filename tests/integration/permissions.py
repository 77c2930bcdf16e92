#!/usr/bin/env python3
"""What copydesk's principal needs, on a real Kafka with an authorizer: the list of docs/security.md is enough, and without any one of it the process ends with
exit code 3 and a message that names the principal, the operation and the resource.

    tests/integration/permissions.py PROGRAM"""
import os
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import TOOLS, Cluster  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = os.environ.get("COPYDESK_TEST_KAFKA_DIR") or os.path.join(tempfile.gettempdir(), f"copydesk-kafka-{os.getuid()}")
FAULTS = []
NEEDED = ["READ:TOPIC:p.raw", "WRITE:TOPIC:p.enriched", "WRITE:TOPIC:p.rejected", "READ:GROUP:p", "WRITE:TRANSACTIONAL_ID:p-*",
          "DESCRIBE:TRANSACTIONAL_ID:p-*"]


def acls(*changes):
    subprocess.run([os.path.join(TOOLS, "acls"), *changes], check=True, timeout=60)


def properties(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as source:
        return dict(line.strip().split("=", 1) for line in source if "=" in line)


def write_config(folder, more=""):
    values = {**properties("stranger.properties"), "sasl.mechanism": "PLAIN"}
    path = os.path.join(folder, "copydesk.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write("kafka:\n" + "".join(f"  {k}: \"{v}\"\n" for k, v in values.items()) + f"""
input: {{topics: [p.raw], group: p}}
output: {{topic: p.enriched}}
rejected: {{topic: p.rejected}}
http: {{listen: "127.0.0.1:0"}}
run_folder: {folder}
{more}""")
    return path


def call(verb, path, *options):
    done = subprocess.run([PROGRAM, verb, "-c", path, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          timeout=100)
    return done.returncode, done.stdout


def expect(name, got, code, pattern):
    last = [line for line in got[1].splitlines() if "no permission" in line][-1:] or got[1].splitlines()[-1:]
    print(f"{name}: exit {got[0]}: {last[0][-260:] if last else ''}")
    if got[0] != code or not re.search(pattern, got[1]):
        FAULTS.append(f"{name}: exit {got[0]}, wanted {code} and {pattern}\n{got[1][-2500:]}")


def produce(count):
    """Every second one is rejected."""
    values = {**properties("admin.properties"), "sasl.mechanism": "PLAIN"}
    options = [a for k, v in values.items() for a in ("-X", f"{k}={v}")]
    lines = "".join("The minister said the talks would go on.\n" if i % 2 else '{"text": 7}\n' for i in range(count))
    subprocess.run(["kcat", "-P", "-t", "p.raw", *options], input=lines.encode(), check=True, timeout=60)


def one_by_one(path):
    """Each permission taken away, alone."""
    wanted = {"READ:TOPIC:p.raw": r"grant User:stranger READ on topic p\.raw",
              "WRITE:TOPIC:p.enriched": r"grant User:stranger WRITE on topic p\.enriched",
              "WRITE:TOPIC:p.rejected": r"grant User:stranger WRITE on topic p\.rejected",
              "READ:GROUP:p": r"grant User:stranger READ on group p\b",
              "WRITE:TRANSACTIONAL_ID:p-*": r"grant User:stranger WRITE and DESCRIBE on transactional ids that start with 'p-'"}
    for permission, pattern in wanted.items():
        produce(2)
        acls(f"-stranger:{permission}", "+stranger:DESCRIBE:CLUSTER:kafka-cluster")
        expect(f"without {permission}", call("run", path), 3, pattern)
        expect(f"check --connect without {permission}", call("check", path, "--connect"), 1, rf"{re.escape(path)}:\d+:\d+: connect: .*{pattern}")
        acls(f"+stranger:{permission}")


def half_allowed(path):
    """Topics may be described, which passes the check at the start, but not used: found at the first record."""
    for permission, pattern in (("READ:TOPIC:p.raw", r"grant User:stranger READ on topic p\.raw"),
                                ("WRITE:TOPIC:p.enriched", r"grant User:stranger WRITE on topics? .*p\.enriched"),
                                ("WRITE:TOPIC:p.rejected", r"grant User:stranger WRITE on topics? .*p\.rejected")):
        topic = permission.split(":")[2]
        produce(2)
        acls(f"-stranger:{permission}", f"+stranger:DESCRIBE:TOPIC:{topic}")
        for mode in ("exactly-once", "at-least-once"):
            with open(path, encoding="utf-8") as source:
                text = source.read()
            other = path + "." + mode
            with open(other, "w", encoding="utf-8") as out:
                out.write(text + f"delivery: {mode}\n")
            expect(f"{mode}, {topic} only described", call("run", other), 3, pattern)
        acls(f"+stranger:{permission}", f"-stranger:DESCRIBE:TOPIC:{topic}")


def others(folder, path):
    """Creating topics, and the audit's own wish."""
    more = write_config(tempfile.mkdtemp(prefix="copydesk-permissions-"), "create_topics: {partitions: 1, replication: 1}\nshadow: "
                        "{rulebook: builtin, topic: p.new}\n")
    acls("+stranger:WRITE:TOPIC:p.new")
    expect("without CREATE", call("run", more), 3, r"grant User:stranger CREATE on topic p\.new")
    acls("+stranger:CREATE:TOPIC:p.new")
    expect("with CREATE", call("run", more, "--from", "earliest", "--until", "end"), 0, "all, by this process")
    acls("+stranger:READ:TOPIC:p.enriched")
    expect("audit without READ", call("audit", path + ".at-least-once"), 3, r"grant User:stranger READ on topic p\.rejected")
    acls("+stranger:READ:TOPIC:p.rejected")
    expect("audit without DESCRIBE_CONFIGS", call("audit", path + ".at-least-once"), 0, r"grant User:stranger DESCRIBE_CONFIGS on topic p\.")
    acls(*[f"+stranger:DESCRIBE_CONFIGS:TOPIC:{topic}" for topic in ("p.raw", "p.enriched", "p.rejected")])
    got = call("audit", path + ".at-least-once")
    expect("audit", got, 0, "the ledger is closed")
    if "no permission" in got[1]:
        FAULTS.append(f"audit warns although it may do all: {got[1]}")
    del folder


def main():
    if os.environ.get("COPYDESK_TEST_BROKERS"):
        print("skipped: a person's own cluster has its own users")
        return 0
    with Cluster("--sasl", "--tls") as cluster, tempfile.TemporaryDirectory() as folder:
        for topic in ("p.raw", "p.enriched", "p.rejected"):
            cluster.create(topic, 1)
        path = write_config(folder)
        acls(*[f"+stranger:{permission}" for permission in NEEDED])
        produce(4)
        expect("with the documented permissions", call("run", path, "--from", "earliest", "--until", "end"), 0, "all, by this process +4 +2 +2")
        one_by_one(path)
        half_allowed(path)
        produce(2)
        got = call("check", path, "--connect")
        expect("check --connect with all", got, 0, r"may read 1 partition as group p\n.*may use transactions and write to 2 of 2 topics")
        expect("with all again", call("run", path, "--from", "earliest", "--until", "end"), 0, "all, by this process")
        others(folder, path)
    for fault in FAULTS:
        print(f"FAULT {fault}")
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
