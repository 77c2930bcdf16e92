"""What the tests of the monitor page run: the demo's embedded broker, a `copydesk run` on it, and raw records by kcat."""
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.request


class Program:
    """A process whose output is read until a pattern comes, and kept in a file."""

    def __init__(self, arguments, **options):
        self.log = tempfile.NamedTemporaryFile("w+", prefix="copydesk-log-", delete=False)
        self.process = subprocess.Popen(arguments, stdout=self.log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options)

    def text(self):
        with open(self.log.name) as file:
            return file.read()

    def find(self, pattern, seconds=40):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.text())
            if found:
                return found.group(1)
            assert self.process.poll() is None, self.text()
            time.sleep(0.05)
        raise AssertionError(f"no {pattern} within {seconds} s:\n{self.text()}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        os.unlink(self.log.name)
        return self.process.returncode


class Scene:
    """A broker, and any number of runs on it."""

    def __init__(self, program, rate="0.01"):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="copydesk-web-")
        self.demo = Program([program, "demo", "--rate", rate, "--port", "0"])
        self.broker = self.demo.find(r"embedded broker runs at (\S+);")
        self.runs, self.count = [], 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for run in self.runs:
            run.stop()
        self.demo.stop()
        shutil.rmtree(self.folder)

    def run(self, http="", more=""):
        """Starts a run with a group of its own; returns its address, with .text() for its log."""
        name = f"{self.folder}/run-{self.count}.yaml"
        with open(name, "w") as file:
            file.write(f"kafka:\n  bootstrap.servers: {self.broker}\n  consumer: {{fetch.wait.max.ms: 10, session.timeout.ms: 6000}}\n"
                       f"input: {{topics: [articles.raw], group: web-{self.count}}}\n"
                       f"instance: web-{self.count}\nrun_folder: {self.folder}\n"
                       f"http:\n  listen: \"127.0.0.1:0\"\n{http}{more}")
        run = Program([self.program, "run", "-c", name])
        self.runs.append(run)
        self.count += 1
        run.scheme, run.address = ("https" if "certificate" in http else "http"), None
        run.address = run.find(r"https?=(127\.0\.0\.1:\d+)")
        run.url = f"{run.scheme}://{run.address}/"
        return run

    def feed(self, value, key="key", headers=()):
        path = f"{self.folder}/value"
        with open(path, "wb") as file:
            file.write(value if isinstance(value, bytes) else json.dumps(value).encode())
        options = [part for name, text in headers for part in ("-H", f"{name}={text}")]
        subprocess.run(["kcat", "-b", self.broker, "-P", "-t", "articles.raw", "-k", key, *options, path], check=True, timeout=30)


def get(url, headers=()):
    with urllib.request.urlopen(urllib.request.Request(url, headers=dict(headers)), timeout=20) as answer:
        return answer.read().decode()


def metrics(run, headers=()):
    """/metrics as a dict from the series, as written, to its value."""
    lines = [line.rsplit(" ", 1) for line in get(run.url + "metrics", headers).splitlines() if line and line[0] != "#"]
    return {series: float(value) for series, value in lines}


def total(values, name, **labels):
    """The sum over the series of a name that have these labels."""
    wanted = [f'{label}="{value}"' for label, value in labels.items()]
    return sum(value for series, value in values.items() if re.split("[{ ]", series)[0] == name and all(label in series for label in wanted))
