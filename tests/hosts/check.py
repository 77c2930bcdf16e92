#!/usr/bin/env python3
"""Articles enter a host and leave it enriched, by the configurations in deploy/hosts as they are.

    tests/hosts/check.py PROGRAM rsyslog | syslog-ng | redpanda-connect

Exit code 77: the host is not to be had here; the last line says why."""
import glob
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
HOSTS = os.path.join(checks.ROOT, "deploy", "hosts")
SECONDS = 90
SKIPPED = 77
# A line that hosts trip over: long, with quotes, a backslash, a tab, a percent sign, several scripts.
TEXT = "The mayor said on Monday that ship {} may moor. «Où?» \"quoted\" back\\slash\ttab 100 %s $! Правительство 政府. " + "Ships wait at the quay. " * 700


def skip(why):
    print(f"left out: {why}")
    sys.exit(SKIPPED)


def raw_lines():
    lines = [json.dumps({"id": str(i), "title": "Port of Rotterdam opens a new quay", "text": TEXT.format(i)}, ensure_ascii=False) for i in range(40)]
    lines.insert(20, "bad line")
    return lines


def read(path):
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [line for line in file.read().split("\n") if line]


def wait_for(work, wanted, process):
    """Until as many records have left the host as entered it, or time is up; then a little more: none may come twice."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if len(read(os.path.join(work, "enriched.jsonl"))) + len(read(os.path.join(work, "rejected.jsonl"))) >= wanted:
            break
        if process.poll() is not None:
            break
        time.sleep(0.1)
    time.sleep(0.3)


def stop(process):
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        return process.communicate(timeout=30)[0]
    except subprocess.TimeoutExpired:
        process.kill()
        return process.communicate()[0] + "\n(did not end on SIGTERM)"


def rsyslog(work, env):
    program = shutil.which("rsyslogd", path=os.environ["PATH"] + ":/usr/sbin")
    if not program:
        skip("rsyslogd is not installed")
    env["COPYDESK_FILTER"] = f"{PROGRAM} filter --quiet --flush line --wrap $!"
    return [program, "-n", "-f", os.path.join(HOSTS, "rsyslog", "copydesk.conf"), "-i", os.path.join(work, "pid")]


def syslog_ng(work, env):
    found = subprocess.run([os.path.join(HERE, "syslog_ng")], capture_output=True, text=True, check=False)
    if found.returncode:
        skip("syslog-ng cannot be downloaded: " + found.stderr.strip()[-200:])
    root = found.stdout.strip()
    modules = glob.glob(os.path.join(root, "usr", "lib", "**", "syslog-ng", "[0-9]*"), recursive=True)
    libraries = {os.path.dirname(p) for p in glob.glob(os.path.join(root, "**", "*.so.*"), recursive=True)}
    os.mkfifo(os.path.join(work, "enriched.fifo"))
    env["LD_LIBRARY_PATH"] = ":".join(sorted(libraries))
    return [os.path.join(root, "usr", "sbin", "syslog-ng"), "-F", "-e", "--no-caps", "-f", os.path.join(HOSTS, "syslog-ng", "copydesk.conf"), "--module-path", modules[0],
            "--persist-file", os.path.join(work, "persist"), "--pidfile", os.path.join(work, "pid"), "--control", os.path.join(work, "control")]


def redpanda_connect(work, env):
    go = shutil.which("go", path="/usr/local/go/bin:" + os.environ["PATH"])
    if not go:
        skip("there is no Go")
    version = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, check=True).stdout.strip()
    numbers = [int(n) for n in version.removeprefix("go").split(".")[:2]]
    if numbers < [1, 22]:
        skip(f"Redpanda's modules need Go 1.22, this is {version}")
    folder = os.path.join(HOSTS, "redpanda-connect")
    cache = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "copydesk-tests")
    program = os.path.join(cache, "redpanda-connect")
    os.makedirs(cache, exist_ok=True)
    built = subprocess.run([go, "build", "-o", program, "."], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, "GOTOOLCHAIN": "local"})
    if "dial tcp" in built.stderr or "no such host" in built.stderr:
        skip("the Go modules cannot be downloaded")
    if built.returncode:
        print(built.stderr[-2000:])
        sys.exit(1)
    return [program, "run", os.path.join(folder, "enrich.yaml")]


HOST = {"rsyslog": rsyslog, "syslog-ng": syslog_ng, "redpanda-connect": redpanda_connect}


def judge(work, lines, name):
    """What left the host against what the filter makes of the same lines."""
    direct = subprocess.run([PROGRAM, "filter", "--quiet"], input="\n".join(lines), capture_output=True, text=True, check=False)
    wanted = [json.loads(line) for line in direct.stdout.splitlines()]
    enriched, rejected = (read(os.path.join(work, f"{kind}.jsonl")) for kind in ("enriched", "rejected"))
    faults = []
    if [json.loads(line) for line in enriched] != [r for r in wanted if "rejected" not in r]:
        faults.append(f"{len(enriched)} enriched records are not those of copydesk filter: {enriched[:1]}"[:600])
    if [json.loads(line)["rejected"]["code"] for line in rejected] != ["invalid-json"]:
        faults.append(f"rejected: {rejected}"[:600])
    if name != "rsyslog":  # which writes JSON in its own way: "\/"
        faults += [fault for line in enriched for fault in checks.faults(line)]
    subjects = {s["name"] for line in enriched for s in json.loads(line)["subjects"]}
    if not subjects:
        faults.append("no subjects")
    return faults


def main():
    name = sys.argv[2]
    lines = raw_lines()
    with tempfile.TemporaryDirectory() as work:
        env = {**os.environ, "COPYDESK_WORK": work, "PATH": os.path.dirname(PROGRAM) + ":" + os.environ["PATH"]}
        command = HOST[name](work, env)
        with open(os.path.join(work, "raw.jsonl"), "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        with subprocess.Popen(command, env=env, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace") as process:
            wait_for(work, len(lines), process)
            said = stop(process)
        faults = judge(work, lines, name)
        for fault in faults:
            print(fault)
        if faults:
            print(said[-3000:])
        print(f"{name}: {len(lines)} lines in, {len(faults)} faults")
        return 1 if faults else 0


sys.exit(main())
