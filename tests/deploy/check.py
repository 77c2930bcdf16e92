#!/usr/bin/env python3
"""What stands in deploy/: the unit's exposure by systemd-analyze, rules for the container's files, and the program without rights on a read-only root.

    tests/deploy/check.py PROGRAM"""
import configparser
import os
import re
import shutil
import subprocess
import sys

import yaml

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
    needed = subprocess.run(["ldd", PROGRAM], capture_output=True, text=True, check=True, timeout=20).stdout
    packages = " ".join(s for s in last if "apt-get install" in s)
    for library in re.findall(r"^\s*lib(rdkafka|jansson|pcre2-8|fyaml|microhttpd|psl|xxhash|utf8proc|uchardet|linear)\.so", needed, flags=re.M):
        expect(f"installs lib{library}", f"lib{library}" in packages)


def compose():
    service = yaml.safe_load(read("deploy/docker/compose.yaml"))["services"]["copydesk"]
    expect("compose: read-only, no capabilities", service["read_only"] is True and service["cap_drop"] == ["ALL"]
           and service["security_opt"] == ["no-new-privileges:true"] and not service["user"].startswith("0"))
    expect("compose: time to stop", int(service["stop_grace_period"].rstrip("s")) > 35)


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
read_only_root()
print(f"{len(FAULTS)} faults")
sys.exit(1 if FAULTS else 0)
