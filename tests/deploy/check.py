#!/usr/bin/env python3
"""What stands in deploy/: the unit by systemd-analyze, rules for the container's files, the Kubernetes objects, manual pages, completion, the feeder, and the program
without rights on a read-only root. The package, the chart and the dashboard have tests of their own beside this one.

    tests/deploy/check.py PROGRAM"""
import configparser
import os
import re
import shutil
import subprocess
import sys
import tempfile

import yaml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from zsh_complete import Zsh  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.path.abspath(sys.argv[1])
EXPOSURE_MAX = 2.0
FAULTS = []


def expect(name, condition, shown=""):
    print(f"{'ok   ' if condition else 'FAULT'} {name} {str(shown)[:400]}")
    if not condition:
        FAULTS.append(name)


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8") as source:
        return source.read()


def unit():
    path = os.path.join(ROOT, "deploy", "systemd", "copydesk.service")
    parsed = configparser.ConfigParser(strict=False, interpolation=None, delimiters=("=",))
    parsed.optionxform = str
    parsed.read(path)
    service = parsed["Service"]
    expect("reload sends SIGHUP", "-HUP $MAINPID" in service["ExecReload"])
    # A stop takes shutdown.timeout and five seconds for the abort, at most.
    default = int(re.search(r'"shutdown\.timeout".*?"(\d+)s"', read("src/config/schema.c"), re.S).group(1))
    expect("the stop's time is above shutdown.timeout", int(service["TimeoutStopSec"]) > default + 5, service["TimeoutStopSec"])
    if not shutil.which("systemd-analyze"):
        print("skipped: systemd-analyze is not there")
        return
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--no-pager", path], capture_output=True, text=True, check=False, timeout=60)
    found = re.search(r"exposure level for copydesk.service: ([\d.]+)", done.stdout)
    expect("exposure", found and float(found.group(1)) < EXPOSURE_MAX, found.group(1) if found else done.stderr)
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "copydesk.service")
        with open(copy, "w", encoding="utf-8") as out:
            out.write(re.sub(r"^ExecStart=copydesk ", f"ExecStart={PROGRAM} ", read("deploy/systemd/copydesk.service"), flags=re.M))
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False, timeout=60)
    expect("systemd-analyze verify", done.returncode == 0 and "copydesk.service" not in done.stderr, done.stderr)


def dockerfile():
    text = re.sub(r"^\s*#.*\n", "", read("deploy/docker/Dockerfile"), flags=re.M)
    steps = [re.sub(r"\s*\\\n\s*", " ", s) for s in re.findall(r"^[A-Z]+ (?:.*\\\n)*.*$", text, flags=re.M)]
    last = steps[max(i for i, s in enumerate(steps) if s.startswith("FROM ")):]
    bases = [s.split()[1] for s in steps if s.startswith("FROM ")]
    expect("bases have a version", all(":" in b and not b.endswith(":latest") for b in bases), bases)
    users = [s.split()[1] for s in last if s.startswith("USER ")]
    expect("runs as a number that is not root", users and re.fullmatch(r"[1-9]\d*:[1-9]\d*", users[-1]), users)
    installs = [s for s in steps if "apt-get install" in s]
    expect("packages leave no lists and bring nothing else", all("--no-install-recommends" in s and "rm -rf /var/lib/apt/lists" in s for s in installs))
    expect("no ADD, no sudo, no curl", not re.search(r"^ADD |sudo|curl|wget", text, flags=re.M))
    starts = [s for s in last if re.match(r"(ENTRYPOINT|CMD) ", s)]
    expect("starts without a shell, so that SIGTERM arrives", len(starts) == 2 and all(" [" in s for s in starts), starts)
    expect("has a health check", any(s.startswith("HEALTHCHECK ") for s in last))
    expect("what it installs is the package that was built", any("from=build" in s and "apt-get install" in s and "copydesk.deb" in s for s in last))


def compose():
    whole = yaml.safe_load(read("deploy/docker/compose.yaml"))["services"]
    services = {**{n: s for n, s in whole.items() if n.startswith("copydesk")}, **yaml.safe_load(read("deploy/docker/service.yaml"))["services"]}
    for name, service in services.items():
        expect(f"{name}: read-only, no capabilities", service["read_only"] is True and service["cap_drop"] == ["ALL"]
               and service["security_opt"] == ["no-new-privileges:true"] and not service["user"].startswith("0"))
        expect(f"{name}: time to stop", int(service["stop_grace_period"].rstrip("s")) > 35)
    instances = [s["environment"]["COPYDESK_INSTANCE"] for n, s in whole.items() if n.startswith("copydesk")]
    expect("compose: two instances with names of their own", len(set(instances)) == len(instances) == 2, instances)
    expect("compose: three brokers", len([n for n in whole if n.startswith("kafka-")]) == 3)
    for name, service in whole.items():
        expect(f"{name}: image has a version", ":" in service["image"] or service["image"] == "copydesk", service["image"])
        for volume in service.get("volumes", ()):
            path = os.path.normpath(os.path.join(ROOT, "deploy", "docker", volume.split(":")[0]))
            expect(f"{name}: {volume} is there", os.path.exists(path))
        wanted = service.get("depends_on", ())
        expect(f"{name}: depends on services", all(d in whole for d in wanted), wanted)
    topics = "\n".join(whole["topics"]["command"])
    config = yaml.safe_load(read("deploy/docker/copydesk.yaml"))
    made = [*config["input"]["topics"], config["output"]["topic"], config["rejected"]["topic"], *(r["topic"] for r in config["routes"])]
    expect("compose: makes every topic", all(t in topics for t in made), made)
    done = subprocess.run([PROGRAM, "check", "-c", os.path.join(ROOT, "deploy", "docker", "copydesk.yaml"), "--strict"], capture_output=True, text=True, check=False, timeout=120)
    expect("compose: its configuration is well", done.returncode == 0, done.stdout)
    fed = subprocess.run([os.path.join(ROOT, "deploy", "docker", "feeder"), os.path.join(ROOT, "deploy", "demo"), "1000", "1"], capture_output=True, check=True, timeout=60).stdout
    done = subprocess.run([PROGRAM, "filter"], input=fed, capture_output=True, check=False, timeout=60)
    samples = len(os.listdir(os.path.join(ROOT, "deploy", "demo")))
    expect("compose: the feeder sends articles", done.returncode == 0 and len(done.stdout.splitlines()) == samples, done.stderr)


def kubernetes():
    """The rendered chart; tests/deploy/chart compares it with the chart where Helm is there."""
    objects = {o["kind"]: o for o in yaml.safe_load_all(read("deploy/kubernetes/copydesk.yaml"))}
    pod = objects["StatefulSet"]["spec"]["template"]["spec"]
    container = pod["containers"][0]
    names = {e["name"]: e for e in container["env"]}
    expect("kubernetes: the pod's name is the instance", names["COPYDESK_INSTANCE"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name")
    expect("kubernetes: no rights", container["securityContext"] == {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
           and pod["securityContext"]["runAsNonRoot"] and not pod["automountServiceAccountToken"])
    expect("kubernetes: no variables of Services", pod["enableServiceLinks"] is False)
    expect("kubernetes: probes", container["livenessProbe"]["httpGet"]["path"] == "/healthz" and container["readinessProbe"]["httpGet"]["path"] == "/readyz")
    expect("kubernetes: time to stop", pod["terminationGracePeriodSeconds"] > 35)
    expect("kubernetes: a budget for disruptions", objects["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "copydesk.yaml")
        with open(path, "w", encoding="utf-8") as out:
            out.write(objects["ConfigMap"]["data"]["copydesk.yaml"])
        env = {**os.environ, **{n: e["value"] for n, e in names.items() if "value" in e}}
        done = subprocess.run([PROGRAM, "check", "-c", path, "--strict"], capture_output=True, text=True, check=False, timeout=120, env=env)
    expect("kubernetes: its configuration is well", done.returncode == 0, done.stdout)


def manuals():
    """Every verb and every option of --help is in the manual pages."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([os.path.join(ROOT, "deploy", "man", "generate"), PROGRAM, "0", folder], check=True, timeout=120)
        verbs = re.findall(r"^  ([a-z]+) +\S", subprocess.run([PROGRAM, "--help"], capture_output=True, text=True, check=True, timeout=20).stdout, re.M)
        for verb in [v for v in verbs if v != "copydesk"]:
            shown = subprocess.run([PROGRAM, verb, "--help"], capture_output=True, text=True, check=True, timeout=20).stdout
            with open(os.path.join(folder, f"copydesk-{verb}.1"), encoding="utf-8") as source:
                page = source.read().replace("\\-", "-")
            names = [n for n in re.findall(r"^\.TP\n\.B (.*)", page, re.M) if not re.fullmatch(r"(-\w, )?--[a-z-]+( [A-Za-z]+)?", n)]
            expect(f"manual page of {verb}: an option and what it does are two things", not names, names)
            missing = [o for o in re.findall(r"^ +(?:-\w, )?(--[a-z-]+)", shown, re.M) if o not in page]
            expect(f"manual page of {verb}", not missing and ".SH SYNOPSIS" in page, missing)
        if shutil.which("mandoc"):
            pages = [os.path.join(folder, n) for n in sorted(os.listdir(folder))]
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", *pages], capture_output=True, text=True, check=False, timeout=60)
            found = [line for line in done.stdout.splitlines() if "missing date" not in line]
            expect("mandoc finds nothing", not found, found)


COMPLETIONS = [("copydesk red", "redrive"), ("copydesk check --con", "--config --connect"), ("copydesk run --gr", "--group")]


def completion():
    folder = os.path.join(ROOT, "deploy", "completion")
    env = {**os.environ, "PATH": os.path.dirname(PROGRAM) + os.pathsep + os.environ["PATH"]}
    for line, wanted in COMPLETIONS:
        words = line.split(" ")
        script = f'. {folder}/copydesk.bash; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _copydesk; echo "${{COMPREPLY[*]}}"'
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=False, timeout=30, env=env)
        expect(f"bash: {line}", done.stdout.strip() == wanted, done.stdout + done.stderr)
        if shutil.which("fish"):
            done = subprocess.run(["fish", "-c", f"source {folder}/copydesk.fish; complete -C '{line}'"], capture_output=True, text=True, check=False, timeout=30, env=env)
            got = " ".join(sorted(row.split("\t")[0] for row in done.stdout.splitlines()))
            expect(f"fish: {line}", got == wanted, done.stdout + done.stderr)
    if shutil.which("zsh"):
        with Zsh(folder, os.path.dirname(PROGRAM)) as shell:
            for line, wanted in (("copydesk red", "copydesk redrive "), ("copydesk run --gr", "copydesk run --group "), ("copydesk check --conn", "copydesk check --connect "),
                                 ("copydesk tap --subj", "copydesk tap --subject "), ("copydesk t", "copydesk t"), ("copydesk check -c /etc/host", "copydesk check -c /etc/host")):
                got, _ = shell.complete(line)
                expect(f"zsh: {line}", got.startswith(wanted), got)
            _, screen = shell.complete("copydesk check --con")
            expect("zsh: both options, with what they do", "--config" in screen and "--connect" in screen and "tries brokers" in screen, screen)
            _, screen = shell.complete("copydesk t")
            expect("zsh: verbs, with what they do", all(w in screen for w in ("tap", "top", "train", "follow the output topic")), screen)
    else:
        print("skipped: zsh is not there")


# In a mount namespace: everything read-only but a fresh /tmp, then no rights at all, then the demo on its embedded broker.
SANDBOX = r"""
set -e
mount --make-rprivate /
exec 3<"$1" # kept open: the program may stand below the /tmp that is covered here
mount -t tmpfs -o mode=1777,size=32m tmpfs /tmp
cat <&3 >/tmp/copydesk && chmod 755 /tmp/copydesk && exec 3<&-
mkdir /tmp/bin && mount --bind /tmp/bin /tmp/bin && mv /tmp/copydesk /tmp/bin/ && chmod 755 /tmp/bin
findmnt -rno TARGET | grep -v '^/tmp$' | while read -r target; do mount -o remount,bind,ro "$target" 2>/dev/null || true; done
if touch /root-is-writable 2>/dev/null || touch /etc/writable 2>/dev/null || touch /tmp/bin/writable 2>/dev/null; then echo "the root is not read-only" >&2; exit 90; fi
drop=()
[ "$2" = 0 ] || drop=(setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all)
cd /
code=0
"${drop[@]}" /tmp/bin/copydesk demo --once --rate 50 --port 0 --json >/tmp/out 2>/tmp/err || code=$?
cat /tmp/err >&2
wc -l </tmp/out
find /tmp -mindepth 1 -not -path '/tmp/bin*' -not -path /tmp/out -not -path /tmp/err -printf '%f\n'
exit "$code"
"""


def read_only_root():
    is_root = os.geteuid() == 0
    namespace = ["unshare", "--mount"] if is_root else ["unshare", "--mount", "--map-root-user"]
    if subprocess.run([*namespace, "mount", "--make-rprivate", "/"], capture_output=True, check=False, timeout=20).returncode:
        print("skipped: no mount namespaces here")
        return
    done = subprocess.run([*namespace, "bash", "-c", SANDBOX, "sandbox", PROGRAM, "1" if is_root else "0"], capture_output=True, text=True, check=False,
                          timeout=120)
    lines = done.stdout.split()
    samples = len(os.listdir(os.path.join(ROOT, "deploy", "demo")))
    expect("runs without rights on a read-only root", done.returncode == 0 and lines[:1] == [str(samples)], done.stdout + done.stderr)
    expect("writes its lock file and nothing else", len(lines) == 2 and lines[1].endswith(".lock"), lines[1:])


unit()
dockerfile()
compose()
kubernetes()
manuals()
completion()
read_only_root()
print(f"{len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
