#!/usr/bin/env python3
"""`copydesk filter` as a member of a pipeline: order, one line out for each in, flushing, back-pressure, signals, compressed input, WARC.

    tests/cli/filter.py PROGRAM"""
import ctypes
import ctypes.util
import gzip
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import zlib

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import record as checks  # noqa: E402
import warc  # noqa: E402

PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []
HOME = tempfile.TemporaryDirectory()
EMPTY = HOME.name  # a rulebook without rules, which is read at once
os.mkdir(os.path.join(EMPTY, "residue"))
with open(os.path.join(EMPTY, "residue", "own.yaml"), "w", encoding="utf-8") as rules:
    rules.write("rules: []\n")


def run(arguments, stdin=b"", rulebook=EMPTY):
    own = ["--rulebook", rulebook] if rulebook else []
    done = subprocess.run([PROGRAM, "filter", *own, *arguments], input=stdin, capture_output=True, check=False, timeout=240)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def start(arguments):
    return subprocess.Popen([PROGRAM, "filter", "--rulebook", EMPTY, *arguments],
                            bufsize=0, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def expect(name, got, wanted):
    if not wanted:
        FAULTS.append(f"{name}: {str(got)[:700]}")


def article(number, words=""):
    return {"id": str(number), "text": f"The mayor said on Monday that ship {number} may moor at the new quay. {words}".strip()}


def lines_of(articles):
    return b"".join(json.dumps(a).encode() + b"\n" for a in articles)


def entries(out):
    return [json.loads(line) for line in out.splitlines()]


def kinds(out):
    """The id of each enriched line, the code of each rejected one."""
    return [e["rejected"]["code"] if "rejected" in e else e.get("id") for e in entries(out)]


def in_step():
    """One line out for each line in, whatever it is; the same with several jobs."""
    text = lines_of([article(1)]) + b"\n" + b"bad line\n" + b"  \r\n" + lines_of([article(5)]).rstrip(b"\n")
    wanted = ["1", "empty-value", "invalid-json", "empty-value", "5"]
    for jobs in ("1", "3"):
        status, out, err = run(["--jobs", jobs], text)
        expect(f"in step, {jobs} jobs", (status, out, err), status == 1 and kinds(out) == wanted)
        expect("the number of the record", out, [e["rejected"]["record"] for e in entries(out) if "rejected" in e] == [2, 3, 4])
    many = lines_of(article(i, "Word " * (i * 37 % 500)) for i in range(900)) + b"null\n"
    one = run([], many, None)
    expect("900 in order", one[2], one[0] == 0 and kinds(one[1].replace(b"null\n", b"")) == [str(i) for i in range(900)])
    expect("a tombstone", one[1][-20:], one[1].endswith(b"\nnull\n"))
    for arguments in (["--jobs", "4"], ["--jobs=2", "--flush", "line"], ["--flush=full"]):
        expect(f"the same bytes with {arguments}", "", run(arguments, many, None) == one)
    for line in one[1].splitlines()[:50]:
        expect("valid record", line, not checks.faults(line.decode()))
    expect("nothing in, nothing out", "", run([])[:2] == (0, b""))


def words_of_json():
    """What only begins like null or true is no JSON, whatever else it is not."""
    _, out, _ = run([], b"not json\nnul\ntrue\n[1]\n")
    expect("no JSON, and JSON that is no object", out, kinds(out) == ["invalid-json", "invalid-json", "wrong-type", "wrong-type"])


def answer(process, seconds):
    """A line of the process's stdout, or None when there is none in time."""
    ready, _, _ = select.select([process.stdout], [], [], seconds)
    return process.stdout.readline() if ready else None


def flushing():
    """An answer comes before more is asked for; `full` waits."""
    for arguments in ([], ["--jobs", "2"], ["--flush", "line"]):
        process = start(arguments)
        for number in (1, 2):
            process.stdin.write(lines_of([article(number)]))
            process.stdin.flush()
            line = answer(process, 60)
            expect(f"an answer while stdin is open {arguments}", line, line and json.loads(line)["id"] == str(number))
        process.stdin.write(lines_of([article(3), article(4)]) + b'{"text": "An unfinished')
        process.stdin.flush()
        expect(f"two answers {arguments}", "", kinds((answer(process, 60) or b"") + (answer(process, 60) or b"")) == ["3", "4"])
        out, _ = process.communicate(b' article."}')
        expect(f"the last line needs no end {arguments}", out, entries(out)[0]["body"] == "An unfinished article.")
    process = start(["--flush", "full"])
    process.stdin.write(lines_of([article(1)]))
    process.stdin.flush()
    expect("full waits", "", answer(process, 1) is None)
    out, _ = process.communicate()
    expect("full writes at the end", out, kinds(out) == ["1"])


def long_lines():
    """A long line costs the limit, not its length, and the stream goes on."""
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "copydesk.yaml")
        with open(config, "w", encoding="utf-8") as out:
            out.write("limits: {input: 20KB}\n")
        for arguments in (["-c", config], ["-c", config, "--jobs", "2"]):
            text = lines_of([article(1)]) + b"x" * 300000 + b"\n" + lines_of([article(3)]) + b"y" * 90000
            status, out, err = run(arguments, text)
            expect("long lines", (status, out, err), status == 1 and kinds(out) == ["1", "input-too-large", "3", "input-too-large"])
            expect("says the limit", err, "limits.input" in err)
        exact = json.dumps({"text": "a " * 1000}).encode()
        status, out, _ = run(["-c", config], exact + b" " * (20000 - len(exact)) + b"\n" + exact + b" " * (20001 - len(exact)) + b"\n")
        expect("the limit itself is allowed", out, [("rejected" in e) for e in entries(out)] == [False, True])
        peaks = []
        for megabytes in (1, 200):
            process = start(["-c", config])
            for _ in range(megabytes):
                process.stdin.write(b"z" * 1000000)
            process.stdin.write(b"\n" + lines_of([article(1)]))
            process.stdin.close()
            out = process.stdout.read()
            process.stderr.read()
            _, code, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(code)
            expect("goes on after the long line", out, kinds(out) == ["input-too-large", "1"])
            peaks.append(usage.ru_maxrss)
        expect("memory of a 200 MB line, in KiB", peaks, peaks[1] - peaks[0] < 20000)


def zstd(data):
    library = ctypes.CDLL(ctypes.util.find_library("zstd"))
    library.ZSTD_compressBound.restype = library.ZSTD_compress.restype = ctypes.c_size_t
    room = ctypes.create_string_buffer(library.ZSTD_compressBound(ctypes.c_size_t(len(data))))
    size = library.ZSTD_compress(room, ctypes.c_size_t(len(room)), data, ctypes.c_size_t(len(data)), 3)
    return room.raw[:size]


def compressed():
    text = lines_of(article(i) for i in range(400))
    plain = run([], text)
    half = text.index(b"\n", len(text) // 2) - 30
    for name, data in (("gzip", gzip.compress(text)), ("two members", gzip.compress(text[:half]) + gzip.compress(text[half:])),
                       ("gzip with padding", gzip.compress(text) + bytes(600)), ("zstd", zstd(text)),
                       ("two frames", zstd(text[:half]) + zstd(text[half:]))):
        expect(name, "", run([], data) == plain)
    process = start([])
    for byte in gzip.compress(text[:300]):
        process.stdin.write(bytes([byte]))
        process.stdin.flush()
    out, _ = process.communicate()
    expect("gzip byte by byte", out, kinds(out)[0] == "0")
    status, out, _ = run(["--whole"], gzip.compress(b"<p>The minister resigned on Friday.</p>"))
    expect("a whole document", out, status == 0 and b"resigned" in out)
    members = [gzip.compress(lines_of(article(i) for i in range(10 * m, 10 * m + 10)), mtime=0) for m in range(3)]
    hurt = bytearray(members[1])
    hurt[len(hurt) // 2] ^= 0x55
    for name, data, last in (("a damaged member", members[0] + bytes(hurt) + members[2], "29"),
                             ("rubbish between members", members[0] + b"rubbish" + members[2], "29"),
                             ("a cut file", members[0] + members[1][:-30], None),
                             ("a damaged frame", zstd(text[:1000])[:-40] + zstd(lines_of([article(29)])), "29")):
        status, out, err = run([], data)
        seen = kinds(out)
        expect(f"{name}: told", (seen, err), status == 1 and "damaged-input" in seen and "byte" in err)
        expect(f"{name}: goes on", seen, last is None or seen[-1] == last)
    expect("lines before the damage", "", kinds(run([], members[0] + bytes(hurt))[1])[:10] == [str(i) for i in range(10)])


def destinations():
    text = lines_of([article(1)]) + b"bad\n" + lines_of([article(3)])
    status, out, err = run(["--rejected", "stderr"], text)
    expect("rejected to stderr", (out, err), status == 1 and kinds(out) == ["1", "3"] and kinds(err.encode()) == ["invalid-json"])
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "rejected.jsonl")
        for _ in range(2):
            status, out, err = run(["--rejected=" + path, "--jobs", "2"], text)
        with open(path, "rb") as lines:
            expect("rejected to a file, appended", out, kinds(lines.read()) == ["invalid-json"] * 2 and kinds(out) == ["1", "3"])
        expect("and said", err, "record 2 rejected: invalid-json" in err)
        status, _, err = run(["--rejected", os.path.join(folder, "no", "file")], text)
        expect("a file that cannot be", err, status == 2 and "No such file" in err)
    expect("quiet", "", run(["--quiet"], text)[2] == "")
    status, out, _ = run(["--wrap", "$!"], text)
    expect("wrapped", out, [list(e) for e in entries(out)] == [["$!"]] * 3 and "rejected" in entries(out)[1]["$!"])
    with open("/dev/full", "wb") as full:
        done = subprocess.run([PROGRAM, "filter"], input=text, stdout=full, stderr=subprocess.PIPE, check=False)
    expect("a full disk", done.stderr, done.returncode == 3 and b"No space left" in done.stderr)
    for arguments, words in ((["--jobs", "0"], "1 to 256"), (["--jobs", "two"], "1 to 256"), (["--jobs"], "needs a value"), (["--flush", "never"], "auto, line or full"),
                             (["--wrap", 'a"b'], "quotes"), (["--warc", "--whole"], "exclude"), (["articles.jsonl"], "filter < articles.jsonl"),
                             (["--warc", "/nonexistent.warc"], "No such file")):
        status, _, err = run(arguments, text)
        expect(f"{arguments}", (status, err), status in (2, 3) and words in err)


def closed_and_stopped():
    """Readers that go away or do not read, and SIGTERM."""
    for arguments in ([], ["--jobs", "2"]):
        process = start(arguments)
        process.stdin.write(lines_of([article(1)]))
        process.stdin.flush()
        answer(process, 60)
        process.stdout.close()
        process.stdin.write(lines_of([article(2)]))
        process.stdin.flush()
        status = process.wait(60)
        err = process.stderr.read()
        expect(f"the reader is gone {arguments}", (status, err), status == 3 and b"stdout: its reader has closed it" in err)

        process = start(arguments)
        os.set_blocking(process.stdin.fileno(), False)
        taken, idle = 0, 0
        block = lines_of(article(i, "Word " * 50) for i in range(200))
        while idle < 20 and taken < 200000000:
            try:
                taken += os.write(process.stdin.fileno(), block)
                idle = 0
            except BlockingIOError:
                time.sleep(0.1)
                idle += 1
        expect(f"does not read on when nobody reads {arguments}", taken, taken < 20000000)
        process.kill()
        process.communicate()

        process = start(arguments)
        process.stdin.write(lines_of([article(0)]))
        process.stdin.flush()
        first = answer(process, 60)
        process.stdin.write(lines_of(article(i) for i in range(1, 150)) + b'{"text": "half a')
        process.stdin.flush()
        process.send_signal(signal.SIGTERM)
        out, err = first + process.stdout.read(), process.stderr.read()
        status = process.wait(60)
        expect(f"SIGTERM: all that was sent is answered {arguments}", (status, len(kinds(out)), err), status == 0 and kinds(out) == [str(i) for i in range(150)])
        expect(f"SIGTERM: says what is left {arguments}", err, b"16 bytes of a record that had not ended" in err)


PAGE = ("<html><head><title>{0}</title></head><body><article><h1>{0}</h1><p>{1}</p><p>The council will vote on the plan on Friday, the mayor said.</p>"
        "</article></body></html>")
TEXT = "Правительство заявило, что переговоры продолжаются вчера."


def page(number, text="The port of Rotterdam opens a new quay for container ships."):
    return PAGE.format(f"Port opens quay {number}", text)


def archive():
    """Records of all sorts, and what has to come of them."""
    def response(number, body=None, fields=(), **more):
        return warc.response(f"https://news.example.com/{number}", body if body is not None else page(number).encode(), fields, **more)
    html = ("Content-Type", "text/html; charset=utf-8")
    squeezed = gzip.compress(page(4).encode(), mtime=0)
    return [
        (warc.record("warcinfo", b"software: own\r\n", [("Content-Type", "application/warc-fields")]), None),
        (warc.record("request", b"GET / HTTP/1.1\r\n\r\n"), None),
        (response(1), "Port opens quay 1"),
        (warc.record("metadata", b"fetchTimeMs: 5\r\n"), None),
        (response(2, page(2, TEXT).encode("windows-1251"), http=(("content-type", "text/html; charset=windows-1251"),)), "Port opens quay 2"),
        (response(3, warc.chunked(page(3).encode()), http=(html, ("Transfer-Encoding", "chunked"))), "Port opens quay 3"),
        (response(4, squeezed, http=(html, ("Content-Encoding", "gzip"))), "Port opens quay 4"),
        (response(5, warc.chunked(squeezed.replace(b"quay 4", b"quay 5")), http=(html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))), "Port opens quay 4"),
        (response(6, zlib.compress(page(6).encode()), http=(html, ("Content-Encoding", "deflate"))), "Port opens quay 6"),
        (response(7, zlib.compress(page(7).encode())[2:-4], http=(html, ("Content-Encoding", "deflate"))), "Port opens quay 7"),
        (response(8, zstd(page(8).encode()), http=(html, ("Content-Encoding", "zstd"))), "Port opens quay 8"),
        (response(9, http=(html, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked"))), "Port opens quay 9"),  # the crawler decoded it
        (response(10, b"", status="301 Moved Permanently", http=(("Location", "/"),)), None),
        (response(11, status="404 Not Found"), None),
        (response(12, b"\x0b\x02\x80binary", http=(html, ("Content-Encoding", "br"))), "unsupported-encoding"),
        (response(13, squeezed[:-25], http=(html, ("Content-Encoding", "gzip"))), "damaged-record"),
        (response(14, squeezed[:-25], [("WARC-Truncated", "length")], http=(html, ("Content-Encoding", "gzip"))), "Port opens quay 4"),
        (response(15, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, http=(("Content-Type", "image/png"),)), "binary-input"),
        (warc.record("response", b"\x00\x01", [("WARC-Target-URI", "dns:news.example.com"), ("Content-Type", "text/dns")]), None),
        (response(16, b"")[:-4] + b"\n\n", "empty-value"),
        (response(17), "Port opens quay 17"),
    ]


def outcomes(out):
    return [e["rejected"]["code"] if "rejected" in e else e["title"] for e in entries(out)]


def archives():
    records = [r for r, _ in archive()]
    wanted = [w for _, w in archive() if w]
    plain, packed = b"".join(records), warc.compressed(records)
    status, out, err = run(["--warc"], plain, None)
    expect("an archive", (status, outcomes(out), err), status == 1 and outcomes(out) == wanted)
    expect("counted", err, f"{len(wanted)} responses, 4 rejected; {len(records) - len(wanted)} records" in err)
    first, second = entries(out)[:2]
    expect("url and time", first, first["url"] == "https://news.example.com/1" and first["crawled_at"] == "2023-01-10T09:00:00Z" and first["source"]["domain"] == "example.com")
    expect("charset of the HTTP header", second, TEXT in second["body"])
    expect("'yesterday' is before the crawl", second, "2023-01-09" in [d["date"] for d in second.get("dates", [])])
    refused = next(e["rejected"] for e in entries(out) if "rejected" in e)
    expect("position and address", refused, refused["archive_offset"] == plain.index(records[14]) and refused["url"] == "https://news.example.com/12")
    for line, title in zip(out.splitlines(), wanted):
        expect("valid record", line, not title.startswith("Port") or not checks.faults(line.decode()))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "CC-NEWS.warc.gz")
        with open(path, "wb") as file:
            file.write(packed)
        expect("the same from a .warc.gz", "", run(["--warc", path], b"", None) == (status, out, err))
        expect("and through a pipe, with jobs", "", run(["--warc", "--jobs", "3"], packed, None) == (status, out, err))
        expect("and in another compression", "", run(["--warc"], zstd(plain), None) == (status, out, err))
        both = run(["--warc", path, path], b"", None)
        expect("two archives", both[2], outcomes(both[1]) == wanted * 2)
    damaged_archives(records)


def archives_and_memory():
    """What is skipped or refused keeps nothing of a batch's memory; bounds of decompressed bodies are bounds of each alone."""
    html = ("Content-Type", "text/html; charset=utf-8")
    squeezed = (html, ("Content-Encoding", "gzip"))
    def response(number, body=None, **more):
        return warc.response(f"https://news.example.com/{number}", body if body is not None else page(number).encode(), **more)
    status, out, err = run(["--warc", "--flush", "full"], response(1) + b"".join(response(i, b"", status="404 Not Found") for i in range(30000)) + response(2))
    expect("30,000 skipped", (status, out[:300], err), status == 0 and outcomes(out) == ["Port opens quay 1", "Port opens quay 2"])
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "c.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write("limits: {input: 64KiB}\n")
        small = gzip.compress(page(3).encode(), mtime=0)
        bomb = gzip.compress(page(4, "quay " * 40000).encode(), mtime=0)
        status, out, err = run(["-c", config, "--warc", "--flush", "full"], b"".join(response(i, bomb, http=squeezed) for i in range(8)) +
                               b"".join(response(i, small, http=squeezed) for i in range(250)))
        expect("8 bombs, 250 small", (status, out[:300], err[:300]), status == 1 and outcomes(out) == ["input-too-large"] * 8 + ["Port opens quay 3"] * 250)
    latin = response(5).replace(b"news.example.com/5", b"news.example.com/caf\xe9")
    status, out, err = run(["--warc"], latin)
    expect("an address in Latin-1", (status, out, err), status == 0 and entries(out)[0]["url"] == "https://news.example.com/caf%E9")
    skippable = b"\x5a\x2a\x4d\x18\x04\x00\x00\x00abcd"
    status, out, err = run([], skippable + zstd(lines_of([article(1)])))
    expect("a skippable frame first", (status, out, err), status == 0 and kinds(out) == ["1"])
    status, out, err = run([], b"PXYZ is no frame\n")
    expect("text that begins like one", (status, out, err), kinds(out) == ["invalid-json"])


def damaged_archives(records):
    good = [records[2], records[20]]
    ends = ["Port opens quay 1", "Port opens quay 17"]
    body = page(99).encode()
    for name, bad in (("too long", warc.response("https://a.example/", body, length=len(body) + 900)), ("too short", warc.response("https://a.example/", body, length=150)),
                      ("not a number", warc.response("https://a.example/", body, length="x")), ("negative", warc.response("https://a.example/", body, length=-5)),
                      ("beyond all", warc.response("https://a.example/", body, length=10**30)),
                      ("no HTTP", warc.record("response", b"HTTP/1.1 OK\r\n\r\nx")), ("no record", b"rubbish " * 50 + b"\r\n")):
        text = good[0] + bad + good[1]
        status, out, err = run(["--warc"], text)
        seen = outcomes(out)
        expect(f"length {name}", (status, seen, err), status == 1 and seen[0] == ends[0] and seen[-1] == ends[1] and "damaged-record" in seen[1:-1] and len(seen) < 5)
        told = [e["rejected"]["archive_offset"] for e in entries(out) if "rejected" in e]
        expect(f"length {name}: where", told, told[0] == len(good[0]) or name in ("too short", "no record"))
    status, out, _ = run(["--warc"], good[0] + good[1][:-300])
    expect("a cut archive", out, outcomes(out) == [ends[0], "damaged-record"])
    members = [gzip.compress(r, mtime=0) for r in (good[0], records[5], good[1])]
    hurt = bytearray(members[1])
    hurt[len(hurt) // 2] ^= 0x55
    status, out, err = run(["--warc"], members[0] + bytes(hurt) + members[2])
    expect("a damaged member", (outcomes(out), err), outcomes(out)[0] == ends[0] and outcomes(out)[-1] == ends[1] and "damaged-input" in outcomes(out))
    expect("names the member", err, f"begins at byte {len(members[0])} " in err)
    bomb = warc.response("https://a.example/", gzip.compress(bytes(50000000)), http=(("Content-Encoding", "gzip"),))
    status, out, _ = run(["--warc"], good[0] + bomb + good[1])
    expect("a bomb", out[:300], outcomes(out) == [ends[0], "input-too-large", ends[1]])


def main():
    for part in (in_step, words_of_json, flushing, long_lines, compressed, destinations, closed_and_stopped, archives, archives_and_memory):
        began = time.monotonic()
        part()
        print(f"{part.__name__}: {time.monotonic() - began:.1f} s")
    for fault in FAULTS:
        print(fault)
    print(f"{len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
