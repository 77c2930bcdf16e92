#!/usr/bin/env python3
"""A child that does what it should not, as the first word of the title says. Without the helper: the protocol itself is tested."""
import json
import os
import re
import signal
import subprocess
import sys
import time


def say(text):
    os.write(1, text.encode())


hello = json.loads(sys.stdin.readline())
how = hello["config"].get("how", "")
if how == "note":  # who was started, for whoever looks for it afterwards
    with open("started", "a", encoding="utf-8") as out:
        out.write(f"{os.getpid()}\n")
if how == "grandchild":
    with open("started", "a", encoding="utf-8") as out:
        out.write(f"{os.getpid()}\n{subprocess.Popen(['sleep', '600']).pid}\n")
if how == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open("started", "a", encoding="utf-8") as out:
        out.write(f"{os.getpid()}\n")
if how == "late":
    time.sleep(60)
if how == "gone":
    sys.exit("no model here")
if how == "refuses":
    say('{"error": "config: how: refuses is no way"}\n')
    sys.exit()
if how == "nonsense":
    say("ready\n")
say('{"ready": true}\n')
if how == "early":  # answers once it has the number, before it has read the rest
    say(json.dumps({"seq": int(re.search(rb'"seq":\s*(\d+)', os.read(0, 200)).group(1))}) + "\n")
    time.sleep(0.3)

for line in iter(sys.stdin.readline, ""):
    try:
        question = json.loads(line)
    except ValueError:
        say("this is no JSON\n")
        continue
    seq, article = question["seq"], question["article"]
    word = article["title"].split()[0]
    answer = {"seq": seq, "extra": {"child": article["body"][:20], "pid": os.getpid()}}
    if word == "Open":
        answer["extra"]["open"] = sorted(int(name) for name in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{name}"))
    if word == "Hang":
        time.sleep(60)
    if word == "Die":
        os._exit(7)
    if word == "Once" and not os.path.exists("once"):
        open("once", "w", encoding="utf-8").close()
        os._exit(8)
    if word == "Garbage":
        say("this is no JSON\n")
        continue
    if word == "Binary":
        os.write(1, b'{"seq":\xff\xfe}\n')
        continue
    if word == "Few":
        continue
    if word == "Many":
        say(json.dumps(answer) + "\n" + json.dumps({"seq": seq, "reject": "a second answer"}) + "\n")
        continue
    if word == "Other":
        answer["seq"] = seq + 1
    if word == "Unknown":
        answer["subject"] = []
    if word == "Nowhere":
        answer["subjects"] = [{"uri": "x:y", "evidence": [{"text": "not there"}]}]
    if word == "Offset":
        answer["subjects"] = [{"uri": "x:y", "confidence": 2.5e-1, "evidence": [{"field": "title", "text": "é", "offset": article["title"].index("é"), "weight": 1.5}]}]
    if word == "Chatty":
        sys.stderr.write("chatty \n" * 20000)
        sys.stderr.flush()
    if word == "Large":
        answer["extra"]["large"] = "x" * 3000000
    if word == "Endless":
        while True:
            os.write(1, b"x" * 65536)
    if word == "Routed":
        answer.update(language="fr", section="sport", source={"domain": "other.example", "name": "Other", "country": "FR", "type": "agency"})
    if word == "Error":
        answer = {"seq": seq, "error": "the model said no"}
    if word == "Reject":
        answer = {"seq": seq, "reject": "not wanted"}
    if word == "Drop":
        answer = {"seq": seq, "drop": "not wanted"}
    say(json.dumps(answer) + "\n")
if how == "deaf":
    time.sleep(60)
while how == "loud":  # what a loop around readline does that catches everything
    sys.stderr.write("loud\n" * 1000)
