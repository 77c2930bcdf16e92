"use strict";
// Numbers for people: aligned, with units, in one way everywhere on the page.

const format = (() => {
  const NONE = "–";
  const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
  const one = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const isNumber = (value) => typeof value === "number" && Number.isFinite(value);

  // A count, exactly as the metric has it.
  const count = (value) => (isNumber(value) ? whole.format(value) : NONE);
  // Something per second: one decimal where it matters.
  const rate = (value) => (!isNumber(value) ? NONE : value >= 100 ? whole.format(value) : one.format(value));

  function bytes(value) {
    if (!isNumber(value)) return NONE;
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (value >= 1000 && unit + 1 < units.length) {
      value /= 1000;
      unit++;
    }
    return `${unit === 0 || value >= 100 ? whole.format(value) : one.format(value)} ${units[unit]}`;
  }

  // A duration in seconds, from microseconds to days, in two or three digits.
  function duration(seconds) {
    if (!isNumber(seconds)) return NONE;
    if (seconds < 0.001) return `${whole.format(seconds * 1e6)} µs`;
    if (seconds < 0.1) return `${one.format(seconds * 1e3)} ms`;
    if (seconds < 1) return `${whole.format(seconds * 1e3)} ms`;
    if (seconds < 60) return `${one.format(seconds)} s`;
    if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
    if (seconds < 86400) return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
    return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
  }

  const percent = (share) => (isNumber(share) ? `${one.format(share * 100)} %` : NONE);
  const pad = (number) => String(number).padStart(2, "0");

  // The time of day here, of milliseconds since 1970.
  function clock(ms) {
    if (!isNumber(ms)) return NONE;
    const date = new Date(ms);
    return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  }

  return { NONE, count, rate, bytes, duration, percent, clock };
})();
