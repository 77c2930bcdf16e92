#!/usr/bin/env python3
"""copydesk demo --once: every sample comes out of the embedded broker, enriched.

    tests/cli/demo.py PROGRAM"""
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402

samples = os.listdir(os.path.join(checks.ROOT, "deploy", "demo"))
done = subprocess.run([sys.argv[1], "demo", "--once", "--rate", "50", "--port", "0", "--json"], stdout=subprocess.PIPE, check=True, timeout=100)
lines = done.stdout.decode().splitlines()
assert len(lines) == len(samples), (len(lines), len(samples))
for line in lines:
    assert not checks.faults(line), checks.faults(line)
    assert json.loads(line)["provenance"]["topic"] == "articles.raw"
print(f"{len(lines)} records")
