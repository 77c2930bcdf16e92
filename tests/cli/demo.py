#!/usr/bin/env python3
"""copydesk demo: every sample comes out of the embedded broker, enriched; the address it names is the one where the monitor page is; people can read what it prints.

    tests/cli/demo.py PROGRAM"""
import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

PROGRAM = sys.argv[1]


def records():
    samples = os.listdir(os.path.join(checks.ROOT, "deploy", "demo"))
    done = subprocess.run([PROGRAM, "demo", "--once", "--rate", "50", "--port", "0", "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=True, timeout=100)
    lines = done.stdout.decode().splitlines()
    assert len(lines) == len(samples), (len(lines), len(samples))
    for line in lines:
        assert not checks.faults(line), checks.faults(line)
        assert json.loads(line)["provenance"]["topic"] == "articles.raw"
    assert re.search(r"broker \S+:\d+, monitor page http://127\.0\.0\.1:[1-9]\d*/", done.stderr.decode()), done.stderr
    print(f"{len(lines)} records")


def address(port):
    """The page is where the demo says, also when another program has the port."""
    child = subprocess.Popen([PROGRAM, "demo", "--port", str(port)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    url = None
    for line in child.stdout:
        if line.startswith("Monitor page: "):
            url = line.split()[-1]
            break
    assert url, "no address is printed"
    with urllib.request.urlopen(url + "metrics", timeout=20) as answer:
        assert b'group="copydesk-demo"' in answer.read()
    child.send_signal(signal.SIGINT)
    _, err = child.communicate(timeout=60)
    assert child.returncode == 0, (child.returncode, err)
    return url, err


def for_people():
    done = subprocess.run([PROGRAM, "demo", "--once", "--rate", "50", "--port", "0"], capture_output=True, text=True, check=True, timeout=100, env={**os.environ, "COLUMNS": "90"})
    articles = done.stdout.split("\n\n")[1:]
    for line in done.stdout.splitlines()[5:]:
        assert "\\" not in line, line  # neither \n nor \" of JSON
        assert len(line) <= 90 or "articles.enriched" in line, line
    page = next(a for a in articles if a.startswith("03-de-seite.html"))
    assert re.search(r"^  body {7}Bei der Landtagswahl .* \.\.\.$", page, re.M | re.S), page
    assert "  subjects   politics | government | election\n" in page, page
    assert re.search(r"\d+ articles published, \d+ enriched", done.stdout), done.stdout[-200:]


def mistakes():
    for arguments, words in ((["--port", "abc"], "'abc' is not a whole number from 0 to 65535"), (["--port"], "--port needs a value"),
                             (["--rate", "0"], "'0' is no number above 0"), (["--rate", "2x"], "'2x' is no number"), (["--prot", "1"], "did you mean '--port'")):
        done = subprocess.run([PROGRAM, "demo", *arguments], capture_output=True, text=True, check=False, timeout=20)
        assert (done.returncode, done.stdout) == (2, "") and words in done.stderr, (arguments, done.returncode, done.stderr)


records()
assert not address(0)[1]
with socket.socket() as taken:
    taken.bind(("127.0.0.1", 0))
    taken.listen()
    asked = taken.getsockname()[1]
    told, log = address(asked)
    assert told != f"http://127.0.0.1:{asked}/" and "is taken by another process" in log, (told, log)
for_people()
mistakes()
