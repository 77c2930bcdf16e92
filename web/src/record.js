"use strict";
// What the page remembers: points for the charts, and a minute of counters for "per minute". All of it has a bound, however
// long the page stays open.

const record = (() => {
  const POINTS_MAX = 3600; // an hour of seconds
  const COUNTERS_MAX = 61; // a minute, and its start
  const GAP_S = 5; // a hole in the chart rather than a line over what nobody saw

  const SERIES = ["in", "enriched", "rejected", "p50", "p95", "p99", "lag"];
  const points = { time: [] };
  for (const name of SERIES) points[name] = [];

  // The latest snapshot, and of each second of the last minute the few counters that rates are made of.
  const state = { shot: undefined, counters: [] };

  const OUTCOMES = ["enriched", "rejected", "passed", "skipped"];
  const FLOWS = {
    subject: "copydesk_records_by_subject_total",
    language: "copydesk_records_by_language_total",
    source: "copydesk_records_by_source_total",
    code: "copydesk_rejected_by_code_total",
    lane: "copydesk_records_in_total",
  };

  function countersOf(shot) {
    const counters = {
      time: shot.time_ms / 1000,
      in: snapshot.sum(shot, "copydesk_records_in_total"),
      bytesIn: snapshot.sum(shot, "copydesk_bytes_in_total"),
      bytesOut: snapshot.sum(shot, "copydesk_bytes_out_total"),
      latency: snapshot.histogram(shot, "copydesk_end_to_end_latency_seconds"),
      work: snapshot.histogram(shot, "copydesk_record_duration_seconds"),
      commits: snapshot.sum(shot, "copydesk_transactions_total"),
      cpu: snapshot.sum(shot, "process_cpu_seconds_total"),
      flows: {},
    };
    for (const outcome of OUTCOMES) counters[outcome] = snapshot.sum(shot, "copydesk_records_out_total", { outcome });
    for (const [flow, name] of Object.entries(FLOWS)) counters.flows[flow] = snapshot.by(shot, name, flow);
    return counters;
  }

  // The counters of `seconds` ago, or of the first second known.
  function earlier(seconds) {
    const latest = state.counters.at(-1);
    return state.counters.find((counters) => counters.time >= latest.time - seconds - 0.5) ?? latest;
  }

  // Per second, over the last `seconds`: a counter that has gone down began anew.
  function rate(name, seconds) {
    const [from, to] = [earlier(seconds), state.counters.at(-1)];
    if (to[name] === undefined || from[name] === undefined || to.time <= from.time) return undefined;
    return Math.max(0, to[name] - from[name]) / (to.time - from.time);
  }

  // The same for one value of a label.
  function flowRate(flow, value, seconds) {
    const [from, to] = [earlier(seconds), state.counters.at(-1)];
    if (to.time <= from.time) return undefined;
    return Math.max(0, to.flows[flow].get(value) - (from.flows[flow].get(value) ?? 0)) / (to.time - from.time);
  }

  const histogramOver = (name, seconds) => snapshot.since(state.counters.at(-1)?.[name], earlier(seconds)[name]);

  function push(time, values) {
    const last = points.time.at(-1);
    if (last !== undefined && time - last > GAP_S) append(last + 1, {});
    append(time, values);
  }

  function append(time, values) {
    points.time.push(time);
    for (const name of SERIES) points[name].push(values[name] ?? null);
    if (points.time.length <= POINTS_MAX) return;
    for (const series of Object.values(points)) series.shift();
  }

  // Takes one snapshot; one that is not later than the last is of another process, which starts the minute anew.
  function take(shot) {
    const counters = countersOf(shot);
    const last = state.counters.at(-1);
    if (last && (counters.time <= last.time || counters.in < last.in)) {
      state.counters = [];
      if (counters.time <= last.time) for (const series of Object.values(points)) series.length = 0;
    }
    state.shot = shot;
    state.counters.push(counters);
    if (state.counters.length > COUNTERS_MAX) state.counters.shift();
    if (state.counters.length < 2) return;
    const latency = histogramOver("latency", 10);
    push(counters.time, {
      in: rate("in", 1),
      enriched: rate("enriched", 1),
      rejected: rate("rejected", 1),
      p50: snapshot.quantile(latency, 0.5),
      p95: snapshot.quantile(latency, 0.95),
      p99: snapshot.quantile(latency, 0.99),
      lag: snapshot.sum(shot, "copydesk_lag_records"),
    });
  }

  // The points of the last `seconds`, of some series, as uPlot wants them.
  function lastPoints(seconds, names) {
    const from = (points.time.at(-1) ?? 0) - seconds;
    let start = points.time.length;
    while (start > 0 && points.time[start - 1] >= from) start--;
    return [points.time.slice(start), ...names.map((name) => points[name].slice(start))];
  }

  const size = () => ({ points: points.time.length, counters: state.counters.length });

  return { state, OUTCOMES, take, rate, flowRate, histogramOver, lastPoints, size };
})();
