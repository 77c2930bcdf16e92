#!/usr/bin/env python3
"""copydesk top in a terminal of its own: what it shows, how it resizes, and that it leaves the terminal as it was.

    tests/cli/top.py PROGRAM"""
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import urllib.request

PROGRAM = sys.argv[1]
FAULTS = []


def expect(name, good, shown=""):
    if not good:
        FAULTS.append(f"{name}: {str(shown)[:3000]}")


class Demo:
    """The demo, publishing for ever; the address of its broker and of its HTTP side in a configuration."""

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="copydesk-top-")
        self.log = os.path.join(self.folder, "demo.log")
        self.port = 20000 + os.getpid() % 20000
        with open(self.log, "wb") as out:
            self.child = subprocess.Popen([PROGRAM, "demo", "--rate", "30", "--port", str(self.port)], stdout=out, stderr=out, stdin=subprocess.DEVNULL)
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with open(self.log, encoding="utf-8") as log:
                text = log.read()
            broker = re.search(r"embedded broker runs at (\S+);", text)
            if broker and text.count("articles.enriched,") > 20:
                self.config = self.write("copydesk.yaml", f"kafka: {{bootstrap.servers: \"{broker.group(1)}\"}}\ninput: {{group: copydesk-demo}}\n"
                                         f"http: {{listen: \"127.0.0.1:{self.port}\"}}\n")
                return self
            time.sleep(0.2)
        raise SystemExit("the demo published nothing within a minute:\n" + text)

    def write(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    def __exit__(self, *_):
        self.child.send_signal(signal.SIGINT)
        self.child.wait(60)


class Terminal:
    """`copydesk top` in a pty of a size."""

    def __init__(self, rows, columns, *arguments):
        self.master, slave = pty.openpty()
        self.slave = slave
        self.resize(rows, columns)
        self.before = termios.tcgetattr(slave)
        self.output = b""
        self.child = subprocess.Popen([PROGRAM, "top", *arguments], stdin=slave, stdout=slave, stderr=subprocess.PIPE, start_new_session=True,
                                      env={**os.environ, "TERM": "xterm"}, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))

    def resize(self, rows, columns):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if select.select([self.master], [], [], 0.1)[0]:
                try:
                    self.output += os.read(self.master, 65536)
                except OSError:
                    return

    def frames(self):
        """Each from the top of the screen on, as plain lines."""
        parts = self.output.split(b"\033[H")[1:]
        return [re.sub(r"\033\[[0-9;?]*[A-Za-z]", "", part.decode()).replace("\r", "").split("\n") for part in parts]

    def press(self, key):
        os.write(self.master, key)

    def end(self):
        code = self.child.wait(20)
        self.read(0.3)
        return code


def check_frames(name, terminal, rows, columns):
    frames = terminal.frames()
    expect(f"{name}: frames", len(frames) >= 2, terminal.output[-500:])
    if not frames:
        return ""
    for frame in frames:
        expect(f"{name}: rows", len(frame) <= rows, len(frame))
        expect(f"{name}: columns", max(map(len, frame)) <= columns, repr(max(frame, key=len)))
    return "\n".join(frames[-1])


def live(demo):
    terminal = Terminal(24, 80, "-c", demo.config, "--interval", "500ms")
    terminal.read(3)
    shown = check_frames("80x24", terminal, 24, 80)
    for word in ("group copydesk-demo  1 of 1 processes", "LANE", "running", "articles.raw/0", "SUBJECTS /S", "LANGUAGES /S", "q quits"):
        expect(word, word in shown, shown)
    expect("rates", re.search(r"in [1-9][\d.]*/s  enriched [1-9]", shown), shown)
    expect("first the alternate screen", terminal.output.startswith(b"\033[?1049h\033[?25l"), terminal.output[:60])
    expect("no blanking between frames", terminal.output.count(b"\033[2J") == 1, terminal.output.count(b"\033[2J"))
    echo = termios.tcgetattr(terminal.slave)[3] & termios.ECHO
    expect("keys are not shown", not echo)
    # A smaller terminal, then a larger one: the next frame fits without waiting for a key.
    for rows, columns in ((12, 50), (50, 132)):
        terminal.resize(rows, columns)
        terminal.read(0.3)
        terminal.output = b""
        terminal.read(2)
        shown = check_frames(f"{columns}x{rows}", terminal, rows, columns)
        expect(f"{columns}x{rows}: the last line", shown.rstrip().endswith("q quits"), shown)
        expect(f"{columns}x{rows}: the first line", shown.startswith("copydesk  group"), shown[:100])
    terminal.output = b""
    terminal.press(b"x")
    terminal.read(0.3)
    expect("other keys do nothing", terminal.child.poll() is None)
    terminal.press(b"q")
    expect("q", terminal.end() == 0, terminal.child.returncode)
    expect("the terminal as it was", termios.tcgetattr(terminal.slave) == terminal.before)
    expect("cursor and screen back", terminal.output.endswith(b"\033[?25h\033[?1049l"), terminal.output[-60:])


def signals(demo):
    for number in (signal.SIGINT, signal.SIGTERM):
        terminal = Terminal(24, 80, "-c", demo.config, "--interval", "500ms")
        terminal.read(1.5)
        terminal.child.send_signal(number)
        expect(number.name, terminal.end() == 0, terminal.child.returncode)
        expect(f"{number.name}: the terminal as it was", termios.tcgetattr(terminal.slave) == terminal.before)
        expect(f"{number.name}: screen back", terminal.output.endswith(b"\033[?1049l"), terminal.output[-60:])
    terminal = Terminal(24, 80, "-c", demo.config, "--interval", "500ms")
    terminal.read(1.5)
    terminal.press(b"\x1a")  # Ctrl-Z
    terminal.read(1)
    expect("Ctrl-Z leaves the screen", terminal.output.endswith(b"\033[?1049l"), terminal.output[-60:])
    with open(f"/proc/{terminal.child.pid}/stat", encoding="utf-8") as stat:
        expect("stopped", stat.read().split()[2] == "T")
    terminal.output = b""
    terminal.child.send_signal(signal.SIGCONT)
    terminal.read(1.5)
    expect("and comes back", b"\033[?1049h" in terminal.output and len(terminal.frames()) >= 1, terminal.output[:100])
    terminal.press(b"q")
    expect("q after all", terminal.end() == 0)


def once(demo, *arguments, code=0):
    done = subprocess.run([PROGRAM, "top", "-c", demo.config, "--once", "--interval", "500ms", *arguments], capture_output=True, text=True, timeout=60, check=False,
                          env={**os.environ, "COLUMNS": "100"})
    expect(f"{arguments}: exit", done.returncode == code, (done.returncode, done.stderr))
    expect(f"{arguments}: plain", "\033" not in done.stdout, done.stdout[:100])
    return done.stdout


def for_scripts(demo):
    shown = once(demo)
    with urllib.request.urlopen(f"http://127.0.0.1:{demo.port}/status", timeout=10) as answer:
        status = json.load(answer)["metrics"]
    digest = status["copydesk_rulebook_info"][0]["labels"]["digest"]
    expect("rulebook", f"rulebook {digest[:8]}" in shown, shown)
    for sample in status["copydesk_records_by_language_total"]:
        if sample["value"]:
            expect(f"language {sample['labels']['language']}", re.search(rf"\b{sample['labels']['language']}\b", shown), shown)
    expect("lanes of both", once(demo, "--url", f"127.0.0.1:{demo.port},localhost:{demo.port}").count("running") == 2)
    shown = once(demo, "--url", f"127.0.0.1:1,127.0.0.1:{demo.port}")
    expect("one of two", "1 of 2 processes" in shown and "no answer from http://127.0.0.1:1/status" in shown, shown)
    shown = once(demo, "--url", "127.0.0.1:1", code=3)
    expect("none", "0 of 1 processes" in shown, shown)
    expect("the whole reason", re.search(r"127\.0\.0\.1 port 1 .*connect\s+to\s+server$", shown.strip(), re.S | re.I), shown)
    shown = once(demo, "--brokers")
    expect("brokers", "articles.raw/1" in shown, shown)
    # Another kind of server is told apart.
    page = once(demo, "--url", f"http://127.0.0.1:{demo.port}/metrics", code=3)
    expect("wrong address", "no answer from" in page, page)
    config = demo.write("other.yaml", "http: {listen: \"127.0.0.1:0\"}\nkafka: {bootstrap.servers: \"127.0.0.1:1\"}\n")
    done = subprocess.run([PROGRAM, "top", "-c", config, "--once", "--url", f"127.0.0.1:{demo.port}", "--interval", "100ms"], capture_output=True, text=True,
                          timeout=60, check=False)
    expect("only the process", done.returncode == 0 and "running" in done.stdout, done.stdout + done.stderr)


def mistakes(demo):
    for arguments, word in ((("--interval", "soon"), "no time from"), (("--url", "a" * 300), "addresses at most"), (("--onse",), "did you mean '--once'"), ((), "--once prints one frame")):
        done = subprocess.run([PROGRAM, "top", "-c", demo.config, *arguments], capture_output=True, text=True, timeout=30, check=False, stdin=subprocess.DEVNULL)
        expect(arguments, done.returncode == 2 and word in done.stderr and not done.stdout, (done.returncode, done.stderr))


def main():
    with Demo() as demo:
        for part in (live, signals, for_scripts, mistakes):
            part(demo)
    for fault in FAULTS:
        print(fault)
    return 1 if FAULTS else 0


sys.exit(main())
