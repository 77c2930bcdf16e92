"""A real Kafka for a test: starts tests/kafka/cluster, runs copydesk processes, reads topics with the Java witness."""
import base64
import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TOOLS = os.path.join(ROOT, "tests", "kafka")


class Cluster:
    """`with Cluster() as cluster:`; the brokers are stopped at the end, unless COPYDESK_TEST_BROKERS names a person's own."""

    def __init__(self, *options):
        self.options = options
        self.bootstrap = None

    def __enter__(self):
        # A cluster that an interrupted test left behind holds its topics; one that a person named is theirs and stays.
        subprocess.run([os.path.join(TOOLS, "cluster"), "stop"], check=False, timeout=120)
        done = subprocess.run([os.path.join(TOOLS, "cluster"), "start", *self.options], stdout=subprocess.PIPE, check=True, timeout=900)
        self.bootstrap = done.stdout.decode().strip()
        return self

    def __exit__(self, *_):
        subprocess.run([os.path.join(TOOLS, "cluster"), "stop"], check=False, timeout=120)

    def call(self, *arguments):
        subprocess.run([os.path.join(TOOLS, "cluster"), *arguments], check=True, timeout=300)

    def create(self, topic, partitions, *settings):
        env = {**os.environ, "COPYDESK_TEST_KAFKA_BOOTSTRAP": self.bootstrap}
        subprocess.run([os.path.join(TOOLS, "topics"), "create", topic, str(partitions), *settings], check=True, timeout=120, env=env,
                       stdout=subprocess.DEVNULL)

    def produce(self, topic, lines, *options):
        """Lines "KEY\\tVALUE" through kcat."""
        subprocess.run(["kcat", "-b", self.bootstrap, "-P", "-t", topic, "-K", "\t", *options], input="".join(f"{line}\n" for line in lines).encode(),
                       check=True, timeout=300)

    def read(self, topic):
        """All committed records, as dicts with bytes for key, value and header values."""
        done = subprocess.run([os.path.join(TOOLS, "witness"), self.bootstrap, topic], stdout=subprocess.PIPE, check=True, timeout=300)
        records = []
        for line in done.stdout.decode().splitlines():
            record = json.loads(line)
            for name in ("key", "value"):
                record[name] = None if record[name] is None else base64.b64decode(record[name])
            record["headers"] = [(k, None if v is None else base64.b64decode(v)) for k, v in record["headers"]]
            records.append(record)
        return records


class Process:
    """One `copydesk run`."""

    def __init__(self, program, config, name):
        self.folder = tempfile.mkdtemp(prefix="copydesk-test-")
        self.config = os.path.join(self.folder, "copydesk.yaml")
        self.log_path = os.path.join(self.folder, "log")
        with open(self.config, "w", encoding="utf-8") as out:
            out.write(config)
        self.program, self.name, self.child, self.port = program, name, None, None

    def start(self):
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen([self.program, "run", "-c", self.config], stderr=log, stdout=log, stdin=subprocess.DEVNULL)
        self.port = None
        return self

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def get(self, path):
        if self.port is None:
            for line in reversed(self.log().splitlines()):
                if "http=127.0.0.1:" in line:
                    self.port = int(line.split("http=127.0.0.1:")[1].split()[0])
                    break
        if self.port is None:
            return None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None

    def metric(self, name, label=""):
        """Sum over the lanes; of samples with this label, such as 'outcome="enriched"'."""
        answer = self.get("/metrics")
        if not answer:
            return 0
        return sum(float(line.split()[-1]) for line in answer[1].splitlines() if line.startswith((name + "{", name + " ")) and label in line)

    def terminate(self, timeout=60):
        self.child.send_signal(signal.SIGTERM)
        return self.child.wait(timeout)

    def kill(self):
        self.child.kill()
        self.child.wait(30)


def wait_until(what, condition, seconds, processes=()):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return
        for process in processes:
            if process.child.poll() is not None:
                raise SystemExit(f"{what}: {process.name} ended with {process.child.returncode}:\n{process.log()[-4000:]}")
        time.sleep(0.2)
    raise SystemExit(f"{what}: not within {seconds} s\n" + "\n".join(p.log()[-4000:] for p in processes))
