"""Writes WARC archives as Common Crawl's CC-NEWS are: one gzip member a record."""
import gzip


def record(kind, block, fields=(), length=None, end=b"\r\n\r\n"):
    """One record. `length`: a wrong one, for damaged archives."""
    head = [("WARC-Type", kind), ("WARC-Date", "2023-01-10T09:00:00Z"), *fields,
            ("Content-Length", len(block) if length is None else length)]
    lines = "".join(f"{name}: {value}\r\n" for name, value in head)
    return b"WARC/1.0\r\n" + lines.encode() + b"\r\n" + block + end


def response(url, body, fields=(), status="200 OK", http=(("Content-Type", "text/html; charset=utf-8"),), **more):
    """A response record with its HTTP header."""
    head = f"HTTP/1.1 {status}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in http) + "\r\n"
    return record("response", head.encode() + body,
                  [("WARC-Target-URI", url), ("Content-Type", "application/http; msgtype=response"), *fields], **more)


def chunked(body, size=100):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x;note=1\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n\r\n"


def compressed(records):
    return b"".join(gzip.compress(r, mtime=0) for r in records)
