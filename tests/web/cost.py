#!/usr/bin/env python3
"""What the monitor page costs a run: processor time and memory of four runs side by side on the demo's broker.

    tests/web/cost.py PROGRAM [SECONDS]"""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import scene as scenes  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 60
RUNS = [("http off", "listen: off", 0), ("no articles", "listen: \"127.0.0.1:0\"\n  articles: off", 0), ("no reader", "listen: \"127.0.0.1:0\"", 0),
        ("three readers", "listen: \"127.0.0.1:0\"", 3)]


def processor_s(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS"))


def start(scene, number, http):
    path = f"{scene.folder}/cost-{number}.yaml"
    with open(path, "w") as file:
        file.write(f"kafka: {{bootstrap.servers: \"{scene.broker}\"}}\ninput: {{topics: [articles.raw], group: cost-{number}}}\n"
                   f"instance: cost-{number}\nrun_folder: {scene.folder}\nhttp:\n  {http}\n")
    return scenes.Program([PROGRAM, "run", "-c", path])


with scenes.Scene(PROGRAM, rate="20") as scene:
    runs = [start(scene, i, http) for i, (_, http, _) in enumerate(RUNS)]
    scene.runs += runs
    time.sleep(8)
    readers = [subprocess.Popen(["curl", "-sN", "-o", "/dev/null", f"http://{run.find('http=([0-9.:]+)')}/events"])
               for run, (_, _, count) in zip(runs, RUNS) for _ in range(count)]
    before = [processor_s(run.process.pid) for run in runs]
    time.sleep(SECONDS)
    for run, (name, _, _), start_s in zip(runs, RUNS, before):
        used = processor_s(run.process.pid) - start_s
        print(f"{name:14} {1000 * used / SECONDS:6.2f} ms of processor time a second, {resident_kb(run.process.pid) / 1024:.1f} MiB resident")
    for reader in readers:
        reader.kill()
