#!/usr/bin/env python3
"""The metrics of a run: what is on the page is what docs/metrics.md says, promtool accepts it, /status says the same, and the sums agree.

    tests/cli/metrics.py PROGRAM"""
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FAULTS = []
SHADOW = {"copydesk_shadow_records_total", "copydesk_shadow_differences_total"}  # the demo has none


def expect(name, good, shown=""):
    if not good:
        FAULTS.append(f"{name}: {str(shown)[:1500]}")


def get(port, path):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()
    except OSError:
        return 0, ""


def documented():
    """NAME: (type, labels) of docs/metrics.md."""
    with open(os.path.join(ROOT, "docs", "metrics.md"), encoding="utf-8") as page:
        rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \| .+ \|$", page.read(), re.M)
    return {name: (kind, set(re.findall(r"`(\w+)`", labels))) for name, kind, labels in rows}


def parse(text):
    """Families as {name: [(suffix, labels, value)]} and {name: type}."""
    families, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            name, kind = line.split()[2:4]
            types[name] = kind
            families[name] = []
        elif line and not line.startswith("#"):
            found = re.match(r'(\w+?)(_bucket|_sum|_count)?(?:\{(.*)\})? (\S+)$', line)
            full = re.match(r"\w+", line).group()
            name = full if full in types else found.group(1)
            labels = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', found.group(3) or ""))
            families[name].append((full[len(name):], labels, float(found.group(4))))
    return families, types


def check_names(families, types):
    wanted = documented()
    expect("families beside the docs", set(families) == set(wanted) - SHADOW, set(families) ^ (set(wanted) - SHADOW))
    for name, (kind, labels) in wanted.items():
        expect(f"{name}: type", name in SHADOW or types.get(name) == kind, types.get(name))
        for suffix, found, _ in families.get(name, []):
            expect(f"{name}: labels", set(found) - {"le"} == labels, (suffix, found))


def check_users():
    """Dashboards and alerts ask for nothing that is not there."""
    known = set(documented())
    for folder in ("grafana", "prometheus"):
        for path, _, files in os.walk(os.path.join(ROOT, "deploy", folder)):
            for file in files:
                with open(os.path.join(path, file), encoding="utf-8") as text:
                    names = set(re.findall(r"\b(?:copydesk|process)_[a-z0-9_]+\b(?=[\[{) ,]|\Z)", text.read()))
                unknown = {name for name in names if name not in known and re.sub(r"_(bucket|sum|count)$", "", name) not in known}
                expect(f"deploy/{folder}/{file}: names", not unknown, unknown)


def check_promtool(text):
    if not shutil.which("promtool"):
        expect("promtool is there (deploy/packages test)", False)
        return
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True, timeout=60, check=False)
    expect("promtool", (done.returncode, done.stdout + done.stderr) == (0, ""), done.stdout + done.stderr)


def check_histograms(families, types):
    for name in (n for n, kind in types.items() if kind == "histogram"):
        series = {}
        for suffix, labels, value in families[name]:
            key = tuple(sorted((k, v) for k, v in labels.items() if k != "le"))
            series.setdefault(key, {"buckets": []})
            if suffix == "_bucket":
                series[key]["buckets"].append((float(labels["le"].replace("+Inf", "inf")), value))
            else:
                series[key][suffix] = value
        for key, row in series.items():
            bounds, counts = zip(*row["buckets"])
            expect(f"{name}{key}: bounds", list(bounds) == sorted(bounds) and bounds[-1] == float("inf"), bounds)
            expect(f"{name}{key}: cumulative", list(counts) == sorted(counts) and counts[-1] == row["_count"], counts)


def total(families, name, **labels):
    return sum(value for suffix, found, value in families[name] if not suffix.startswith("_b") and suffix != "_sum" and all(found.get(k) == v for k, v in labels.items()))


def check_sums(families):
    """Between two requests the demo goes on, within one page nothing is missing."""
    enriched = total(families, "copydesk_records_out_total", outcome="enriched")
    expect("records flow", enriched >= 14, enriched)
    for name in ("subject", "language", "source"):
        counted = total(families, f"copydesk_records_by_{name}_total")
        expect(f"by {name}", enriched <= counted <= enriched + 3, (counted, enriched))
    expect("records measured", total(families, "copydesk_record_duration_seconds") >= enriched)
    committed = total(families, "copydesk_records_committed_total")
    expect("ledger", committed <= total(families, "copydesk_ledger_records_total", outcome="in") <= committed + 40)
    expect("latencies", 0 < total(families, "copydesk_end_to_end_latency_seconds") <= total(families, "copydesk_records_in_total"))
    expect("commits", total(families, "copydesk_transactions_total", result="committed") <= total(families, "copydesk_commit_duration_seconds") + 2)
    stages = {labels["stage"] for _, labels, _ in families["copydesk_stage_duration_seconds"]}
    expect("stages", {"decode", "extract", "scrub", "normalise", "language", "date", "source", "subject", "entity", "quote", "fingerprint", "encode"} <= stages, stages)
    expect("every 64th", total(families, "copydesk_stage_duration_seconds", stage="decode") >= enriched // 64)
    states = [labels["state"] for _, labels, value in families["copydesk_lane_state"] if value]
    expect("state", states == ["running"], states)
    expect("lag of each partition", {labels["partition"] for _, labels, _ in families["copydesk_lag_records"]} == {"0", "1"})
    expect("brokers", total(families, "copydesk_broker_connections", side="consumer") >= 1 and total(families, "copydesk_broker_sent_bytes_total", side="producer") > 0)
    start = total(families, "process_start_time_seconds")
    expect("the process", abs(time.time() - start) < 600 and total(families, "process_resident_memory_bytes") > 1e6, start)


def check_json(port):
    """The same families and labels; values that do not move are equal."""
    status = json.loads(get(port, "/status")[1])
    families, types = parse(get(port, "/metrics")[1])
    expect("families of both", set(status["metrics"]) == set(families), set(status["metrics"]) ^ set(families))
    expect("time", abs(status["time_ms"] / 1000 - time.time()) < 60, status["time_ms"])
    for name, samples in status["metrics"].items():
        kind = "_count" if types[name] == "histogram" else ""
        expect(f"{name}: samples of both", len(samples) == sum(suffix == kind for suffix, _, _ in families[name]), len(samples))
    for name in ("copydesk_build_info", "copydesk_rulebook_info", "process_start_time_seconds", "copydesk_rulebook_loaded_timestamp_seconds"):
        expect(f"{name}: equal", [(s["labels"], s["value"]) for s in status["metrics"][name]] == [(labels, value) for _, labels, value in families[name]], status["metrics"][name])


def check_health(port):
    for path, word in (("/healthz", "live"), ("/readyz", "ready")):
        code, text = get(port, path)
        answer = json.loads(text)
        expect(path, (code, answer[word], answer["reasons"]) == (200, True, []), text)
        expect(f"{path}: lanes", [lane["state"] for lane in answer["lanes"]] == ["running"], text)


def check_draining(port, child):
    """From the signal on it is not ready, and says why, until nobody answers; it stays live."""
    child.send_signal(signal.SIGTERM)
    answers = []
    while child.poll() is None and len(answers) < 10000:
        answers.append(get(port, "/readyz"))
    codes = [code for code, _ in answers]
    drained = codes.index(503) if 503 in codes else len(codes)
    expect("ready before the signal is taken, never after", set(codes[:drained]) <= {200, 0} and set(codes[drained:]) <= {503, 0}, codes[-50:])
    for code, text in answers[drained:]:
        expect("draining is the reason", code == 0 or "draining: the process is stopping" in json.loads(text)["reasons"], text)
    expect("exit", child.wait(60) == 0, child.returncode)


def main():
    folder = tempfile.mkdtemp(prefix="copydesk-metrics-")
    port = 20000 + os.getpid() % 20000
    with open(os.path.join(folder, "demo.log"), "wb") as log:
        child = subprocess.Popen([sys.argv[1], "demo", "--rate", "40", "--port", str(port)], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 90
        while time.monotonic() < until:
            text = get(port, "/metrics")[1]
            if 'copydesk_lag_records{topic="articles.raw",partition="1"}' in text and total(parse(text)[0], "copydesk_records_committed_total") > 140:
                break
            time.sleep(0.3)
        families, types = parse(text)
        check_names(families, types)
        check_users()
        check_promtool(text)
        check_histograms(families, types)
        check_sums(families)
        check_json(port)
        check_health(port)
        check_draining(port, child)
    finally:
        if child.poll() is None:
            child.kill()
    for fault in FAULTS:
        print(fault)
    return 1 if FAULTS else 0


sys.exit(main())
