"""The stage of a measurement: the tests' own broker, topics, what fills them, who reads them, and what a group of processes uses of the machine."""
import datetime
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "integration"))
from cluster import Cluster  # noqa: E402

import corpus  # noqa: E402

PATIENCE = 900  # seconds until a run that does not end has failed
PARTITIONS = 8
TICK = os.sysconf("SC_CLK_TCK")
# Different records of a kind: far more than any cache holds.
DISTINCT = {"text": 4000, "page": 300, "mixed": 2000}


def compile_tools(folder):
    """The two programs in C, optimised as a release is."""
    flags = subprocess.run(["pkg-config", "--cflags", "--libs", "rdkafka"], capture_output=True, check=True, text=True).stdout.split()
    for name in ("copy", "feed"):
        subprocess.run(["cc", "-O2", "-std=c11", "-D_POSIX_C_SOURCE=200809L", str(HERE / f"{name}.c"), "-o", str(folder / name), *flags], check=True)


def machine():
    """One line about what was measured where, for below a table."""
    cpu = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if line.startswith("model name"))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    return f"{datetime.date.today()}, {cpu}, {os.cpu_count()} cores, load at this moment {load}"


class Work:
    """Processes that belong together, each with its children: one peer, or several copydesk."""

    def __init__(self, commands, folder, env=None):
        self.log = open(folder / "log", "ab")
        self.children = [subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=folder, start_new_session=True,
                                          env={**os.environ, **(env or {})}) for command in commands]

    def pids(self):
        parents = {}
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    with open(f"/proc/{entry}/stat", encoding="ascii", errors="replace") as stat:
                        parents.setdefault(int(stat.read().rpartition(")")[2].split()[1]), []).append(int(entry))
                except OSError:
                    pass  # it has ended meanwhile
        found = [child.pid for child in self.children]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def cpu(self):
        """Seconds of processor time, user and system, of all of them and of the children that ended."""
        ticks = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as stat:
                    ticks += sum(int(field) for field in stat.read().rpartition(")")[2].split()[11:15])
            except OSError:
                pass
        return ticks / TICK

    def peak_mb(self):
        """The sum of the largest resident sets."""
        kb = 0
        for pid in self.pids():
            try:
                with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as status:
                    kb += next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
            except OSError:
                pass
        return kb / 1024

    def check(self):
        for child in self.children:
            if child.poll() is not None:
                raise SystemExit(f"{child.args[0]} ended with {child.returncode}; see {self.log.name}\n" + pathlib.Path(self.log.name).read_text("utf-8", "replace")[-3000:])

    def end(self):
        """SIGTERM, and after 20 seconds the end of exactly these processes."""
        pids = self.pids()
        for child in self.children:
            if child.poll() is None:
                child.send_signal(signal.SIGTERM)
        until = time.monotonic() + 20
        for child in self.children:
            try:
                child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for pid in pids[len(self.children):]:
            try:
                os.kill(pid, signal.SIGKILL)
            except OSError:
                pass
        self.log.close()


class Follower:
    """Reads what is committed in a topic; `count` of it so far, or `rows` of (partition, key, nanosecond)."""

    def __init__(self, scene, topic, mode="count"):
        self.count, self.rows, self.mode = 0, [], mode
        self.child = subprocess.Popen([scene.tools / "feed", "follow", scene.bootstrap, topic, mode], stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        for line in self.child.stdout:
            if self.mode == "count":
                self.count = int(line)
            else:
                partition, key, moment = line.split()
                self.rows.append((int(partition), int(key), int(moment)))
                self.count += 1

    def wait(self, count, work, what):
        """Returns when so many have been seen."""
        until = time.monotonic() + PATIENCE
        while self.count < count:
            work.check()
            if time.monotonic() > until:
                raise SystemExit(f"{what}: {self.count} of {count} records after {PATIENCE} s; see {work.log.name}")
            time.sleep(0.01)

    def close(self):
        self.child.kill()
        self.child.wait()
        self.thread.join(10)
        self.child.stdout.close()


class Scene:
    """`with Scene(pages) as scene:`; a folder, the two tools, the records as files, and the broker."""

    def __init__(self, pages=None):
        self.pages, self.number, self.truths, self.sizes = pages, 0, {}, {}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="copydesk-bench-"))
        self.tools = self.folder
        compile_tools(self.tools)
        self.cluster = Cluster()
        self.bootstrap = self.cluster.__enter__().bootstrap
        return self

    def __exit__(self, *how):
        self.cluster.__exit__(*how)
        if how[0] is None:  # after a fault its logs are of use
            shutil.rmtree(self.folder, ignore_errors=True)

    def records(self, kind):
        """The file with the different records of a kind."""
        path = self.folder / f"{kind}.jsonl"
        if not path.exists():
            self.truths[kind], size = corpus.write(path, kind, DISTINCT[kind], self.pages if kind == "page" else None)
            self.sizes[kind] = size / sum(1 for _ in open(path, "rb"))
        return path

    def feed(self, *arguments):
        subprocess.run([self.tools / "feed", *map(str, arguments)], check=True, timeout=PATIENCE)

    def topics(self, name, partitions=PARTITIONS):
        """A raw, an enriched and a rejected topic of a new name."""
        self.number += 1
        name = f"{name}-{self.number}"
        self.feed("topics", self.bootstrap, partitions, *(f"{name}.{end}" for end in ("raw", "enriched", "rejected")))
        return name

    def run_folder(self, name):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        return folder

    def preloaded(self, kind, count, codec="none"):
        """A name whose raw topic holds `count` records."""
        name = self.topics(kind)
        self.feed("fill", self.bootstrap, f"{name}.raw", self.records(kind), 0, count, codec)
        return name

    def backlog(self, start, name, warm, count):
        """Lets `start(name)` work off what was preloaded and measures it from the `warm`-th record on: start-up, and what a virtual machine compiles, are before."""
        begun, work = time.monotonic(), start(name)
        follower = Follower(self, f"{name}.enriched")
        try:
            follower.wait(warm, work, name)
            seen, cpu, moment = follower.count, work.cpu(), time.monotonic()
            if seen >= count:  # so few that all came at once: the start counts, too
                seen, cpu, moment = 0, 0, begun
            follower.wait(count, work, name)
            records, seconds, used = count - seen, time.monotonic() - moment, work.cpu() - cpu
            used = max(used, 1 / TICK)
            return {"cpu_us": used / records * 1e6, "per_second": records / seconds, "peak_mb": work.peak_mb(),
                    "records": records}
        finally:
            follower.close()
            work.end()

    def paced(self, start, name, kind, rate, seconds, settle=4):
        """Latencies in ms from when a record was due until a reader of committed records had it, sorted, without the first seconds."""
        work = start(name)
        follower = Follower(self, f"{name}.enriched", "times")
        try:
            self.feed("fill", self.bootstrap, f"{name}.raw", self.records(kind), 0, 1, "none")
            follower.wait(1, work, name)  # it has its partitions
            cpu = work.cpu()
            self.feed("pace", self.bootstrap, f"{name}.raw", self.records(kind), rate, seconds + settle)
            follower.wait(1 + int(rate * (seconds + settle)), work, name)
            used = work.cpu() - cpu
        finally:
            follower.close()
            work.end()
        first = follower.rows[1][1] + settle * 1e9
        latencies = sorted((moment - due) / 1e6 for _, due, moment in follower.rows[1:] if due >= first)
        return {"p50": at(latencies, 0.5), "p99": at(latencies, 0.99), "p99.9": at(latencies, 0.999), "max": latencies[-1], "records": len(latencies),
                "cpu_us": used / (rate * (seconds + settle)) * 1e6}


def at(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def medians(runs):
    """The median of each figure of several runs."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def copydesk(scene, program, lanes=1, processes=1, codec="none", interval="100ms", delivery="exactly-once", more=""):
    """What starts `copydesk run` for a name: its defaults, but for what is asked."""
    def start(name):
        folder = scene.run_folder(name)
        commands = []
        for number in range(processes):
            path = folder / f"copydesk-{number}.yaml"
            path.write_text(f"""kafka:
  bootstrap.servers: "{scene.bootstrap}"
  producer: {{compression.type: {codec}}}
{more}
input: {{topics: [{name}.raw], group: {name}}}
output: {{topic: {name}.enriched}}
rejected: {{topic: {name}.rejected}}
delivery: {delivery}
commit: {{interval: {interval}}}
lanes: {lanes}
http: {{listen: "off"}}
run_folder: {folder}
""", encoding="utf-8")
            commands.append([str(program), "run", "-c", str(path)])
        return Work(commands, folder)
    return start
