#!/usr/bin/env python3
"""Every query of the dashboard against a real Prometheus that scrapes a real `copydesk demo`: none is an error and none is empty, but those that are empty while
all is well. Every metric of dashboard and alerts is one of docs/metrics.md; the rules pass promtool.

    tests/deploy/dashboard.py PROGRAM"""
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
# Nothing is silent in a demo.
EMPTY_WHEN_WELL = {"Silent sources"}
FAULTS = []


def expect(name, condition, shown=""):
    if not condition:
        FAULTS.append(name)
        print(f"FAULT {name}: {str(shown)[:600]}")


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def queries():
    """(panel, expression) of the dashboard, with its variables filled in."""
    for panel in json.loads(read("deploy/grafana/copydesk.json"))["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], panel["type"], target["expr"].replace("$__rate_interval", "20s").replace("$group", ".*")


def static():
    generated = subprocess.run([sys.executable, os.path.join(ROOT, "deploy", "grafana", "generate.py")], capture_output=True, text=True, check=True, timeout=60)
    expect("deploy/grafana/copydesk.json is what generate.py writes", generated.stdout == read("deploy/grafana/copydesk.json"))
    known = set(re.findall(r"^\| `([a-z_]+)` \|", read("docs/metrics.md"), re.M))
    known |= {f"{m}_{end}" for m in known for end in ("bucket", "sum", "count")}
    for name, text in (("dashboard", "\n".join(q for _, _, q in queries())), ("alerts", read("deploy/prometheus/alerts.yaml").replace("runbook", ""))):
        used = set(re.findall(r"\b((?:copydesk|process)_[a-z_]+)\b", text))
        expect(f"{name}: every metric is documented", used and used <= known, used - known)
    alerts = set(re.findall(r"alert: (\w+)", read("deploy/prometheus/alerts.yaml")))
    expect("every alert has a test", all(a in read("tests/deploy/alerts.yaml") for a in alerts), alerts)
    anchors = {re.sub(r"[^a-z0-9 -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^#+ (.*)$", read("docs/troubleshooting.md"), re.M)}
    for link in re.findall(r"runbook: docs/troubleshooting.md#(\S+)", read("deploy/prometheus/alerts.yaml")):
        expect(f"alerts: the page has #{link}", link in anchors, sorted(anchors))
    for command in (["promtool", "check", "rules", "deploy/prometheus/alerts.yaml"], ["promtool", "test", "rules", "tests/deploy/alerts.yaml"]):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
        expect(" ".join(command), done.returncode == 0, done.stdout + done.stderr)


def ask(port, expression):
    url = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return json.load(answer)["data"]["result"], ""
    except urllib.error.HTTPError as error:
        return None, error.read().decode()


def numbers(result):
    return [float(r["value"][1]) for r in result or ()]


def wait_for(port, expression, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if any(numbers(ask(port, expression)[0])):
                return True
        except OSError:
            pass
        time.sleep(1)
    return False


def judge(port):
    for title, kind, expression in queries():
        result, error = ask(port, expression)
        expect(f"{title}: {expression}", result is not None, error)
        if title in EMPTY_WHEN_WELL and kind == "table":
            continue
        expect(f"{title} is not empty: {expression}", result)
        expect(f"{title} is a number: {expression}", all(n == n for n in numbers(result)), result)
    flow = numbers(ask(port, "sum(copydesk_records_committed_total)")[0])
    expect("what it shows is real", flow and flow[0] > 20, flow)
    done = ask(port, "ALERTS{alertstate='firing'}")[0]
    expect("no alert on a demo", not done, done)


def live():
    metrics, port = free_port(), free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "prometheus.yaml")
        with open(config, "w", encoding="utf-8") as out:
            out.write(f"global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [{ROOT}/deploy/prometheus/alerts.yaml]\n"
                      f"scrape_configs: [{{job_name: copydesk, static_configs: [{{targets: ['127.0.0.1:{metrics}']}}]}}]\n")
        demo = subprocess.Popen([PROGRAM, "demo", "--rate", "20", "--port", str(metrics), "--json"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        server = subprocess.Popen(["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data", f"--web.listen-address=127.0.0.1:{port}",
                                   "--log.level=error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            # A transaction and librdkafka's statistics within the window of the rates.
            ready = wait_for(port, "sum(rate(copydesk_records_committed_total[20s])) and sum(copydesk_broker_connections) and sum(rate(copydesk_stage_duration_seconds_sum[20s]))", 90)
            expect("Prometheus scrapes the demo", ready)
            if ready:
                judge(port)
        finally:
            for child in (server, demo):
                child.terminate()
                child.wait(30)


if shutil.which("promtool") and shutil.which("prometheus"):
    static()
    live()
else:
    print("skipped: prometheus is not there")
print(f"{len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
