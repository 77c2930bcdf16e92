#!/usr/bin/env python3
"""What a newcomer is promised of a French autoblog reprint: the residue goes, every other word stays, paragraph by paragraph, and the tags
say why. Run on the first sample of the demo.

    tests/golden/sample_shape.py PROGRAM"""
import json
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATH = os.path.join(ROOT, "deploy", "demo", "01-fr-autoblog.txt")

with open(PATH, encoding="utf-8") as source:
    lines = source.read().strip().split("\n")
done = subprocess.run([sys.argv[1], "filter", "--whole"], input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True)
record = json.loads(done.stdout)
assert record["body"] == "\n\n".join(lines[1:-2]), record["body"]
assert record["language"]["code"] == "fr"
assert record["reprint"] == {"is_reprint": True, "markers": ["[ad_1]", "[ad_2]", "Source link -17"]}, record["reprint"]
assert {"SN", "ML"} <= {p["country"] for p in record["places"]}
subjects = [s["uri"] for s in record["subjects"]]
assert "medtop:16000000" in subjects[:3], subjects
assert "medtop:15000000" not in subjects, subjects
assert all(s["evidence"] for s in record["subjects"])
assert [a["name"] for a in record["attributions"]] == ["Agence France-Presse"]
assert sum(r["count"] for r in record["cleaning"]["removed"]) == 3
print("as promised")
