#!/usr/bin/env python3
"""Writes deploy/grafana/copydesk.json, the dashboard: rows of panels, each a title, its queries and a unit.

    deploy/grafana/generate.py > deploy/grafana/copydesk.json

tests/deploy/dashboard.py compares the file with this and runs every query against a real Prometheus."""
import json

PICK = '{group=~"$group"}'
# Every series of a group's members: the group is a label of copydesk_instance_info only.
OF_GROUP = " and on (instance) copydesk_instance_info" + PICK


def rate(metric, by="", selector=""):
    series = f"rate({metric}{selector}[$__rate_interval])"
    return f"sum{f' by ({by})' if by else ''} ({series}{OF_GROUP})"


def total(metric, by="", how="sum"):
    return f"{how}{f' by ({by})' if by else ''} ({metric}{OF_GROUP})"


def quantile(q, metric, by=""):
    labels = f"le, {by}" if by else "le"
    return f"histogram_quantile({q}, sum by ({labels}) (rate({metric}_bucket[$__rate_interval]){OF_GROUP}))"


def top(count, expr):
    return f"topk({count}, {expr})"


# Title, kind, unit, width of 24, queries as (expression, legend), what it says.
ROWS = [
    ("At a glance", [
        ("Ready members", "stat", "short", 3, [(total("copydesk_ready"), "")], "Members whose /readyz says 200."),
        ("Records in", "stat", "reqps", 3, [(rate("copydesk_records_in_total"), "")], "Raw records read a second."),
        ("Records behind", "stat", "short", 3, [(total("copydesk_lag_records"), "")], "Committed raw records that are still to be worked off."),
        ("Rejected", "stat", "percentunit", 3, [(rate("copydesk_records_out_total", selector='{outcome="rejected"}') + " / clamp_min("
                                                  + rate("copydesk_records_out_total") + ", 1e-9)", "")], "Share of the outcomes."),
        ("End to end, p99", "stat", "s", 3, [(quantile(0.99, "copydesk_end_to_end_latency_seconds"), "")], "From a raw record's timestamp to the commit of its outcome."),
        ("Ledger breaches", "stat", "short", 3, [(total("copydesk_ledger_breaches_total"), "")], "Anything but 0 is a fault of the program: report it."),
        ("Silent sources", "stat", "short", 3, [(total("copydesk_sources_silent"), "")], "Sources that published steadily and have stopped."),
        ("Rulebooks in use", "stat", "short", 3, [("count(count by (digest) (copydesk_rulebook_info" + OF_GROUP + "))", "")], "More than one for long: a member was not told to reload."),
    ]),
    ("Flow", [
        ("Records by outcome", "timeseries", "reqps", 12, [(rate("copydesk_records_in_total"), "in"), (rate("copydesk_records_out_total", "outcome"), "{{outcome}}"),
                                                            (rate("copydesk_records_committed_total"), "committed")], "Counted at the work; committed counts each raw record once."),
        ("Bytes", "timeseries", "Bps", 12, [(rate("copydesk_bytes_in_total"), "in"), (rate("copydesk_bytes_out_total", "outcome"), "{{outcome}}")], ""),
        ("Records behind, by topic", "timeseries", "short", 12, [(total("copydesk_lag_records", "topic"), "{{topic}}")], ""),
        ("Records behind, the ten worst partitions", "timeseries", "short", 12, [(top(10, total("copydesk_lag_records", "topic, partition")), "{{topic}} {{partition}}")], ""),
        ("Ledger: committed records by outcome", "timeseries", "reqps", 12, [(rate("copydesk_ledger_records_total", "outcome"), "{{outcome}}")], "in is the sum of the others."),
        ("Rejected by code", "timeseries", "reqps", 12, [(rate("copydesk_rejected_by_code_total", "code") , "{{code}}")], "docs/errors.md has what each code means."),
    ]),
    ("Time", [
        ("End to end", "timeseries", "s", 8, [(quantile(q, "copydesk_end_to_end_latency_seconds"), f"p{q * 100:g}") for q in (0.5, 0.95, 0.99)], ""),
        ("One record in the engine", "timeseries", "s", 8, [(quantile(q, "copydesk_record_duration_seconds"), f"p{q * 100:g}") for q in (0.5, 0.95, 0.99)], ""),
        ("Commit", "timeseries", "s", 8, [(quantile(q, "copydesk_commit_duration_seconds"), f"p{q * 100:g}") for q in (0.5, 0.99)], ""),
        ("Stages: share of the time", "timeseries", "percentunit", 12, [
            (rate("copydesk_stage_duration_seconds_sum", "stage") + " / ignoring (stage) group_left () clamp_min(" + rate("copydesk_stage_duration_seconds_sum") + ", 1e-9)",
             "{{stage}}")], "One record in 64 is measured."),
        ("Transactions", "timeseries", "ops", 6, [(rate("copydesk_transactions_total", "result"), "{{result}}")], ""),
        ("Rebalances, rewinds, new clients", "timeseries", "ops", 6, [(rate("copydesk_rebalances_total", "event"), "{{event}}"), (rate("copydesk_rewinds_total"), "rewinds"),
                                                                      (rate("copydesk_lane_rebuilds_total"), "new clients")], ""),
    ]),
    ("What flows", [
        ("Subjects", "timeseries", "reqps", 8, [(top(15, rate("copydesk_records_by_subject_total", "name")), "{{name}}")], "By the first subject of a record."),
        ("Languages", "timeseries", "reqps", 8, [(top(15, rate("copydesk_records_by_language_total", "language")), "{{language}}")], ""),
        ("Sources", "timeseries", "reqps", 8, [(top(15, rate("copydesk_records_by_source_total", "source")), "{{source}}")], ""),
        ("Silent sources", "table", "s", 24, [("max by (source) (copydesk_source_silent_seconds" + OF_GROUP + ')\n  unless on (source) sum by (source) (increase('
                                               'copydesk_records_by_source_total{source!="other"}[30m])) > 0', "{{source}}")], "How long each has been silent."),
    ]),
    ("Members", [
        ("Lanes by state", "timeseries", "short", 8, [(total("copydesk_lane_state", "state"), "{{state}}")], ""),
        ("Partitions by member", "timeseries", "short", 8, [(total("copydesk_lane_partitions", "instance"), "{{instance}}")], ""),
        ("Seconds since the last commit", "timeseries", "s", 8, [("time() - " + total("copydesk_lane_last_commit_timestamp_seconds", "instance", "max"), "{{instance}}")],
         "Grows on a member without work."),
        ("CPU", "timeseries", "percentunit", 8, [("sum by (instance) (rate(process_cpu_seconds_total[$__rate_interval])" + OF_GROUP + ")", "{{instance}}")], "1 is one core."),
        ("Memory", "timeseries", "bytes", 8, [(total("process_resident_memory_bytes", "instance"), "{{instance}}")], ""),
        ("Queues", "timeseries", "bytes", 8, [(total("copydesk_consumer_queue_bytes"), "read ahead"), (total("copydesk_producer_queue_bytes"), "to be sent")], ""),
    ]),
    ("Brokers", [
        ("Time of a request, p99", "timeseries", "s", 8, [(total("copydesk_broker_rtt_p99_seconds", "side, broker", "max"), "{{side}} {{broker}}")], ""),
        ("Traffic", "timeseries", "Bps", 8, [(rate("copydesk_broker_received_bytes_total", "broker"), "from {{broker}}"), (rate("copydesk_broker_sent_bytes_total", "broker"), "to {{broker}}")], ""),
        ("Errors and lost connections", "timeseries", "ops", 8, [(rate("copydesk_broker_errors_total", "kind"), "{{kind}}"), (rate("copydesk_broker_disconnects_total"), "disconnects")], ""),
    ]),
]

SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def panel(number, spec, x, y):
    title, kind, unit, width, queries, description = spec
    height = 4 if kind == "stat" else 8
    made = {"id": number, "title": title, "type": kind, "description": description, "datasource": SOURCE, "gridPos": {"x": x, "y": y, "w": width, "h": height},
            "fieldConfig": {"defaults": {"unit": unit, "min": 0}, "overrides": []}, "options": {},
            "targets": [{"refId": chr(ord("A") + i), "expr": expr, "legendFormat": legend or "__auto", "datasource": SOURCE, "instant": kind == "table",
                         "format": "table" if kind == "table" else "time_series"} for i, (expr, legend) in enumerate(queries)]}
    if title == "Ledger breaches":
        made["fieldConfig"]["defaults"]["thresholds"] = {"mode": "absolute", "steps": [{"color": "green", "value": None}, {"color": "red", "value": 1}]}
    if kind == "timeseries":
        made["options"] = {"legend": {"displayMode": "table", "placement": "right", "calcs": ["lastNotNull", "max"]}, "tooltip": {"mode": "multi", "sort": "desc"}}
    return made, height


def panels():
    made, y, number = [], 0, 1
    for row, specs in ROWS:
        made.append({"id": number, "type": "row", "title": row, "collapsed": False, "gridPos": {"x": 0, "y": y, "w": 24, "h": 1}, "panels": []})
        number, y, x, height = number + 1, y + 1, 0, 0
        for spec in specs:
            if x + spec[3] > 24:
                x, y = 0, y + height
            one, height = panel(number, spec, x, y)
            made.append(one)
            number, x = number + 1, x + spec[3]
        y += height
    return made


DASHBOARD = {
    "title": "copydesk", "uid": "copydesk", "tags": ["kafka", "news"], "schemaVersion": 39, "version": 1, "editable": True, "refresh": "10s",
    "time": {"from": "now-1h", "to": "now"}, "timezone": "browser", "graphTooltip": 1,
    "templating": {"list": [
        {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data source"},
        {"name": "group", "type": "query", "label": "Group", "datasource": SOURCE, "query": {"query": "label_values(copydesk_instance_info, group)", "refId": "group"},
         "includeAll": True, "multi": True, "allValue": ".*", "current": {"text": "All", "value": "$__all"}, "refresh": 2}]},
    "panels": panels(),
}

if __name__ == "__main__":
    print(json.dumps(DASHBOARD, indent=1, ensure_ascii=False))
