"use strict";
// Brings the stream to the page. Events are taken as they come and drawn at most once a frame, and not at all while the page is
// hidden or paused.

const monitor = (() => {
  const state = { isLive: false, isPaused: false, needsDrawing: false, isDue: false, retryAt: 0, reason: "", was: "" };
  const count = { events: 0, bad: 0 };

  function draw() {
    state.isDue = false;
    if (state.isPaused || !state.needsDrawing) return;
    state.needsDrawing = false;
    const { shot } = record.state;
    if (shot) {
      numbers.draw(shot);
      charts.draw();
      dom.show(dom.byId("waiting"), false);
      dom.show(dom.byId("numbers"), true);
    }
    articles.draw();
    showReadiness(shot);
  }

  function wantDrawing() {
    state.needsDrawing = true;
    if (state.isDue) return;
    state.isDue = true;
    requestAnimationFrame(draw);
  }

  // --- words ---------------------------------------------------------------------------------------

  function showReadiness(shot) {
    const element = dom.byId("readiness");
    if (!shot) return;
    const [ready, draining] = ["copydesk_ready", "copydesk_draining"].map((name) => snapshot.sum(shot, name));
    const isReady = ready === undefined ? undefined : ready > 0;
    dom.text(element, draining ? "Draining: it commits what is open and stops" : isReady ? "Ready" : isReady === false ? `Not ready${state.notReady ? `: ${state.notReady}` : ""}` : "Readiness is not known");
    element.dataset.state = isReady && !draining ? "good" : "bad";
    if (isReady === false) askWhyNotReady();
    else state.notReady = "";
  }

  // At most every five seconds.
  async function askWhyNotReady() {
    if (Date.now() - (state.asked ?? 0) < 5000) return;
    state.asked = Date.now();
    try {
      const { reasons } = await (await fetch("readyz", { cache: "no-store" })).json();
      state.notReady = reasons.join("; ");
    } catch {
      state.notReady = "";
    }
  }

  // The connection in words. Read aloud only when it changes, not each second.
  function showConnection() {
    const seconds = Math.max(0, Math.ceil((state.retryAt - Date.now()) / 1000));
    const is = state.isPaused ? "paused" : state.isLive ? "live" : state.isRefused ? "refused" : state.retryAt ? "lost" : "connecting";
    const texts = {
      paused: "Paused: numbers stay as they are, they are still received",
      live: "Live",
      refused: "Waiting for credentials",
      lost: `Not connected: ${state.reason}`,
      connecting: "Connecting",
    };
    const element = dom.byId("connection");
    dom.text(element, texts[is]);
    element.dataset.state = is === "live" ? "good" : is === "lost" ? "bad" : "soft";
    dom.text(dom.byId("retry"), is === "lost" ? `Trying again in ${seconds} s; what is shown is from ${format.clock(record.state.shot?.time_ms)}.` : "");
    document.body.classList.toggle("stale", is === "lost");
    document.title = is === "lost" ? "(not connected) copydesk" : "copydesk";
  }

  // --- events --------------------------------------------------------------------------------------

  const TAKERS = {
    about: (data) => articles.about(data),
    metrics: (data) => record.take(data),
    enriched: (data) => articles.takeEnriched(data),
    rejected: (data) => articles.takeRejected(data),
  };

  function take(name, data) {
    count.events++;
    try {
      TAKERS[name]?.(JSON.parse(data));
    } catch (error) {
      count.bad++;
      console.error(`an event of kind ${name} could not be read:`, error);
    }
    wantDrawing();
  }

  // --- credentials ---------------------------------------------------------------------------------

  const KEY = "copydesk.authorization";

  function stored(value) {
    try {
      if (value === undefined) return sessionStorage.getItem(KEY) ?? undefined;
      if (value === null) sessionStorage.removeItem(KEY);
      else sessionStorage.setItem(KEY, value);
    } catch {
      return undefined;
    }
  }

  // As bytes of UTF-8 (RFC 7617).
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  function startCredentials() {
    const form = dom.byId("credentials");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const token = dom.byId("token").value.trim();
      const header = token ? `Bearer ${token}` : `Basic ${base64(`${dom.byId("user").value}:${dom.byId("password").value}`)}`;
      stored(header);
      state.isTried = true;
      stream.authorize(header);
    });
    stream.authorize(stored());
  }

  function refused({ asks }) {
    const hadOne = stored() !== undefined;
    stored(null);
    state.isLive = false;
    state.isRefused = true;
    dom.show(dom.byId("credentials"), true);
    dom.show(dom.byId("ask-token"), /Bearer/i.test(asks));
    dom.show(dom.byId("ask-user"), /Basic/i.test(asks));
    dom.text(dom.byId("credentials-error"), hadOne ? "These were not accepted." : "");
    dom.show(dom.byId("waiting"), false);
    document.querySelector("#credentials input:not([hidden] *)")?.focus();
    showConnection();
  }

  // --- start ---------------------------------------------------------------------------------------

  function opened() {
    state.isLive = true;
    state.isRefused = false;
    dom.show(dom.byId("credentials"), false);
    showConnection();
  }

  function closed(failure, ms) {
    state.isLive = false;
    state.reason = failure.reason;
    state.retryAt = Date.now() + ms;
    showConnection();
  }

  function startPause() {
    const button = dom.byId("pause");
    button.addEventListener("click", () => {
      state.isPaused = !state.isPaused;
      button.setAttribute("aria-pressed", String(state.isPaused));
      showConnection();
      wantDrawing();
    });
  }

  function start() {
    theme.start();
    charts.start();
    articles.start();
    startPause();
    startCredentials();
    dom.byId("span").addEventListener("change", wantDrawing);
    setInterval(() => !state.isLive && showConnection(), 1000);
    showConnection();
    stream.run({ opened, event: take, closed, refused });
  }

  return { start, count };
})();

monitor.start();
