"use strict";
// The tables of numbers: what is on /metrics, and what its counters did in the last minute.

const numbers = (() => {
  const PARTITIONS_MAX = 30;
  const TOP_MAX = 10;
  const SILENT_MAX = 5;
  const OTHER = "other";
  const { sum, by, samples } = snapshot;

  const perMinute = (rate) => (rate === undefined ? format.NONE : format.rate(rate * 60));

  // --- tiles ---------------------------------------------------------------------------------------

  function tile(id, value, note) {
    dom.text(dom.byId(`tile-${id}`), value);
    dom.text(dom.byId(`tile-${id}-note`), note);
  }

  function tiles(shot) {
    const latency = record.histogramOver("latency", 60);
    const work = record.histogramOver("work", 60);
    const lag = sum(shot, "copydesk_lag_records");
    const rejected = sum(shot, "copydesk_records_out_total", { outcome: "rejected" });
    const read = sum(shot, "copydesk_records_in_total");
    tile("throughput", `${format.rate(record.rate("in", 10))} /s`, `${format.count(read)} records since the start`);
    tile("latency", format.duration(snapshot.quantile(latency, 0.5)), latency?.count ? `99 % within ${format.duration(snapshot.quantile(latency, 0.99))}, last minute` : "nothing committed in the last minute");
    tile("lag", format.count(lag), lag === undefined ? "no partition is assigned" : lag === 0 ? "nothing waits" : "records wait in all partitions");
    tile("rejected", `${perMinute(record.rate("rejected", 60))} /min`, `${format.count(rejected)} since the start, ${format.percent(read ? rejected / read : undefined)} of what was read`);
    tile("work", format.duration(work?.count ? work.sum / work.count : undefined), "of the engine per record, last minute");
    tile("memory", format.bytes(sum(shot, "process_resident_memory_bytes")), `${format.percent(record.rate("cpu", 10))} of one processor core`);
  }

  // --- throughput ------------------------------------------------------------------------------------

  function flow(shot) {
    const records = (label, name, total) => [label, format.rate(record.rate(name, 1)), format.rate(record.rate(name, 10)), format.rate(record.rate(name, 60)), format.count(total)];
    const bytes = (label, name, total) => [label, ...[1, 10, 60].map((seconds) => format.bytes(record.rate(name, seconds))), format.bytes(total)];
    dom.rows(
      dom.byId("flow"),
      [
        records("records read", "in", sum(shot, "copydesk_records_in_total")),
        ...record.OUTCOMES.map((outcome) => records(outcome, outcome, sum(shot, "copydesk_records_out_total", { outcome }))),
        bytes("bytes read", "bytesIn", sum(shot, "copydesk_bytes_in_total")),
        bytes("bytes published", "bytesOut", sum(shot, "copydesk_bytes_out_total")),
        records("transactions", "commits", sum(shot, "copydesk_transactions_total")),
      ],
      ["head", "number", "number", "number", "number"],
    );
  }

  function latency() {
    const rows = [10, 60].flatMap((seconds) => {
      const histogram = record.histogramOver("latency", seconds);
      return [[`last ${seconds} seconds`, ...[0.5, 0.95, 0.99].map((share) => format.duration(snapshot.quantile(histogram, share))), format.count(histogram?.count)]];
    });
    dom.rows(dom.byId("latency"), rows, ["head", "number", "number", "number", "number"]);
  }

  // --- lanes -----------------------------------------------------------------------------------------

  const ago = (shot, seconds) => (seconds ? `${format.duration(Math.max(0, shot.time_ms / 1000 - seconds))} ago` : "never");

  function lanes(shot) {
    const names = [...by(shot, "copydesk_records_in_total", "lane").keys()];
    const rows = names.map((lane) => {
      const state = samples(shot, "copydesk_lane_state").find((sample) => sample.labels.lane === lane && sample.value === 1)?.labels.state ?? "unknown";
      const isStuck = sum(shot, "copydesk_lane_stuck", { lane }) > 0;
      return [
        lane,
        { text: isStuck ? `${state}, stuck` : state, alarm: isStuck || state === "failed" },
        format.count(sum(shot, "copydesk_lane_partitions", { lane })),
        format.rate(record.flowRate("lane", lane, 10)),
        format.count(sum(shot, "copydesk_records_in_total", { lane })),
        format.count(sum(shot, "copydesk_consumer_queue_messages", { lane })),
        ago(shot, sum(shot, "copydesk_lane_last_poll_timestamp_seconds", { lane })),
        ago(shot, sum(shot, "copydesk_lane_last_commit_timestamp_seconds", { lane })),
      ];
    });
    dom.rows(dom.byId("lanes"), rows, ["head", "", "number", "number", "number", "number", "number", "number"]);
  }

  // --- partitions ------------------------------------------------------------------------------------

  function valueOf(shot, name, labels) {
    return samples(shot, name).find((sample) => sample.labels.topic === labels.topic && sample.labels.partition === labels.partition)?.value;
  }

  function partitions(shot) {
    const all = [...samples(shot, "copydesk_lag_records")];
    all.sort((a, b) => b.value - a.value || a.labels.topic.localeCompare(b.labels.topic) || a.labels.partition - b.labels.partition);
    const shown = all.slice(0, PARTITIONS_MAX);
    const highest = Math.max(1, ...shown.map((sample) => sample.value));
    dom.rows(
      dom.byId("partitions"),
      shown.map(({ labels, value }) => [
        { text: labels.topic, bar: value / highest },
        labels.partition,
        format.count(value),
        format.count(valueOf(shot, "copydesk_committed_offset", labels)),
        format.count(valueOf(shot, "copydesk_end_offset", labels)),
      ]),
      ["head", "number", "number", "number", "number"],
    );
    const rest = all.slice(PARTITIONS_MAX);
    const behind = rest.reduce((total, sample) => total + sample.value, 0);
    dom.text(dom.byId("partitions-rest"), !all.length ? "No partition is assigned to this process." : rest.length ? `${format.count(rest.length)} more partitions with less lag, ${format.count(behind)} records together.` : "");
  }

  // --- tops ------------------------------------------------------------------------------------------

  const byTotal = ([nameA, a], [nameB, b]) => (nameA === OTHER) - (nameB === OTHER) || b - a || nameA.localeCompare(nameB);

  // The rows of one counter by one label: the largest first, what is left as the last.
  function top(shot, { id, name, label, limit, empty, naming = (_, value) => value }) {
    const totals = [...by(shot, name, label)].filter(([, total]) => total > 0).sort(byTotal);
    const all = totals.reduce((total, [, count]) => total + count, 0);
    dom.rows(
      dom.byId(id),
      totals.slice(0, limit).map(([value, total]) => [
        { text: naming(shot, value), title: value, bar: total / all },
        format.count(total),
        perMinute(record.flowRate(label, value, 60)),
      ]),
      ["head", "number", "number"],
    );
    const rest = totals.slice(limit).reduce((total, [, count]) => total + count, 0);
    dom.text(dom.byId(`${id}-rest`), !totals.length ? empty : rest ? `${totals.length - limit} more, ${format.count(rest)} records.` : "");
  }

  const subjectName = (shot, uri) => samples(shot, "copydesk_records_by_subject_total").find(({ labels }) => labels.subject === uri)?.labels.name || uri;

  function languageName(_, code) {
    try {
      return code === OTHER || code === "und" ? code : `${new Intl.DisplayNames(["en"], { type: "language" }).of(code)} (${code})`;
    } catch {
      return code;
    }
  }

  function tops(shot) {
    top(shot, { id: "codes", name: "copydesk_rejected_by_code_total", label: "code", limit: 20, empty: "Nothing was rejected." });
    top(shot, { id: "subjects", name: "copydesk_records_by_subject_total", label: "subject", limit: TOP_MAX, empty: "No subject yet.", naming: subjectName });
    top(shot, { id: "languages", name: "copydesk_records_by_language_total", label: "language", limit: TOP_MAX, empty: "No language yet.", naming: languageName });
    top(shot, { id: "sources", name: "copydesk_records_by_source_total", label: "source", limit: TOP_MAX, empty: "No source yet." });
  }

  // Sources that published steadily and have stopped.
  function silent(shot) {
    const sources = samples(shot, "copydesk_source_silent_seconds").map(({ labels, value }) => `${labels.source} (${format.duration(value)})`);
    const count = sum(shot, "copydesk_sources_silent") ?? 0;
    const rest = count > SILENT_MAX ? ` and ${count - SILENT_MAX} more` : "";
    dom.text(dom.byId("silent"), count ? `Silent though they published steadily: ${sources.slice(0, SILENT_MAX).join(", ")}${rest}.` : "");
  }

  // --- head ------------------------------------------------------------------------------------------

  function head(shot) {
    const build = snapshot.info(shot, "copydesk_build_info");
    const instance = snapshot.info(shot, "copydesk_instance_info");
    const rulebook = snapshot.info(shot, "copydesk_rulebook_info").digest;
    const started = sum(shot, "process_start_time_seconds");
    dom.text(dom.byId("version"), build.version ?? format.NONE);
    dom.text(dom.byId("instance"), instance.instance ?? format.NONE);
    dom.text(dom.byId("group"), instance.group ?? format.NONE);
    dom.text(dom.byId("delivery"), instance.delivery ?? format.NONE);
    dom.text(dom.byId("rulebook"), rulebook ?? format.NONE);
    dom.text(dom.byId("uptime"), format.duration(started && shot.time_ms / 1000 - started));
    const refused = sum(shot, "copydesk_rulebook_last_reload_successful") === 0;
    dom.text(dom.byId("reloads"), `${format.count(sum(shot, "copydesk_rulebook_reloads_total", { result: "taken" }))} taken, ${format.count(sum(shot, "copydesk_rulebook_reloads_total", { result: "refused" }))} refused${refused ? "; the last one was refused, the rulebook before it is in use" : ""}`);
    dom.byId("reloads").classList.toggle("alarm", refused);
  }

  function ledger(shot) {
    const breaches = sum(shot, "copydesk_ledger_breaches_total") ?? 0;
    const element = dom.byId("ledger");
    dom.text(element, breaches ? `${format.count(breaches)} breaches: a lane refused a commit that did not add up and stopped` : "closed: what was read is enriched, rejected, passed or skipped");
    element.classList.toggle("alarm", breaches > 0);
  }

  function draw(shot) {
    for (const part of [head, ledger, tiles, flow, latency, lanes, partitions, tops, silent]) part(shot);
  }

  return { draw };
})();
