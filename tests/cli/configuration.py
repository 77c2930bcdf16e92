#!/usr/bin/env python3
"""The configuration as a person meets it: init, check with all mistakes at once, --print with origins, --schema, includes, variables, routes.

    tests/cli/configuration.py PROGRAM"""
import json
import os
import re
import subprocess
import sys
import tempfile

import jsonschema
import yaml

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []


def run(*arguments, env=None, cwd=None):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("COPYDESK_")}
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=False, timeout=120, env={**clean, **(env or {})}, cwd=cwd)
    return done.returncode, done.stdout, done.stderr


def expect(name, condition, shown=""):
    if not condition:
        FAULTS.append(f"{name}: {str(shown)[:800]}")


def write(folder, name, text):
    path = os.path.join(folder, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


MISTAKES = """outptu: {topic: a}
lanes: many
input: {topics: ["^articles.*", "a b"]}
delivery: twice
commit: 5
kafka: {fetch.min.byte: 3, transactional.id: x, bootstrap.servers: "${NOT_SET_HERE}"}
http: {user: me}
routes:
  - {when: {subjcet: a}, topic: b}
  - {when: {rejected: binary-inptu}, topic: x}
"""
PLACES = [("1:1", "did you mean 'output'?"), ("2:8", "whole number"), ("3:19", "articles.enriched is both read and written"), ("3:19", "'a b' is no topic"),
          ("4:11", "exactly-once, at-least-once"), ("5:9", "commit"), ("6:25", "'fetch.min.byte' is no property of librdkafka"),
          ("6:25", "did you mean 'fetch.min.bytes'?"), ("6:46", "owned by copydesk"), ("6:", "NOT_SET_HERE"), ("7:14", "http.user and http.password"),
          ("9:13", "did you mean 'subject'?"), ("10:", "did you mean 'binary-input'?")]


def all_at_once(folder):
    path = write(folder, "mistakes.yaml", MISTAKES)
    status, out, _ = run("check", "-c", path)
    expect("mistakes: exit code", status == 1, status)
    lines = [l for l in out.splitlines() if l.startswith(path)]
    for place, words in PLACES:
        expect(f"mistake at {place} with {words!r}", any(l.startswith(f"{path}:{place}") and words in l for l in lines), out)
    numbers = [tuple(map(int, l[len(path) + 1:].split(":")[:2])) for l in lines]
    expect("in the order of the file", numbers == sorted(numbers), numbers)
    expect("the rulebook is checked all the same", "rulebook " in out and "cases" in out, out)
    path = write(folder, "sides.yaml", "kafka: {producer: {fetch.min.bytes: 1}, linger.ms: fast, sasl.password: x}\n")
    _, out, _ = run("check", "-c", path)
    expect("a property of the other side", "fetch.min.bytes is of the consumer" in out, out)
    expect("a property's value", f"{path}:1:52: kafka: linger.ms: " in out, out)
    path = write(folder, "tokens.yaml", "kafka: {sasl.mechanism: OAUTHBEARER, sasl.oauthbearer.method: oidc}\n")
    _, out, _ = run("check", "-c", path)
    expect("what this librdkafka lacks", "sasl.oauthbearer.method" not in out or f"{path}:1:63: kafka: sasl.oauthbearer.method: this librdkafka is built without" in out, out)


def starter(folder):
    path = os.path.join(folder, "start.yaml")
    status, _, err = run("init", path)
    expect("init", status == 0 and "check -c" in err, err)
    with open(path, encoding="utf-8") as source:
        text = source.read()
    status, out, err = run("init", path)
    expect("init leaves what is there", status == 2 and "left as it is" in err, err)
    status, out, _ = run("check", "-c", path)
    expect("the starter is well", status == 0 and "0 mistakes, 0 warnings" in out, out)
    # Every comment with a value taken away: the same configuration, said aloud.
    loud = re.sub(r"^( *)# ( *[a-z_]+:(?: +[^#\s].*)?)$", r"\1\2", text, flags=re.M)
    loud = re.sub(r"^#   - ", "  - ", loud, flags=re.M)
    loud = re.sub(r"^  +(certificate|key|user|password|token|rulebook|topic|topics): +#.*\n", "", loud, flags=re.M)
    path = write(folder, "loud.yaml", loud)
    status, out, _ = run("check", "-c", path)
    expect("the starter with all keys is well", status == 0 and "0 mistakes" in out, out)
    return yaml.safe_load(text), loud


def keys_of(schema):
    keys = set()
    for name, value in schema["properties"].items():
        inner = value.get("properties")
        keys |= {f"{name}.{k}" for k in inner} if inner and name != "kafka" else {name}
    return keys


def table_keys():
    """The keys of the code's own table."""
    with open(os.path.join(ROOT, "src", "config", "schema.c"), encoding="utf-8") as source:
        return set(re.findall(r'^    \{"([a-z_.]+)", TYPE_', source.read(), re.M))


def schema(started, loud):
    status, out, _ = run("check", "--schema")
    with open(os.path.join(ROOT, "docs", "config.schema.json"), encoding="utf-8") as source:
        expect("docs/config.schema.json is what copydesk check --schema prints", source.read() == out, "run: copydesk check --schema > docs/config.schema.json")
    parsed = json.loads(out)
    jsonschema.Draft202012Validator.check_schema(parsed)
    judge = jsonschema.Draft202012Validator(parsed)
    wanted = table_keys() | {"include", "kafka", "routes", "stages", "input.fields"}
    expect("schema: every key and no other", status == 0 and keys_of(parsed) == wanted, keys_of(parsed) ^ wanted)
    expect("schema: takes the starter", judge.is_valid(started), list(judge.iter_errors(started)))
    loud = yaml.safe_load(loud)
    expect("schema: takes every default", judge.is_valid(loud), [e.message for e in judge.iter_errors(loud)])
    for bad in ({"outptu": {}}, {"lanes": "many"}, {"commit": {"interval": "soon"}}, {"delivery": "twice"}, {"routes": [{"topic": "a"}]}, {"stages": [{"after": "subject"}]}, {"stages": [{"load": "a.so", "after": "encode"}]}, {"input": {"fields": {"txt": "a"}}}):
        expect(f"schema: refuses {bad}", not judge.is_valid(bad))
    for good in ({"lanes": "${LANES}"}, {"commit": {"bytes": "64MiB"}}, {"kafka": {"linger.ms": 5, "consumer": {"check.crcs": True}}}, {"stages": [{"command": ["python3", "a.py"], "timeout": "2s", "config": {"a": [1]}}]}):
        expect(f"schema: takes {good}", judge.is_valid(good), [e.message for e in judge.iter_errors(good)])


def documented():
    """docs/configuration.md has every key with its default."""
    with open(os.path.join(ROOT, "docs", "configuration.md"), encoding="utf-8") as source:
        text = source.read().split("| key | default |")[1].split("\n\n")[0]
    rows = re.findall(r"^\| ((?:`[^`]+`(?:, )?)+) \|([^|]*)\|", text, re.M)
    defaults = {key: cell.strip().strip("`") for keys, cell in rows for key in re.findall(r"`([^`]+)`", keys)}
    parsed = json.loads(run("check", "--schema")[1])
    for key in sorted(table_keys()):
        node = parsed
        for part in key.split("."):
            node = node["properties"][part]
        expect(f"docs/configuration.md: {key}", defaults.get(key) == node.get("default", ""), (defaults.get(key), node.get("default")))
    extra = set(defaults) - table_keys() - {"include", "kafka", "kafka.consumer", "kafka.producer", "routes", "stages", "input.fields", "create_topics"}
    expect("docs/configuration.md: no key that is not there", not extra, extra)


def effective(folder):
    secret = write(folder, "secret", "hush-hush\n")
    write(folder, "conf.d/10-lanes.yaml", "lanes: 4\ncommit: {bytes: 64MiB}\n")
    write(folder, "conf.d/20-lanes.yaml", "lanes: 8\n")
    path = write(folder, "main.yaml", f"""include: [conf.d/*.yaml]
lanes: 2
kafka: {{bootstrap.servers: "${{BROKERS}}", sasl.password: "${{file:{secret}}}", sasl.username: "${{file:{secret}}}"}}
input: {{topics: [a, "^b\\\\..*"], fields: {{text: [story, 'the "body"'], url: link}}}}
routes:
  - {{when: {{subject: [medtop:15000000], language: fr}}, topic: sport.fr}}
  - {{when: {{rejected: any, input: a}}, topic: a.rejected}}
""")
    env = {"BROKERS": "broker-1:9092", "COPYDESK_COMMIT_INTERVAL": "2s", "COPYDESK_KAFKA_FETCH_MIN_BYTES": "7"}
    status, out, err = run("check", "-c", path, "--print", env=env)
    expect("print", status == 0 and not err, err)
    for line in (r"lanes: 8 +# .*conf.d/20-lanes.yaml:1:8", r"  bytes: 64MiB +# .*conf.d/10-lanes.yaml:2:17", r"  interval: 2s +# COPYDESK_COMMIT_INTERVAL",
                 r"  bootstrap.servers: broker-1:9092 +# .*main.yaml:3:29", r'  sasl.password: "\(hidden\)"', r'  sasl.username: "\(hidden\)"',
                 r"  fetch.min.bytes: 7 +# COPYDESK_KAFKA_FETCH_MIN_BYTES", r"  format: auto +# default", r"    topic: sport.fr +# .*main.yaml:6:"):
        expect(f"print: {line}", re.search("^" + line, out, re.M), out)
    expect("print: no secret", "hush" not in out)
    printed = write(folder, "printed.yaml", out.replace('"(hidden)"', "x"))
    status, again, err = run("check", "-c", printed, "--print")
    bare = [re.sub(r" +# .*", "", t.replace('"(hidden)"', "x")) for t in (out, again)]
    expect("print: can be read again and says the same", status == 0 and bare[0] == bare[1], err + again)
    status, out, _ = run("check", "-c", path)
    expect("undefined variable", status == 1 and "main.yaml:3:" in out and "BROKERS is not set" in out, out)
    _, out, _ = run("check", env={"COPYDESK_LANE": "3"})
    expect("a variable that is nearly a key", "did you mean COPYDESK_LANES?" in out, out)


def includes(folder):
    for text, words in (("include: missing.yaml\n", "there is no file"), ("include: [nothing.d/*.yaml]\n", ""), ("include: inner/one.yaml\n", "only the main file")):
        write(folder, "inner/one.yaml", "include: two.yaml\n")
        path = write(folder, "including.yaml", text)
        status, out, _ = run("check", "-c", path)
        expect(f"{text!r}", status == (1 if words else 0) and words in out, out)
    write(folder, "inner/bad.yaml", "lanes: [\n")
    path = write(folder, "including.yaml", "include: inner/bad.yaml\nlanes: none\n")
    _, out, _ = run("check", "-c", path)
    expect("mistakes of both files", "inner/bad.yaml:" in out and "including.yaml:2:8" in out, out)
    path = write(folder, "empty.yaml", "# nothing yet\n\n")
    status, out, _ = run("check", "-c", path)
    expect("an empty file is all defaults", status == 0, out)


ROUTES = [
    ("- {when: {language: fr}, topic: fr}\n- {when: {language: fr, source: a.example}, topic: x}", "never reached"),
    ("- {when: {language: fr, source: a.example}, topic: x}\n- {when: {language: fr}, topic: fr}", ""),
    ("- {when: {subject: medtop:99999999}, topic: x}", "has no subject medtop:99999999"),
    ("- {when: {rejected: any, language: fr}, topic: x}", "only input goes with rejected"),
    ("- {when: {}, topic: x}", "no condition"),
    ("- {when: {language: fr, subject: []}, topic: x}", "an empty list fits nothing"),
    ("- {when: {rejected: []}, topic: x}", "an empty list fits nothing"),
    ("- {topic: x}", "a route is"),
    ("- {when: {language: fr}, topic: articles.rejected}", "must differ"),
    ("- {when: {language: fr}, topic: articles.raw}", "round for ever"),
]


def routes(folder):
    for text, words in ROUTES:
        path = write(folder, "routes.yaml", "routes:\n" + text + "\n")
        status, out, _ = run("check", "--strict", "-c", path)
        expect(f"routes {text!r}", status == (1 if words else 0) and words in out, out)


def main():
    with tempfile.TemporaryDirectory() as folder:
        all_at_once(folder)
        schema(*starter(folder))
        documented()
        effective(folder)
        includes(folder)
        routes(folder)
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
