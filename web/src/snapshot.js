"use strict";
// Reading one snapshot of the metrics: the same names, labels and values as on /metrics (docs/metrics.md).

const snapshot = (() => {
  const samples = (shot, name) => shot?.metrics?.[name] ?? [];
  const matches = (sample, labels) => Object.entries(labels).every(([name, value]) => sample.labels[name] === value);

  // The sum over all series that have these labels; undefined when there is no such series.
  function sum(shot, name, labels = {}) {
    let total;
    for (const sample of samples(shot, name)) if (matches(sample, labels)) total = (total ?? 0) + sample.value;
    return total;
  }

  // Sums by one label: a Map of its values.
  function by(shot, name, label, labels = {}) {
    const sums = new Map();
    for (const sample of samples(shot, name))
      if (matches(sample, labels)) sums.set(sample.labels[label], (sums.get(sample.labels[label]) ?? 0) + sample.value);
    return sums;
  }

  // The labels of the first series of an info metric.
  const info = (shot, name) => samples(shot, name)[0]?.labels ?? {};

  // A histogram summed over its series: { count, sum, buckets: [[le, count below], ...] }; undefined when there is none.
  function histogram(shot, name, labels = {}) {
    let all;
    for (const sample of samples(shot, name)) {
      if (!matches(sample, labels)) continue;
      if (!all) {
        all = { count: sample.count, sum: sample.sum, buckets: sample.buckets.map((bucket) => [...bucket]) };
        continue;
      }
      all.count += sample.count;
      all.sum += sample.sum;
      sample.buckets.forEach(([, count], i) => (all.buckets[i][1] += count));
    }
    return all;
  }

  // What a histogram counted since an earlier one.
  function since(later, earlier) {
    if (!later || !earlier || later.count < earlier.count) return later;
    return {
      count: later.count - earlier.count,
      sum: later.sum - earlier.sum,
      buckets: later.buckets.map(([le, count], i) => [le, count - earlier.buckets[i][1]]),
    };
  }

  // The quantile as Prometheus' histogram_quantile has it: linear inside a bucket; beyond the last bound, that bound.
  function quantile(histogram, share) {
    if (!histogram?.count) return undefined;
    const rank = share * histogram.count;
    let low = 0;
    let below = 0;
    for (const [le, count] of histogram.buckets) {
      if (count >= rank && count > below) return low + ((le - low) * (rank - below)) / (count - below);
      low = le;
      below = count;
    }
    return low;
  }

  return { samples, sum, by, info, histogram, since, quantile };
})();
