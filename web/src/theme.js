"use strict";
// Light, dark, or as the system has it; the choice stays in this browser.

const theme = (() => {
  const KEY = "copydesk.theme";
  const listeners = [];

  // Storage may be forbidden; the choice then lasts as long as the page.
  function stored(value) {
    try {
      if (value === undefined) return localStorage.getItem(KEY);
      localStorage.setItem(KEY, value);
    } catch {
      return undefined;
    }
  }

  function set(choice) {
    document.documentElement.dataset.theme = choice;
    for (const listener of listeners) listener();
  }

  function start() {
    const select = dom.byId("theme");
    const choice = stored();
    if (choice === "light" || choice === "dark") select.value = choice;
    set(select.value);
    select.addEventListener("change", () => {
      stored(select.value);
      set(select.value);
    });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => set(select.value));
  }

  return { start, changed: (listener) => listeners.push(listener) };
})();
