"""A server that stands in for copydesk: its own page, as a run gave it, and events of the test's making."""
import http.server
import json
import threading
import urllib.request


class StandIn:
    """events(handler) yields (kind, data) for one GET of /events, data an object; the connection ends with it."""

    def __init__(self, run, events, with_charts=True):
        with urllib.request.urlopen(run.url) as answer:
            page, policy = answer.read().decode(), answer.headers["Content-Security-Policy"]
        if not with_charts:
            page = without_charts(page)
        self.requests = []  # the headers of each GET of /events
        number = [0]
        stand_in = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_GET(self):
                if self.path == "/events":
                    stand_in.requests.append(self.headers)
                    return self.stream()
                body = page.encode() if self.path == "/" else b'{"ready":false,"reasons":["<i>no lane has joined</i>"]}'
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8" if self.path == "/" else "application/json")
                self.send_header("Content-Security-Policy", policy)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Connection", "close")
                self.end_headers()
                self.close_connection = True
                try:
                    for kind, data in events(self):
                        number[0] += 1
                        text = data if isinstance(data, str) else json.dumps(data)
                        self.wfile.write(f"id: run-{number[0]}\nevent: {kind}\ndata: {text}\n\n".encode())
                except OSError:
                    pass  # the page has gone

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def without_charts(page):
    """The page as it is built where there is no npm: the chart library's script and style are not in it."""
    parts = page.split("<script nonce=")
    kept = [part for part in parts[1:] if "Leon Sorokin" not in part[:400]]
    assert len(kept) == len(parts) - 2, "the chart library is in one script"
    return "<script nonce=".join([parts[0], *kept])
