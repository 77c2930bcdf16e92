// Custom resources of a rendered chart against the schemas of their operators: node check.mjs FILE
import fs from "node:fs";
import yaml from "js-yaml";

const { ScaledObject } = await import("@kubernetes-models/keda/keda.sh/v1alpha1");
const { ServiceMonitor, PrometheusRule } = await import("@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1");
const kinds = { ScaledObject, ServiceMonitor, PrometheusRule };

let seen = 0;
for (const object of yaml.loadAll(fs.readFileSync(process.argv[2], "utf8"))) {
  if (!kinds[object.kind]) continue;
  new kinds[object.kind](object).validate();
  seen++;
}
let refused = false;
try {
  new ScaledObject({ metadata: { name: "x" }, spec: { scaleTargetRef: {}, triggers: [] } }).validate();
} catch {
  refused = true;
}
if (seen !== 3 || !refused) throw new Error(`${seen} custom resources of 3, a bad one ${refused ? "refused" : "taken"}`);
console.log("ok    custom resources");
