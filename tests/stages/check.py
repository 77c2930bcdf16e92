#!/usr/bin/env python3
"""Stages that are loaded, as a person meets them: what may come along as a shared object or as a child process, what it may do to an article, how its mistakes are
told, and that nothing of it is left behind.

    tests/stages/check.py PROGRAM"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "support"))
import record as checks  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
WORK = tempfile.TemporaryDirectory(prefix="copydesk-stages-")
FOLDER = WORK.name
FAULTS = []
BODY = "The ferry to Larsund stays in service until May, the council said on Friday."


def expect(name, good, shown=""):
    if not good:
        FAULTS.append(f"{name}: {str(shown)[:1500]}")


def write(name, text):
    path = os.path.join(FOLDER, name)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def build(variant):
    path = os.path.join(FOLDER, f"{variant.lower()}.so")
    subprocess.run(["cc", "-std=c11", "-O1", "-fPIC", "-shared", "-fvisibility=hidden", f"-D{variant}", "-I", os.path.join(ROOT, "include"), "-o", path,
                    os.path.join(HERE, "fixture.c")], check=True)


def run(verb, *arguments, text="", timeout=60, close_fds=True):
    env = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_")}
    done = subprocess.run([PROGRAM, verb, *arguments], input=text, capture_output=True, text=True, check=False, timeout=timeout, env=env, close_fds=close_fds)
    return done.returncode, done.stdout, done.stderr


def articles(*titles):
    return "".join(json.dumps({"title": t, "text": BODY, "url": f"https://outlet.example/{i}"}, ensure_ascii=False) + "\n" for i, t in enumerate(titles))


def filtered(config, *titles, close_fds=True):
    """Each title's outcome: the record, or what is said of its rejection."""
    code, out, error = run("filter", "-c", config, text=articles(*titles), close_fds=close_fds)
    lines = [json.loads(line) for line in out.splitlines()]
    expect(f"{titles}: one line each", len(lines) == len(titles), (code, out[-500:], error[-1500:]))
    for line in out.splitlines():
        if not line.startswith('{"rejected"') and not line.startswith('{"skipped"'):
            expect(f"{titles}: a record as all are", not checks.faults(line), checks.faults(line))
    return [line.get("rejected") or line.get("skipped") or line for line in lines] + [{}] * (len(titles) - len(lines)), error


def subjects(row):
    return {s["uri"]: s for s in row.get("subjects", [])}


# --- shared objects ------------------------------------------------------------------------------

REFUSED = [("OTHER_ABI", "has version 2 of the interface, this copydesk has 1: use a newer copydesk"), ("NEXT_VERSION", "needs version 2 of the interface, this copydesk has 1"),
           ("NO_SYMBOL", "does not define desk_stage_v1"), ("UNKNOWN_FUNCTION", "the stage was built for a newer copydesk"), ("NO_PROCESS", "no function process"),
           ("BAD_NAME", "'Bad Name' cannot be a stage's name")]


def loading():
    for variant in ("GOOD", "SMALLER", "LARGER"):
        build(variant)
        rows, _ = filtered(write("loaded.yaml", f"stages: [{{load: {variant.lower()}.so, after: subject}}]\n"), "Unrest")
        expect(f"{variant}: works", subjects(rows[0]).get("medtop:20000065", {}).get("creator") == "stage:fixture", rows[0])
    for variant, _ in REFUSED:
        build(variant)
    write("text.so", "no shared object\n" * 100)
    rows = [*REFUSED, ("absent", "No such file"), ("text", "invalid ELF header")]
    config = write("refused.yaml", "stages:\n" + "".join(f"  - {{load: {variant.lower()}.so}}\n" for variant, _ in rows))
    code, out, _ = run("check", "-c", config)
    for i, (variant, text) in enumerate(rows):
        expect(f"{variant}: refused", code == 1 and any(line.startswith(f"{config}:{i + 2}:12: stages: ") and text in line for line in out.splitlines()), out)
    code, _, error = run("filter", "-c", config)
    expect("filter, too", code == 2 and REFUSED[0][1] in error, (code, error))


def configuration():
    config = write("mistakes.yaml", """stages:
  - {load: good.so, command: [a], after: subjcet, config: 3}
  - {after: encode}
  - {load: good.so, nmae: a, timeout: soon}
  - {load: good.so, name: Subject, timeout: 5m, start_timeout: 1s}
  - {command: python3, name: subject}
  - {load: good.so, timeout: soon}
""")
    code, out, _ = run("check", "-c", config)
    places = [("2:6", "{load: ./my-stage.so} or {command: [python3, my_stage.py]}"), ("2:42", "did you mean 'subject'?"), ("2:59", "keys are wanted here"),
              ("3:6", "{load: ./my-stage.so} or"), ("3:13", "'encode' is no stage that another one can follow"), ("4:21", "did you mean 'name'?"),
              ("5:27", "'Subject' is none"), ("5:45", "5m is out of range"), ("5:64", "start_timeout is for a command"), ("6:15", "wanted as a list"),
              ("6:30", "subject is the name of a built-in stage"), ("7:30", "'soon' is not a duration")]
    for place, text in places:
        expect(f"{place}: {text}", any(line.startswith(f"{config}:{place}") and text in line for line in out.splitlines()), out)
    expect("all mistakes, exit 1", code == 1 and f"{len(places)} mistakes" in out, out)
    config = write("own.yaml", """stages:
  - load: good.so
    name: first
    config: {wrods: [a]}
  - load: good.so
    name: second
    config: {words: [a, 3], limits: {most: 1}}
  - load: good.so
    name: third
    config:
      limits: {most: 0}
  - {load: good.so, name: fourth}
  - {load: good.so, name: fourth}
""")
    _, out, _ = run("check", "-c", config)
    for place, text in [("4:22", "config: wrods: the stage has no such key; did you mean 'words'?"), ("7:22", "config: words: a text or a list of texts is wanted here"),
                        ("11:22", "config: limits.most: more than 0 is wanted"), ("13:12", "another stage is called fourth, too")]:
        expect(f"{place}: {text}", any(line.startswith(f"{config}:{place}: ") and text in line for line in out.splitlines()), out)
    write("secret", "hush-hush\n")
    code, out, _ = run("check", "--print", "-c", write("print.yaml", f"stages: [{{load: good.so, timeout: 2s, config: {{words: '${{file:{FOLDER}/secret}}'}}}}]\n"))
    expect("--print", code == 0 and "- load: " in out and "timeout: 2000ms" in out and "after: fingerprint" in out and "hush" not in out, out)
    slow = "stages: [{load: good.so, timeout: 90s}]\n"
    code, out, _ = run("check", "-c", write("slow.yaml", slow))
    expect("longer than a transaction", code == 0 and ":1:17: warning: stages: one article may take 90000 ms" in out and "transaction.timeout.ms: 150000" in out, out)
    expect("longer, but there are none", "may take" not in run("check", "-c", write("slow.yaml", slow + "delivery: at-least-once\n"))[1])
    expect("as long as it may be", "may take" not in run("check", "-c", write("slow.yaml", slow + "kafka: {producer: {transaction.timeout.ms: 150000}}\n"))[1])
    code, out, _ = run("check", "-c", write("routes.yaml", "stages: [{load: good.so}]\nroutes: [{when: {subject: alert:flood}, topic: a}, {when: {subject: medtop:99999999}, topic: b}]\n"))
    expect("a route by a stage's subject is no mistake", "alert:flood" not in out and "medtop:99999999" in out, out)


def articles_of_loaded():
    config = write("loaded.yaml", "stages: [{load: good.so, after: subject}]\n")
    rows, error = filtered(config, "Unrest", "Reject", "Drop", "Broken", "French", "Wrong", "Extra", "Unrest again")
    found = subjects(rows[0])
    evidence = {"rule": "medtop:20000065", "text": "Unrest", "field": "title", "offset": 0, "weight": 1}
    expect("a subject with evidence, beside the lexicon's", found.get("medtop:20000065", {}).get("evidence", [])[1:] == [evidence], found)
    expect("its broader topic", found.get("medtop:16000000", {}).get("confidence", 0) >= 0.5, found)
    expect("a rejection has code, reason and stage", [rows[1].get(k) for k in ("code", "reason", "stage")] == ["rejected-by-stage", "not wanted", "fixture"], rows[1])
    expect("a drop, too", rows[2].get("reason") == "not wanted at all" and rows[2].get("stage") == "fixture", rows[2])
    expect("a failure", [rows[3].get(k) for k in ("code", "reason", "stage")] == ["stage-failed", "the model said no", "fixture"], rows[3])
    expect("a language", rows[4].get("language") == {"code": "fr", "confidence": 1}, rows[4])
    expect("what cannot be taken is told", rows[5].get("code") == "stage-failed" and "the value of fixture is no JSON" in rows[5]["reason"], rows[5])
    expect("extra", rows[6].get("extra") == {"fixture": {"a": [1, 2]}}, rows[6])
    expect("it goes on", "medtop:20000065" in subjects(rows[7]), (rows[7], error))
    for after in ("decode", "source", "fingerprint"):
        rows, _ = filtered(write("after.yaml", f"stages: [{{load: good.so, after: {after}}}]\n"), "Unrest in the streets of Larsund after the war, soldiers shot at protesters")
        expect(f"after {after}: one subject a uri", len(rows[0]["subjects"]) == len(subjects(rows[0])) and "medtop:20000065" in subjects(rows[0]), rows[0]["subjects"])
        for s in rows[0]["subjects"]:
            expect(f"after {after}: evidence of its own", s["creator"] != "lexicon" or all(e["rule"] != "medtop:20000065" or s["uri"] in ("medtop:20000065", "medtop:16000000") for e in s.get("evidence", [])), s)
    rows, _ = filtered(write("slow.yaml", "stages: [{load: good.so, timeout: 20ms}]\n"), "Sleep", "Unrest")
    expect("too slow", rows[0].get("code") == "stage-timeout" and "its timeout is 20 ms" in rows[0]["reason"] and "subjects" in rows[1], rows)
    code, out, error = run("filter", "-c", config, text=articles("Memory", "Unrest"))
    expect("the machine's fault ends the filter", code == 3 and not out and "has no memory" in error, (code, out, error))
    twice = [run("filter", "-c", config, text=articles("Unrest", "Extra"))[1] for _ in range(2)]
    expect("same input, same bytes", twice[0] == twice[1] and twice[0])
    code, out, _ = run("explain", "-c", config, write("one.json", articles("Unrest")))
    expect("explain shows it", code == 0 and "stage:fixture" in out, out[-1500:])
    code, _, error = run("explain", "-c", config, write("one.json", articles("Drop")))
    expect("explain says who dropped it", code == 1 and "dropped by the fixture stage: not wanted at all" in error, error)
    code, out, _ = run("bench", "-c", config, "--rounds", "5", "--json", write("one.json", articles("Unrest")))
    figures = json.loads(out)
    expect("bench has its time, and nothing from the heap", figures["stages_ns"].get("fixture", 0) > 0 and figures["chunk_allocations"] == 0, out)


def crashes():
    for form, wanted in (("logfmt", 'msg="a stage crashed, and the process with it" stage="fixture" signal=11 '), ("json", '"stage":"fixture","signal":11,')):
        config = write("crash.yaml", f"stages: [{{load: good.so}}]\nlog: {{format: {form}}}\n")
        for title in ("Crash", "Overflow"):
            code, out, error = run("filter", "-c", config, text=articles("Unrest", title))
            lines = [line for line in error.splitlines() if "a stage crashed" in line]
            expect(f"{title}, {form}: the article is named", code == -signal.SIGSEGV and lines and wanted in lines[0] and "https://outlet.example/1" in lines[0], (code, error[-1500:]))
            if form == "json" and lines:
                expect("a line of JSON", json.loads(lines[0])["url"] == "https://outlet.example/1", lines[0])


# --- children ------------------------------------------------------------------------------------

def child_config(how="", more=""):
    return write("child.yaml", f"stages: [{{command: [python3, {HERE}/child.py], {more} config: {{how: '{how}'}}}}]\n")


def said(error):
    return [line for line in error.splitlines() if "started again" in line]


def misbehaving():
    ask = "timeout: 700ms,"
    good, error = filtered(child_config(more=ask), "Good", "Better")
    expect("a good child", [r.get("extra", {}).get("child") for r in good] == [BODY[:20]] * 2 and good[0]["extra"]["pid"] == good[1]["extra"]["pid"], (good, error))
    table = [("Hang", "stage-timeout", "did not answer within 700 ms", 1), ("Die", "stage-failed", "ended 2 times while it worked on the article (exit status 7)", 2),
             ("Garbage", "stage-failed", "the answer of the child: ", 1), ("Binary", "stage-failed", "no UTF-8", 1), ("Few", "stage-timeout", "did not answer", 1),
             ("Other", "stage-failed", "its seq is not that of the question", 1), ("Unknown", "stage-failed", "there is no member 'subject'; did you mean 'subjects'?", 0),
             ("Nowhere", "stage-failed", "does not stand in its field: not there", 0), ("Error", "stage-failed", "it failed: the model said no", 0),
             ("Reject", "rejected-by-stage", "not wanted", 0), ("Endless", "stage-", "the child", 1)]
    rows, error = filtered(child_config(more=ask), *[title for row in table for title in (row[0], "Good")])
    for i, (title, code, reason, _) in enumerate(table):
        row, after = rows[2 * i], rows[2 * i + 1]
        expect(f"{title}: its own outcome", row.get("code", "").startswith(code) and reason in row.get("reason", "") and row.get("stage") == "child", (row, error))
        expect(f"{title}: its neighbour is well", after.get("extra", {}).get("child") == BODY[:20], (after, error))
    restarts = sum(row[3] for row in table)
    expect(f"{restarts} restarts", len(said(error)) == restarts, error)
    rows, error = filtered(child_config(more=ask), "Many", "After", "Good")
    expect("too many lines: each article has its own answer", [r.get("extra", {}).get("child") for r in rows] == [BODY[:20]] * 3, (rows, error))
    expect("too many lines: told, and started again", len(said(error)) == 1 and "said more than it was asked for" in said(error)[0], error)
    rows, error = filtered(child_config(more=ask), "Once", "Good")
    expect("a child that dies once is asked again", all("extra" in r for r in rows) and len(said(error)) == 1, (rows, error))
    with open(os.path.join(FOLDER, "secret"), "rb") as file:  # which the program inherits, and its child does not
        os.set_inheritable(file.fileno(), True)
        rows, _ = filtered(child_config(), "Open", close_fds=False)
    expect("a child has three pipes and nothing else", rows[0].get("extra", {}).get("open") == [0, 1, 2], rows[0].get("extra"))
    early = write("early.yaml", f"stages: [{{command: [python3, {HERE}/child.py], timeout: 20s, config: {{how: early}}}}]\n")
    rows, error = filtered(early, "Large " + "x" * 400000)
    expect("an answer before the question is read", "rejected" not in rows[0] and "code" not in rows[0], str(rows[0])[:200])
    rows, error = filtered(early, "Large " + "x" * 400000, "Good")
    expect("and the next article is not the one that pays", rows[1].get("code") is None and len(said(error)) == 1, (str(rows[1])[:300], error[-600:]))
    rows, error = filtered(child_config(more="timeout: 20s,"), "Chatty", "Large é", "Offset café", "Routed", "Drop")
    expect("standard error goes to the log", "stage child: chatty" in error and "extra" in rows[0], error[:300])
    expect("a large answer", len(rows[1].get("extra", {}).get("large", "")) == 3000000)
    expect("places are code points", subjects(rows[2]).get("x:y") == {"uri": "x:y", "name": "x:y", "confidence": 0.25, "creator": "stage:child", "evidence": [
        {"rule": "x:y", "text": "é", "field": "title", "offset": 10, "weight": 1.5}]}, rows[2].get("subjects"))
    expect("what routes go by", (rows[3].get("language", {}).get("code"), rows[3].get("section"), rows[3].get("source")) == (
        "fr", "sport", {"domain": "other.example", "name": "Other", "country": "FR", "type": "agency"}), rows[3])
    expect("dropped", rows[4].get("reason") == "not wanted" and rows[4].get("stage") == "child", rows[4])


def starting():
    config = child_config("late", "start_timeout: 300ms,")
    for how, more, text in (("late", "start_timeout: 300ms,", "is not ready after 300 ms"), ("gone", "", "ended before it was ready (exit status 1)"),
                            ("refuses", "", "config: how: refuses is no way"), ("nonsense", "", 'has to be {"ready": true}')):
        config = child_config(how, more)
        code, out, error = run("check", "-c", config)
        expect(f"{how}: check", code == 1 and text in out and re.search(rf"{config}:1:\d+: stages: ", out), (out, error))
        code, _, error = run("filter", "-c", config)
        expect(f"{how}: filter", code == 2 and text in error, (code, error))
    expect("what it wrote to standard error", "no model here" in run("check", "-c", child_config("gone"))[2])
    code, out, _ = run("check", "-c", write("none.yaml", "stages: [{command: [./not-there, a]}]\n"))
    expect("no such program", code == 1 and "./not-there cannot be started" in out and "No such file or directory" in out, out)
    code, out, _ = run("check", "-c", child_config("refuses"))
    place = re.search(r":1:(\d+): ", out)
    with open(os.path.join(FOLDER, "child.yaml"), encoding="utf-8") as config:
        expect("the place is the key's", place and config.read()[int(place.group(1)) - 2:].startswith("'refuses'"), out)


# --- ends ----------------------------------------------------------------------------------------

def is_there(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "X"
    except FileNotFoundError:
        return False


def started():
    path = os.path.join(FOLDER, "started")
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as lines:
        pids = [int(line) for line in lines]
    os.remove(path)
    return pids


def until_gone(pids, seconds=10):
    end = time.monotonic() + seconds
    while any(map(is_there, pids)) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(map(is_there, pids))


def nothing_left():
    """Children end with the program, however that ends, and so does what they started."""
    filtered(child_config("loud"), "Good")  # ends at all, though its standard error never does
    done = subprocess.run([PROGRAM, "filter", "-c", child_config("note")], input=articles("Die", "Good").encode(), capture_output=True, check=False, timeout=60,
                          preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    expect("a host that ignores SIGCHLD", done.returncode == 1 and len(done.stdout.splitlines()) == 2, done)
    started()
    for how in ("note", "grandchild", "deaf"):
        filtered(child_config(how), "Good", "Better")
        pids = started()
        expect(f"{how}: no child and no zombie is left after the end of input", pids and not is_there(pids[0]), pids)
        expect(f"{how}: nor what it has started", until_gone(pids), pids)
    for number in (signal.SIGTERM, signal.SIGKILL):
        program = subprocess.Popen([PROGRAM, "filter", "-c", child_config("note")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        program.stdin.write(articles("Good").encode())
        program.stdin.flush()
        end = time.monotonic() + 30
        while not os.path.exists(os.path.join(FOLDER, "started")) and time.monotonic() < end:
            time.sleep(0.05)
        program.send_signal(number)
        program.communicate(timeout=30)
        pids = started()
        expect(f"{number.name}: nothing is left", pids and until_gone(pids), pids)


def examples():
    """The example in Python, from where it lies; and the header in C++, as the stage of somebody who writes that."""
    config = write("mood.yaml", f"stages: [{{command: [python3, {ROOT}/examples/stage-python/mood.py], after: language, config: {{words: {{en: [shock, horror]}}}}}}]\n")
    rows, error = filtered(config, "Shock and horror at Larsund", "A quiet day at Larsund")
    expect("mood", rows[0].get("extra") == {"mood": ["shock", "horror"]} and subjects(rows[0]).get("mood:alarm", {}).get("confidence") == 1, (rows[0], error))
    expect("no mood", "extra" not in rows[1] and "mood:alarm" not in subjects(rows[1]), rows[1])
    source = write("plus.cc", """#include <copydesk/stage.h>
static const desk_stage_description *describe() { static const desk_stage_description is = {sizeof is, "plus", "1", nullptr, nullptr}; return &is; }
static desk_status process(void *, desk_article *article, desk_error *) { return desk_article_set_extra_text(article, "plus", desk_article_text(article, DESK_FIELD_TITLE)); }
const desk_stage desk_stage_v1 = {DESK_STAGE_ABI, sizeof(desk_stage), describe, nullptr, process, nullptr};
""")
    subprocess.run(["c++", "-std=c++11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fPIC", "-shared", "-I", os.path.join(ROOT, "include"), "-o", os.path.join(FOLDER, "plus.so"), source], check=True)
    rows, _ = filtered(write("plus.yaml", "stages: [{load: plus.so}]\n"), "Unrest")
    expect("a stage in C++", rows[0].get("extra") == {"plus": "Unrest"}, rows[0])


def main():
    os.chdir(FOLDER)
    examples()
    loading()
    configuration()
    articles_of_loaded()
    crashes()
    misbehaving()
    starting()
    nothing_left()
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    WORK.cleanup()
    return 1 if FAULTS else 0


sys.exit(main())
