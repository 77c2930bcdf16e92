"use strict";
// The stream of events, read by fetch: unlike EventSource it can carry a token, and says why it was refused. It goes on after
// the last event it had (Last-Event-ID), waits longer after each failure, and takes silence for a broken connection.

const stream = (() => {
  const SILENT_MS = 5000; // the server sends something each second
  const WAIT_MS_FIRST = 1000;
  const WAIT_MS_MAX = 15000;
  const EVENT_CHARACTERS_MAX = 16 << 20;

  let lastId;
  let credentials; // the Authorization header; undefined: none
  let wake; // ends the wait for the next try

  function parse(block) {
    const event = { name: "message", data: "" };
    for (const line of block.split("\n")) {
      const colon = line.indexOf(": ");
      const [field, value] = [line.slice(0, colon), line.slice(colon + 2)];
      if (field === "id") event.id = value;
      else if (field === "event") event.name = value;
      else if (field === "data") event.data = value;
    }
    return event;
  }

  async function readEvents(response, alive, take) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      alive();
      let from = Math.max(0, rest.length - 1);
      rest += value;
      for (let end; (end = rest.indexOf("\n\n", from)) >= 0; from = 0) {
        const event = parse(rest.slice(0, end));
        rest = rest.slice(end + 2);
        if (event.id) lastId = event.id;
        take(event.name, event.data);
      }
      if (rest.length > EVENT_CHARACTERS_MAX) throw new Error("an event without end");
    }
  }

  // One connection, until it ends. Returns what went wrong; { status } when the server refused.
  async function connect(handlers) {
    const stop = new AbortController();
    let timer = setTimeout(() => stop.abort(), 2 * SILENT_MS);
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => stop.abort(), SILENT_MS);
    };
    const headers = {};
    if (lastId) headers["Last-Event-ID"] = lastId;
    if (credentials) headers.Authorization = credentials;
    try {
      const response = await fetch("events", { headers, signal: stop.signal, cache: "no-store" });
      if (!response.ok)
        return { status: response.status, asks: response.headers.get("WWW-Authenticate") ?? "", reason: (await response.text()).trim() };
      handlers.opened();
      await readEvents(response, alive, handlers.event);
      return { reason: "the server ended the stream" };
    } catch (error) {
      return { reason: stop.signal.aborted ? `nothing came for ${SILENT_MS / 1000} seconds` : "copydesk cannot be reached" };
    } finally {
      clearTimeout(timer);
      stop.abort();
    }
  }

  function wait(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // For ever. handlers: opened(), event(name, data), closed(failure, ms until the next try), refused(failure).
  async function run(handlers) {
    let failures = 0;
    const opened = () => {
      failures = 0;
      handlers.opened();
    };
    for (;;) {
      const failure = await connect({ ...handlers, opened });
      if (failure.status === 401) {
        handlers.refused(failure);
        await new Promise((resolve) => (wake = resolve));
        continue;
      }
      const ms = Math.min(WAIT_MS_MAX, WAIT_MS_FIRST * 2 ** failures++);
      handlers.closed(failure, ms);
      await wait(ms);
    }
  }

  // Tries again now, with these credentials.
  function authorize(header) {
    credentials = header;
    wake?.();
  }

  return { run, authorize };
})();
