#!/usr/bin/env python3
"""No planted secret in what check, run and others say, mistakes included; and no core dump unless it is allowed.

    tests/cli/secrets.py PROGRAM"""
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1])
ENVIRONMENT = {**os.environ, "PLANTED": "planted-variable"}
FAULTS = []


def expect(name, condition, shown=""):
    print(f"{'ok   ' if condition else 'FAULT'} {name} {str(shown)[:600]}")
    if not condition:
        FAULTS.append(name)


def call(folder, text, *arguments):
    path = os.path.join(folder, "copydesk.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    done = subprocess.run([PROGRAM, *arguments, "-c", path], capture_output=True, text=True, check=False, timeout=200, env=ENVIRONMENT,
                          input="The minister said that talks would go on.\n")
    return done.returncode, done.stdout + done.stderr


# Secrets where they belong, and where they do not: each of these is a mistake that is told without its value.
MISTAKES = ["delivery: ${file:%s}", "lanes: ${PLANTED}", "commit: {interval: \"${file:%s}\"}", "limits: {input: \"${PLANTED}\"}",
            "log: {level: \"${file:%s}\"}", "shadow: {rulebook: builtin, topic: x, sample: \"${PLANTED}\"}"]


def mistakes(folder, secret):
    for text in MISTAKES:
        text = text.replace("%s", secret)
        code, said = call(folder, text + "\n", "check")
        expect(f"check: {text.split(':')[0]}", code == 1 and "planted" not in said and "the value of this variable" in said, said)
    for name in ("security.protocol", "sasl.password.typo", "ssl.key.password"):
        code, said = call(folder, f"kafka: {{bootstrap.servers: \"127.0.0.1:1\", {name}: \"${{file:{secret}}}\"}}\nhttp: {{listen: off}}\n", "run")
        expect(f"run: {name}", code in (2, 3) and "planted-file" not in said and len(said) > 20, said)


def good(folder, secret):
    text = f"""kafka: {{bootstrap.servers: "127.0.0.1:1", security.protocol: SASL_PLAINTEXT, sasl.mechanism: PLAIN, sasl.username: u,
        sasl.password: "${{file:{secret}}}", debug: all}}
http: {{listen: "127.0.0.1:0", user: u, password: "${{PLANTED}}", token: "${{file:{secret}}}"}}
log: {{level: debug}}
"""
    for verb in ("check", "run", "audit", "explain -", "filter --whole"):
        _, said = call(folder, text, *verb.split())
        expect(f"{verb}: no secret", "planted" not in said, said[-100:])


def core(folder, allowed):
    """Whether an abort leaves a core dump, and what the process's limit is."""
    path = os.path.join(folder, "core.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"kafka: {{bootstrap.servers: \"127.0.0.1:1\"}}\nhttp: {{listen: off}}\nrun_folder: {folder}\n" + ("core_dumps: on\n" if allowed else ""))
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    child = subprocess.Popen([PROGRAM, "run", "-c", path], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder,
                             preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)))
    time.sleep(2)
    with open(f"/proc/{child.pid}/limits", encoding="ascii") as source:
        limit = next(line.split()[4] for line in source if line.startswith("Max core file size"))
    child.send_signal(signal.SIGABRT)
    _, status = os.waitpid(child.pid, 0)
    return os.WCOREDUMP(status), limit, hard


def cores(folder):
    dumped, limit, _ = core(folder, False)
    expect("no core dump", not dumped and limit == "0", limit)
    dumped, limit, hard = core(folder, True)
    with open(PROGRAM, "rb") as source:
        has_sanitizer = b"__asan_init" in source.read()
    # AddressSanitizer takes the limit away by itself.
    expect("core_dumps: on leaves the system's limit", hard == 0 or has_sanitizer or limit != "0", limit)
    with open("/proc/sys/kernel/core_pattern", encoding="utf-8") as source:
        pattern = source.read().strip()
    # The control: the same abort does leave one when it may, where nothing else prevents it.
    if hard != 0 and not has_sanitizer and pattern == "core":
        expect("core_dumps: on leaves a core dump", dumped)
    for name in os.listdir(folder):
        if name.startswith("core"):
            os.remove(os.path.join(folder, name))


def main():
    with tempfile.TemporaryDirectory() as folder:
        secret = os.path.join(folder, "secret")
        with open(secret, "w", encoding="utf-8") as out:
            out.write("planted-file\n")
        mistakes(folder, secret)
        good(folder, secret)
        cores(folder)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
