#!/usr/bin/env python3
"""docs/plugins.md, every command of it, in one shell with `set -e`, in an empty folder with nothing of the tree but an installed copydesk: a stage can be written from
that page alone.

    tests/docs/plugins.py BUILD"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def blocks():
    with open(os.path.join(ROOT, "docs", "plugins.md"), encoding="utf-8") as source:
        return re.findall(r"^```sh\n(.*?)^```", source.read(), re.S | re.M)


def find(prefix, name):
    return next(folder for folder, _, files in os.walk(prefix) if name in files)


def main():
    found = blocks()
    if len(found) < 6:
        print(f"only {len(found)} blocks were found")
        return 1
    with tempfile.TemporaryDirectory(prefix="copydesk-plugins-") as work:
        prefix, folder = os.path.join(work, "prefix"), os.path.join(work, "empty")
        os.mkdir(folder)
        subprocess.run(["cmake", "--install", sys.argv[1], "--prefix", prefix], check=True, stdout=subprocess.DEVNULL)
        # `!` does not end a shell under set -e when the command succeeds: the page's one is checked here.
        script = "set -eo pipefail\n" + "\n".join(f"echo '== block {i + 1}'\n{block}" for i, block in enumerate(found)) + "\necho '== the end'\n"
        script = re.sub(r"^! (.*)$", r"if \1; then exit 9; fi", script, flags=re.M)
        env = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_")}
        env.update(PATH=os.path.join(prefix, "bin") + ":" + env["PATH"], PKG_CONFIG_PATH=find(prefix, "copydesk.pc"), CMAKE_PREFIX_PATH=prefix)
        done = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False, timeout=300, env=env)
    if done.returncode or "== the end" not in done.stdout:
        print(done.stdout[-4000:], done.stderr[-3000:], f"exit {done.returncode}", sep="\n")
        return 1
    print(f"{len(found)} blocks, 0 faults")
    return 0


sys.exit(main())
