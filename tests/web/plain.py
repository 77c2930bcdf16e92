#!/usr/bin/env python3
"""Configuring without the chart library: OFF and a machine without npm give a page without charts, ON says what is missing.

    tests/web/plain.py SOURCE_FOLDER"""
import os
import shutil
import subprocess
import sys
import tempfile

SOURCE = os.path.abspath(sys.argv[1])


def configure(folder, *options):
    command = ["cmake", "-S", SOURCE, "-B", folder, "-G", "Ninja", "-DCOPYDESK_TESTS=OFF", *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def packed(folder):
    """The pack of charts as it is built."""
    subprocess.run(["cmake", "--build", folder, "--target", "src/ops/charts.pack"], check=True, capture_output=True, timeout=300)
    with open(f"{folder}/src/ops/charts.pack", "rb") as file:
        return file.read()


with tempfile.TemporaryDirectory(prefix="copydesk-plain-") as folder:
    code, output = configure(folder + "/off", "-DCOPYDESK_CHARTS=OFF")
    assert code == 0 and "Monitor page: without charts (COPYDESK_CHARTS is OFF)" in output, output
    assert not os.path.exists(folder + "/off/web/node_modules")
    assert packed(folder + "/off") == b"0 \n"
    # An npm that fails stands for a registry that cannot be reached.
    broken = folder + "/npm"
    with open(broken, "w") as file:
        file.write("#!/bin/sh\necho 'npm error network unreachable' >&2\nexit 1\n")
    os.chmod(broken, 0o755)
    code, output = configure(folder + "/auto", f"-DCOPYDESK_NPM={broken}")
    assert code == 0 and "without charts (npm ci failed: npm error network unreachable)" in output, output
    assert packed(folder + "/auto") == b"0 \n"
    code, output = configure(folder + "/on", "-DCOPYDESK_CHARTS=ON", f"-DCOPYDESK_NPM={broken}")
    assert code != 0 and "COPYDESK_CHARTS is ON, but npm ci failed" in output, output
    if shutil.which("npm"):
        code, output = configure(folder + "/on", "-DCOPYDESK_CHARTS=AUTO", f"-DCOPYDESK_NPM={shutil.which('npm')}")
        assert code == 0, output
        if "Monitor page: with charts" in output:
            assert b"Leon Sorokin" in packed(folder + "/on"), "the licence is inside"
        else:
            print("npm's registry cannot be reached from here: " + [line for line in output.splitlines() if "Monitor page" in line][0])
print("ok: without charts where there are none to be had")
