#!/usr/bin/env python3
"""TLS, SASL and permissions on a real Kafka: the right user works, a stranger and a wrong password get a message that says what is missing,
and no secret is ever shown.

    tests/integration/secured.py PROGRAM"""
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, Process, wait_until  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = os.environ.get("COPYDESK_TEST_KAFKA_DIR") or os.path.join(tempfile.gettempdir(), f"copydesk-kafka-{os.getuid()}")


def properties(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as source:
        return dict(line.strip().split("=", 1) for line in source if "=" in line)


def config(values, secret_path):
    lines = [f"  {k}: \"{v}\"" for k, v in values.items() if k != "sasl.password"]
    lines.append(f"  sasl.password: ${{file:{secret_path}}}")
    return "kafka:\n" + "\n".join(lines) + "\nhttp: {listen: \"127.0.0.1:0\"}\ninput: {topics: [s.raw], group: s}\noutput: {topic: s.enriched}\n" \
        "rejected: {topic: s.rejected}\nlog: {level: debug}\n"


def https(cluster, good, secret_path, folder):
    """/metrics over TLS asks for its token; neither token nor password is in the log or on a page, at debug level."""
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL, timeout=60)
    text = config(good, secret_path).replace('http: {listen: "127.0.0.1:0"}',
                                             f'http: {{listen: "127.0.0.1:0", certificate: {certificate}, key: {key}, token: planted-token}}')
    process = Process(PROGRAM, text, "https").start()
    wait_until("listening", lambda: "https=127.0.0.1:" in process.log(), 30, [process])
    address = process.log().split("https=")[1].split()[0]

    def get(path, *options):
        done = subprocess.run(["curl", "-s", "-o", "-", "-w", "%{http_code}", "--cacert", certificate, *options, f"https://{address}{path}"],
                              capture_output=True, text=True, check=False, timeout=30)
        return done.stdout[-3:], done.stdout[:-3]

    assert get("/metrics")[0] == "401"
    status, page = get("/metrics", "-H", "Authorization: Bearer planted-token")
    assert status == "200" and "copydesk_records_in_total" in page
    assert subprocess.run(["curl", "-s", f"http://{address}/healthz"], capture_output=True, check=False, timeout=30).stdout == b""
    assert process.terminate() == 0, process.log()
    for secret in ("planted-token", good["sasl.password"]):
        assert secret not in process.log() and secret not in page, f"{secret} is shown"


def main():
    if os.environ.get("COPYDESK_TEST_BROKERS"):
        print("skipped: a person's own cluster has its own users")
        return 0
    with Cluster("--sasl", "--tls") as cluster, tempfile.TemporaryDirectory() as folder:
        secret_path = os.path.join(folder, "secret")
        good, stranger = properties("client.properties"), properties("stranger.properties")
        # PLAIN inside TLS: Debian 12's librdkafka 2.0.2 and this Kafka do not agree on SCRAM.
        good["sasl.mechanism"] = stranger["sasl.mechanism"] = "PLAIN"
        for topic in ("s.raw", "s.enriched", "s.rejected"):
            cluster.create(topic, 1)
        options = [a for k, v in good.items() for a in ("-X", f"{k}={v}")]
        subprocess.run(["kcat", "-P", "-t", "s.raw", *options], input=b"The minister said the talks would go on.\n", check=True, timeout=60)
        with open(secret_path, "w", encoding="utf-8") as out:
            out.write(good["sasl.password"] + "\n")
        process = Process(PROGRAM, config(good, secret_path), "user").start()
        wait_until("committed", lambda: process.metric("copydesk_records_committed_total") >= 1, 60, [process])
        assert process.terminate() == 0, process.log()
        assert good["sasl.password"] not in process.log(), "the password is in the log"
        assert len(cluster.read("s.enriched")) == 1
        https(cluster, good, secret_path, folder)
        with open(secret_path, "w", encoding="utf-8") as out:
            out.write(stranger["sasl.password"])
        process = Process(PROGRAM, config(stranger, secret_path), "stranger").start()
        assert process.child.wait(60) == 3, process.log()
        assert "no permission for topic s.raw" in process.log() and "READ" in process.log(), process.log()[-1500:]
        with open(secret_path, "w", encoding="utf-8") as out:
            out.write("wrong-password-here")
        process = Process(PROGRAM, config(good, secret_path), "wrong password").start()
        assert process.child.wait(60) == 3, process.log()
        assert "wrong-password-here" not in process.log()
        assert "SASL" in process.log() or "uthentication" in process.log(), process.log()[-1500:]
        print(process.log().splitlines()[-1])
    print("user, stranger, wrong password: as they should")
    return 0


sys.exit(main())
