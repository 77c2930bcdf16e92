#!/usr/bin/env python3
"""docs/tutorial.md, every command of it, in one shell with `set -e`, in a fresh folder beside the tree and on a real Kafka.

    tests/docs/tutorial.py"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# A command that a person would notice to fail must fail here: the block's echo tells how far it came.
WANTED = ['Subjects', '"uri":"medtop:', '"uri":"desk:tidal-power"', "0 mistakes, 0 warnings", '"id":"t-2"', "copydesk.error.code=wrong-type", "the ledger is closed"]


def blocks():
    with open(os.path.join(ROOT, "docs", "tutorial.md"), encoding="utf-8") as source:
        return re.findall(r"^```sh\n(.*?)^```", source.read(), re.S | re.M)


def main():
    found = blocks()
    with tempfile.TemporaryDirectory(prefix="copydesk-tutorial-") as folder:
        script = "set -eo pipefail\n" + "\n".join(f"echo '== block {i + 1}'\n{block}" for i, block in enumerate(found)) + "\necho '== the end'\n"
        script = 'trap \'[ -z "${RUN:-}" ] || kill -9 "$RUN" 2> /dev/null || true\' EXIT\n' + script
        env = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_") or k.startswith("COPYDESK_TEST_")}
        env["NEWSROOM"] = folder
        subprocess.run([os.path.join(ROOT, "tests", "kafka", "cluster"), "stop"], check=False, timeout=120)
        try:
            done = subprocess.run(["bash", "-c", script], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900, env=env)
        finally:
            subprocess.run([os.path.join(ROOT, "tests", "kafka", "cluster"), "stop"], check=False, timeout=120)
        log = os.path.join(folder, "log")
        tail = open(log, encoding="utf-8").read()[-3000:] if os.path.exists(log) else ""
    missing = [w for w in WANTED if w not in done.stdout]
    if done.returncode or "== the end" not in done.stdout or missing:
        print(done.stdout[-6000:], done.stderr[-3000:], tail, f"exit {done.returncode}, missing {missing}", sep="\n")
        return 1
    print(f"{len(found)} blocks, 0 faults")
    return 0


sys.exit(main())
