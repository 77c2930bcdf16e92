#!/usr/bin/env python3
"""Takes the pictures of docs/monitor.md from the demo: light, dark, and a phone.

    tests/web/screenshots.py PROGRAM [SECONDS]"""
import os
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "..", "support"), HERE]
import browser as browsers  # noqa: E402
import scene as scenes  # noqa: E402

DOCS = os.path.join(HERE, "..", "..", "docs")
PORT = 8191
# An article with removed text and many kinds of tags, by the beginning of its name in the list.
ARTICLE = "Central bank"
PICTURES = {"light": dict(scheme="light", width=1280), "dark": dict(scheme="dark", width=1280), "phone": dict(scheme="light", width=390, phone=True)}


def small(path):
    """256 colours are plenty for this page: a third of the bytes."""
    try:
        from PIL import Image
    except ImportError:
        return
    Image.open(path).convert("RGB").quantize(192, dither=Image.Dither.NONE).save(path, optimize=True)


def reject(broker):
    for value in (b'{"title": "Cut off', b"\xff\xfe{", b'{"url": "https://www.example.com/empty", "html": "<html><body></body></html>"}'):
        with tempfile.NamedTemporaryFile() as file:
            file.write(value)
            file.flush()
            subprocess.run(["kcat", "-b", broker, "-P", "-t", "articles.raw", "-k", "scraper-7", "-H", "origin=wire", file.name], check=True, timeout=30)
        time.sleep(1.2)


def take(browser, name, options):
    page = browser.page(f"http://127.0.0.1:{PORT}/", height=900, **options)
    page.wait("document.querySelectorAll('#enriched-list li').length > 10 && document.querySelector('#rejected-detail .value') !== null")
    page.value(f"[...document.querySelectorAll('#enriched-list button')].find((b) => b.textContent.includes({ARTICLE!r}))?.click()")
    time.sleep(2.5)
    page.value("document.activeElement.blur(); scrollTo({top: 0, behavior: 'instant'})")
    time.sleep(0.5)
    size = page.call("Page.getLayoutMetrics")["cssContentSize"]
    path = os.path.join(DOCS, f"monitor-{name}.png")
    page.picture(path, {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 2700)})
    small(path)
    print(f"{path}: {os.path.getsize(path)} bytes, {size['width']} x {size['height']}")


def main():
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 90
    demo = scenes.Program([os.path.abspath(sys.argv[1]), "demo", "--rate", "12", "--port", str(PORT)])
    try:
        broker = demo.find(r"embedded broker runs at (\S+);")
        time.sleep(seconds)
        reject(broker)
        with browsers.Browser() as browser:
            for name, options in PICTURES.items():
                take(browser, name, options)
    finally:
        demo.stop()


if __name__ == "__main__":
    main()
