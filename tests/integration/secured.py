#!/usr/bin/env python3
"""TLS, mutual TLS, PLAIN, SCRAM and OAUTHBEARER on a real Kafka: who may come in works, and each mistake (authority, expired or foreign certificate, password)
ends with exit code 3 and a message that says what to do. Nothing that was planted as a secret is shown anywhere, at debug level.

    tests/integration/secured.py PROGRAM"""
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from cluster import Cluster, Process, wait_until  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FOLDER = os.environ.get("COPYDESK_TEST_KAFKA_DIR") or os.path.join(tempfile.gettempdir(), f"copydesk-kafka-{os.getuid()}")
TLS = os.path.join(FOLDER, "tls")
KEY_PASSWORD = "planted-key-password"  # of copydesk-locked.key, as tests/kafka/cluster makes it
FAULTS = []


def properties(name):
    with open(os.path.join(FOLDER, name), encoding="utf-8") as source:
        return dict(line.strip().split("=", 1) for line in source if "=" in line)


def listener(name):
    with open(os.path.join(FOLDER, "listeners"), encoding="utf-8") as source:
        return dict(line.split() for line in source)[name]


def rdkafka_version():
    import ctypes  # pylint: disable=import-outside-toplevel
    return ctypes.CDLL("librdkafka.so.1").rd_kafka_version()


def has_feature(name):
    """Whether librdkafka was built with it, by its own list."""
    import ctypes  # pylint: disable=import-outside-toplevel
    library = ctypes.CDLL("librdkafka.so.1")
    library.rd_kafka_conf_new.restype = ctypes.c_void_p
    text, size = ctypes.create_string_buffer(1024), ctypes.c_size_t(1024)
    conf = library.rd_kafka_conf_new()
    library.rd_kafka_conf_get(ctypes.c_void_p(conf), b"builtin.features", text, ctypes.byref(size))
    library.rd_kafka_conf_destroy(ctypes.c_void_p(conf))
    return name in text.value.decode().split(",")


class Case:
    """One client configuration; secrets go into files."""

    def __init__(self, name, values, more=""):
        self.name, self.folder = name, tempfile.mkdtemp(prefix="copydesk-secured-")
        lines = []
        for key, value in values.items():
            if "password" in key:
                path = os.path.join(self.folder, key)
                with open(path, "w", encoding="utf-8") as out:
                    out.write(value + "\n")
                value = f"${{file:{path}}}"
            lines.append(f"  {key}: \"{value}\"")
        self.config = "kafka:\n" + "\n".join(lines) + f"""
input: {{topics: [s.raw], group: "s-{name}"}}
output: {{topic: s.enriched}}
rejected: {{topic: s.rejected}}
http: {{listen: "127.0.0.1:0"}}
run_folder: {self.folder}
log: {{level: debug}}
{more}"""

    def run(self):
        """A backfill of what is there: it ends by itself. Exit code and everything it said."""
        path = os.path.join(self.folder, "copydesk.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(self.config)
        done = subprocess.run([PROGRAM, "run", "-c", path, "--from", "earliest", "--until", "end"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False, timeout=100)
        return done.returncode, done.stdout

    def expect(self, code, *patterns):
        got, said = self.run()
        missing = [p for p in patterns if not re.search(p, said)]
        last = said.strip().splitlines()[-1] if said.strip() else ""
        print(f"{self.name}: exit {got}: {last[-230:]}")
        if got != code or missing:
            FAULTS.append(f"{self.name}: exit {got}, wanted {code}; not said: {missing}\n{said[-1500:]}")
        return said


def connections(good):
    """Each way in, and each mistake on it."""
    tls = {"security.protocol": "SSL", "ssl.ca.location": f"{TLS}/ca.pem"}
    mutual = {**tls, "bootstrap.servers": listener("MUTUAL"), "ssl.certificate.location": f"{TLS}/copydesk.crt",
              "ssl.key.location": f"{TLS}/copydesk-locked.key", "ssl.key.password": KEY_PASSWORD}
    Case("plain", good).expect(0, r"all, by this process +1 ")
    Case("mutual-tls", mutual).expect(0, r"all, by this process +1 ")
    Case("no-certificate", {**tls, "bootstrap.servers": listener("MUTUAL")}).expect(3, r"certificate", r"ssl\.certificate\.location")
    Case("wrong-key-password", {**mutual, "ssl.key.password": "planted-wrong-one"}).expect(3, r"ssl\.key")
    Case("oauthbearer", {**good, "bootstrap.servers": listener("OAUTH"), "sasl.mechanism": "OAUTHBEARER",
                         "enable.sasl.oauthbearer.unsecure.jwt": "true",
                         "sasl.oauthbearer.config": "principal=copydesk"}).expect(0, r"all, by this process +1 ")
    if not has_feature("oidc"):
        Case("oidc", {**good, "bootstrap.servers": listener("OAUTH"), "sasl.mechanism": "OAUTHBEARER", "sasl.oauthbearer.method": "oidc"}).expect(
            3, r"sasl\.oauthbearer\.method .*built without OAuth/OIDC")
    Case("wrong-authority", {**good, "ssl.ca.location": f"{TLS}/other-ca.pem"}).expect(3, r"TLS: .*authority that ssl\.ca\.location does not hold")
    Case("expired", {**tls, "bootstrap.servers": listener("EXPIRED")}).expect(3, r"TLS: the broker's certificate has expired")
    Case("elsewhere", {**tls, "bootstrap.servers": listener("ELSEWHERE")}).expect(3, r"TLS: the broker's certificate is for another host name")
    said = Case("wrong-password", {**good, "sasl.password": "planted-wrong-one"}).expect(
        3, r"refuses the log-in", r"sasl\.username and sasl\.password")
    if "SCRAM" in said.split("refuses the log-in")[-1]:
        FAULTS.append("wrong-password: the message speaks of SCRAM")


def https(cluster, good):
    """All secrets that a process can have, at debug level with all that librdkafka can say: in no log line, no page, no audit, no check."""
    folder = tempfile.mkdtemp(prefix="copydesk-secured-")
    key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost", "-addext",
                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL, timeout=60)
    secrets = {"token": "planted-token", "pass": "planted-http-password"}
    for name, value in secrets.items():
        with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
            out.write(value)
    http = (f"http: {{listen: \"127.0.0.1:0\", certificate: {certificate}, key: {key}, token: \"${{file:{folder}/token}}\", user: scraper, "
            f"password: \"${{file:{folder}/pass}}\"}}")
    values = {**good, "debug": "all", "ssl.key.password": KEY_PASSWORD, "ssl.certificate.location": f"{TLS}/copydesk.crt",
              "ssl.key.location": f"{TLS}/copydesk-locked.key"}
    text = Case("https", values).config.replace('http: {listen: "127.0.0.1:0"}', http)
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
    assert get("/metrics", "-u", "scraper:planted-http-password")[0] == "200"
    assert subprocess.run(["curl", "-s", f"http://{address}/healthz"], capture_output=True, check=False, timeout=30).stdout == b""
    wait_until("committed", lambda: "committed" in get("/metrics", "-H", "Authorization: Bearer planted-token")[1]
               and 'copydesk_records_committed_total{lane="0"} 1' in get("/metrics", "-H", "Authorization: Bearer planted-token")[1], 60, [process])
    # top asks over TLS, with the configuration's token; a certificate of one's own is its authority.
    top = subprocess.run([PROGRAM, "top", "-c", process.config, "--once", "--interval", "100ms", "--url", address], capture_output=True, text=True,
                         check=False, timeout=60)
    assert top.returncode == 0 and "1 of 1 processes" in top.stdout and "running" in top.stdout, top.stdout + top.stderr
    cluster.reload = process.child.send_signal(signal.SIGHUP)
    assert process.terminate() == 0, process.log()[-3000:]
    log = process.log()
    if "SASL" not in log or log.count("facility=") < 100:
        FAULTS.append("debug: all does not reach the log")
    shown = {"the log": log, "/metrics": page, "top": top.stdout + top.stderr}
    for verb, *options in (("check",), ("audit",), ("redrive",), ("tap", "--from", "earliest", "--until", "end"), ("top", "--once", "--url", address)):
        done = subprocess.run([PROGRAM, verb, "-c", process.config, *options], capture_output=True, text=True, check=False, timeout=100)
        shown[verb] = done.stdout + done.stderr
    for what, said in shown.items():
        for secret in ("planted-token", "planted-http-password", KEY_PASSWORD, good["sasl.password"]):
            if secret in said:
                FAULTS.append(f"{secret} is shown in {what}: ...{said[max(0, said.index(secret) - 200):][:400]}")
    print(f"secrets: {len(log)} bytes of log at debug level, {log.count('[secret]')} times left out")


def scram():
    """Against a broker that takes librdkafka's SCRAM; against a newer one the message names the reason."""
    is_fixed = rdkafka_version() >= 0x020601ff
    with Cluster("--sasl", "--tls", "--version", "4" if is_fixed else "3.7") as cluster:
        good = properties("client.properties")
        prepare(cluster, good)
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
            Case(mechanism.lower(), {**good, "sasl.mechanism": mechanism}).expect(0, r"all, by this process +1 ")
        Case("scram-wrong-password", {**good, "sasl.password": "planted-wrong-one"}).expect(3, r"refuses the log-in")


def prepare(cluster, good):
    for topic in ("s.raw", "s.enriched", "s.rejected"):
        cluster.create(topic, 1)
    # Between brokers nobody logs in, and so the record needs no client that can.
    options = [a for k, v in {**good, "sasl.mechanism": "PLAIN"}.items() for a in ("-X", f"{k}={v}")]
    subprocess.run(["kcat", "-P", "-t", "s.raw", *options], input=b"The minister said the talks would go on.\n", check=True, timeout=60)


def main():
    if os.environ.get("COPYDESK_TEST_BROKERS"):
        print("skipped: a person's own cluster has its own users")
        return 0
    with Cluster("--sasl", "--tls") as cluster:
        good = {**properties("client.properties"), "sasl.mechanism": "PLAIN"}
        prepare(cluster, good)
        connections(good)
        if rdkafka_version() < 0x020601ff:
            Case("scram-refused", {**good, "sasl.mechanism": "SCRAM-SHA-512"}).expect(3, r"4895", r"SASL_SSL", r"newer librdkafka")
        https(cluster, good)
    scram()
    for fault in FAULTS:
        print(f"FAULT {fault}")
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
