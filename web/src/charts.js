"use strict";
// Three charts by uPlot, where it was built in: without it the figures stay hidden, and the tables have the same numbers.

const charts = (() => {
  const CHARTS = [
    {
      id: "chart-throughput",
      what: "Records per second",
      number: format.rate,
      series: [
        { name: "in", label: "read", colour: "--series-1" },
        { name: "enriched", label: "enriched", colour: "--series-2" },
        { name: "rejected", label: "rejected", colour: "--series-3" },
      ],
    },
    {
      id: "chart-latency",
      what: "Latency from raw record to commit",
      number: format.duration,
      series: [
        { name: "p50", label: "half below", colour: "--series-1" },
        { name: "p95", label: "95 % below", colour: "--series-2" },
        { name: "p99", label: "99 % below", colour: "--series-3" },
      ],
    },
    { id: "chart-lag", what: "Records behind", number: format.count, series: [{ name: "lag", label: "lag", colour: "--series-1" }] },
  ];
  const HEIGHT = 180;
  const isThere = typeof uPlot !== "undefined";
  let drawn = [];

  const span = () => Number(dom.byId("span").value);
  const colour = (name) => getComputedStyle(dom.byId(`colour${name}`)).color;

  function options(chart, width) {
    const axis = { stroke: () => colour("--soft"), grid: { stroke: () => colour("--line"), width: 1 }, ticks: { show: false } };
    return {
      width,
      height: HEIGHT,
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      legend: { live: true },
      scales: { x: { time: true, range: (_, low, high) => [(high ?? 0) - span(), high ?? 0] }, y: { range: (_, low, high) => [0, Math.max(high ?? 0, 1e-6) * 1.08] } },
      axes: [
        { ...axis, space: 60, values: (_, ticks) => ticks.map((tick) => format.clock(tick * 1000)) },
        { ...axis, size: 62, values: (_, ticks) => ticks.map((tick) => chart.number(tick)) },
      ],
      series: [
        { label: "time", value: (_, value) => (value == null ? format.NONE : format.clock(value * 1000)) },
        ...chart.series.map((series, i) => ({
          label: series.label,
          stroke: () => colour(series.colour),
          width: 1.5,
          dash: [[], [6, 3], [2, 2]][i], // told apart without colours too
          points: { show: false },
          value: (_, value) => (value == null ? format.NONE : chart.number(value)),
        })),
      ],
    };
  }

  const widthOf = (figure) => Math.max(200, figure.querySelector(".plot").clientWidth);

  function start() {
    dom.show(dom.byId("charts"), isThere);
    if (!isThere) return;
    drawn = CHARTS.map((chart) => {
      const figure = dom.byId(chart.id);
      const plot = new uPlot(options(chart, widthOf(figure)), [[], ...chart.series.map(() => [])], figure.querySelector(".plot"));
      new ResizeObserver(() => {
        const width = widthOf(figure);
        if (width !== plot.width) plot.setSize({ width, height: HEIGHT });
      }).observe(figure);
      return { chart, figure, plot };
    });
    theme.changed(() => drawn.forEach(({ plot }) => plot.redraw(false, true)));
  }

  // What a chart shows, in words, for who cannot see it.
  function words(chart, data) {
    const parts = chart.series.map((series, i) => {
      const values = data[i + 1].filter((value) => value !== null);
      return values.length ? `${series.label}: now ${chart.number(values.at(-1))}, highest ${chart.number(values.reduce((a, b) => Math.max(a, b)))}` : `${series.label}: nothing yet`;
    });
    return `${chart.what}. ${parts.join("; ")}.`;
  }

  function draw() {
    for (const { chart, figure, plot } of drawn) {
      const data = record.lastPoints(span(), chart.series.map((series) => series.name));
      plot.setData(data);
      if (plot.cursor.idx == null) plot.setLegend({ idx: data[0].length - 1 }); // the newest, unless a pointer asks for another
      figure.querySelector(".plot").setAttribute("aria-label", words(chart, data));
    }
  }

  return { start, draw };
})();
