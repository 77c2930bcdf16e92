"use strict";
new EventSource("events").addEventListener("metrics", (event) => {
  const { metrics } = JSON.parse(event.data);
  document.getElementById("numbers").textContent = Object.entries(metrics)
    .map(([name, samples]) => `${name} ${samples.reduce((sum, sample) => sum + sample.value, 0)}`)
    .join("\n");
});
