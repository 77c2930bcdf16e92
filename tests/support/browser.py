"""A headless Chromium driven over its DevTools protocol through a pipe: nothing to install but the browser.

    with Browser() as browser:
        page = browser.page("http://127.0.0.1:8181/", width=1280)
        page.wait("document.title === 'copydesk'")
        print(page.value("document.body.innerText"))
"""
import base64
import json
import os
import queue
import shutil
import subprocess
import tempfile
import threading
import time


def program():
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


class Browser:
    def __init__(self, *options):
        self.profile = tempfile.mkdtemp(prefix="copydesk-browser-")
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        arguments = ["--headless=new", "--remote-debugging-pipe", f"--user-data-dir={self.profile}", "--no-first-run", "--disable-gpu",
                     "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                     "--hide-scrollbars", "--force-color-profile=srgb", *options]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        # The browser reads from 3 and writes to 4.
        shell = f'exec "$0" "$@" 3<&{to_browser} 4>&{from_browser}'
        self.process = subprocess.Popen(["bash", "-c", shell, program(), *arguments, "about:blank"], pass_fds=(to_browser, from_browser),
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self._answers, self._events, self._number = {}, {}, 0
        self._lock = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close", timeout=10)
            self.process.wait(10)
        except Exception:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def _read(self):
        rest = b""
        while True:
            try:
                more = os.read(self._in, 1 << 16)
            except OSError:
                return
            if not more:
                return
            *messages, rest = (rest + more).split(b"\0")
            for message in map(json.loads, messages):
                with self._lock:
                    if "id" in message:
                        self._answers[message["id"]] = message
                    elif message.get("sessionId") in self._events:
                        self._events[message["sessionId"]].put(message)
                    self._lock.notify_all()

    def call(self, method, session=None, timeout=60, **params):
        with self._lock:
            self._number += 1
            number = self._number
        message = {"id": number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self._out, json.dumps(message).encode() + b"\0")
        with self._lock:
            if not self._lock.wait_for(lambda: number in self._answers, timeout):
                raise TimeoutError(f"{method} was not answered in {timeout} s")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def page(self, url, width=1280, height=900, scheme="light", before=None, phone=False):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = Page(self, session, target)
        for domain in ("Page", "Runtime", "Network", "Log", "Performance", "HeapProfiler"):
            page.call(f"{domain}.enable")
        page.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        page.scheme(scheme)
        if before:
            page.call("Page.addScriptToEvaluateOnNewDocument", source=before)
        page.go(url)
        return page


class Page:
    def __init__(self, browser, session, target):
        self.browser, self.session, self.target = browser, session, target
        self.events = browser._events[session] = queue.Queue()
        self.seen = []

    def call(self, method, timeout=60, **params):
        return self.browser.call(method, self.session, timeout, **params)

    def go(self, url):
        self.call("Page.navigate", url=url)

    def scheme(self, name):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": name}])

    def value(self, expression, timeout=60):
        result = self.call("Runtime.evaluate", timeout, expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(f"{expression[:200]}: {details.get('exception', {}).get('description', details['text'])}")
        return result["result"].get("value")

    def wait(self, expression, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.value(expression):
                    return
            except RuntimeError:
                pass  # the page is not there yet
            time.sleep(0.1)
        raise AssertionError(f"not true within {seconds} s: {expression}\n{self.value('document.body?.innerText.slice(0, 1500)')}")

    def drain(self, method):
        """The events of one kind so far, as their parameters."""
        while not self.events.empty():
            self.seen.append(self.events.get())
        return [event["params"] for event in self.seen if event["method"] == method]

    def complaints(self):
        """Errors and policy violations that the browser logged, uncaught exceptions, dialogs."""
        lines = [entry["entry"]["text"] for entry in self.drain("Log.entryAdded") if entry["entry"]["level"] == "error"]
        lines += [entry["exceptionDetails"]["text"] + " " + entry["exceptionDetails"].get("exception", {}).get("description", "")
                  for entry in self.drain("Runtime.exceptionThrown")]
        lines += [" ".join(str(argument.get("value", argument.get("description"))) for argument in entry["args"])
                  for entry in self.drain("Runtime.consoleAPICalled") if entry["type"] in ("error", "assert")]
        lines += ["dialog: " + entry["message"] for entry in self.drain("Page.javascriptDialogOpening")]
        return lines

    def key(self, name, modifiers=0):
        codes = {"Tab": 9, "Enter": 13, " ": 32, "ArrowDown": 40}
        text = {"Enter": "\r", " ": " "}.get(name)
        event = dict(key=name, code={" ": "Space"}.get(name, name), windowsVirtualKeyCode=codes[name], modifiers=modifiers)
        self.call("Input.dispatchKeyEvent", type="keyDown", **event, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **event)

    def type(self, text):
        self.call("Input.insertText", text=text)

    def picture(self, path, clip=None):
        params = {"clip": {**clip, "scale": 1}, "captureBeyondViewport": True} if clip else {}
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png", **params)["data"]))

    def heap_bytes(self):
        self.call("HeapProfiler.collectGarbage")
        return self.call("Runtime.getHeapUsage")["usedSize"]

    def close(self):
        self.browser.call("Target.closeTarget", targetId=self.target)
