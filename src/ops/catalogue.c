/* One row a family of metrics. Order of the page. */
#include "ops/catalogue.h"

static const struct family_row ROWS[FAMILY_COUNT] = {
    [FAMILY_BUILD_INFO] = {"copydesk_build_info", FAMILY_GAUGE, "version,librdkafka,jansson,pcre2",
                           "Versions of the program and its libraries; always 1."},
    [FAMILY_INSTANCE_INFO] = {"copydesk_instance_info", FAMILY_GAUGE, "instance,group,delivery",
                              "Which instance of which consumer group this is; always 1."},
    [FAMILY_RECORDS_IN] = {"copydesk_records_in_total", FAMILY_COUNTER, "lane",
                           "Raw records read; what an abort takes back is read, and counted, "
                           "again."},
    [FAMILY_BYTES_IN] = {"copydesk_bytes_in_total", FAMILY_COUNTER, "lane",
                         "Bytes of raw values read."},
    [FAMILY_RECORDS_OUT] = {"copydesk_records_out_total", FAMILY_COUNTER, "lane,outcome",
                            "Records by outcome: enriched, rejected, passed (tombstones), skipped "
                            "(dropped by a stage)."},
    [FAMILY_BYTES_OUT] = {"copydesk_bytes_out_total", FAMILY_COUNTER, "lane,outcome",
                          "Bytes of values produced, by outcome: enriched or rejected."},
    [FAMILY_RECORDS_COMMITTED] = {"copydesk_records_committed_total", FAMILY_COUNTER, "lane",
                                  "Records whose offsets were committed: each raw record once."},
    [FAMILY_REJECTED_BY_CODE] = {"copydesk_rejected_by_code_total", FAMILY_COUNTER, "code",
                                 "Rejected records by error code (docs/errors.md)."},
    [FAMILY_LEDGER_RECORDS] = {"copydesk_ledger_records_total", FAMILY_COUNTER,
                               "topic,partition,outcome",
                               "Committed records by raw partition and outcome; in is the sum of "
                               "the others."},
    [FAMILY_LEDGER_BREACHES] = {"copydesk_ledger_breaches_total", FAMILY_COUNTER, "lane",
                                "Commits refused because a ledger did not add up; the lane "
                                "stopped."},
    [FAMILY_STALE_MESSAGES] = {"copydesk_stale_messages_total", FAMILY_COUNTER, "lane",
                               "Messages that the client delivered again and that were left out."},
    [FAMILY_END_TO_END_LATENCY] = {"copydesk_end_to_end_latency_seconds", FAMILY_HISTOGRAM, "",
                                   "From the raw record's Kafka timestamp to the commit that "
                                   "published its outcome."},
    [FAMILY_RECORD_DURATION] = {"copydesk_record_duration_seconds", FAMILY_HISTOGRAM, "",
                                "Time of one record in the engine, all stages."},
    [FAMILY_STAGE_DURATION] = {"copydesk_stage_duration_seconds", FAMILY_HISTOGRAM, "stage",
                               "Time of one record in one stage; one record in 64 is measured."},
    [FAMILY_TRANSACTIONS] = {"copydesk_transactions_total", FAMILY_COUNTER, "lane,result",
                             "Transactions (at least once: offset commits) by result: committed "
                             "or aborted."},
    [FAMILY_TRANSACTION_DURATION] = {"copydesk_transaction_duration_seconds", FAMILY_HISTOGRAM,
                                     "result",
                                     "From the first record of a transaction to its "
                                     "end, by result."},
    [FAMILY_COMMIT_DURATION] = {"copydesk_commit_duration_seconds", FAMILY_HISTOGRAM, "",
                                "Time that a successful commit itself took."},
    [FAMILY_REWINDS] = {"copydesk_rewinds_total", FAMILY_COUNTER, "lane",
                        "Times a lane went back to its last commit."},
    [FAMILY_REBALANCES] = {"copydesk_rebalances_total", FAMILY_COUNTER, "lane,event",
                           "Rebalance events: assigned, revoked, lost, failed."},
    [FAMILY_LANE_REBUILDS] = {"copydesk_lane_rebuilds_total", FAMILY_COUNTER, "lane",
                              "Times a lane made its clients anew after a fatal error."},
    [FAMILY_LANE_STATE] = {"copydesk_lane_state", FAMILY_GAUGE, "lane,state",
                           "1 for the state a lane is in: starting, joining, running, waiting, "
                           "stopped, failed."},
    [FAMILY_LANE_PARTITIONS] = {"copydesk_lane_partitions", FAMILY_GAUGE, "lane",
                                "Partitions assigned to a lane."},
    [FAMILY_LANE_STUCK] = {"copydesk_lane_stuck", FAMILY_GAUGE, "lane",
                           "1 when a lane has records to read and has not committed, or has not "
                           "polled, for health.stuck_after."},
    [FAMILY_LANE_LAST_POLL] = {"copydesk_lane_last_poll_timestamp_seconds", FAMILY_GAUGE, "lane",
                               "When a lane last went round its loop; 0 before the first time."},
    [FAMILY_LANE_LAST_COMMIT] = {"copydesk_lane_last_commit_timestamp_seconds", FAMILY_GAUGE,
                                 "lane", "When a lane last committed; 0 before the first time."},
    [FAMILY_LAG] = {"copydesk_lag_records", FAMILY_GAUGE, "topic,partition",
                    "Committed raw records of an assigned partition that are still to be "
                    "processed and committed."},
    [FAMILY_COMMITTED_OFFSET] = {"copydesk_committed_offset", FAMILY_GAUGE, "topic,partition",
                                 "Offset up to which an assigned partition is done."},
    [FAMILY_END_OFFSET] = {"copydesk_end_offset", FAMILY_GAUGE, "topic,partition",
                           "Last stable offset of an assigned partition."},
    [FAMILY_CONSUMER_QUEUE_MESSAGES] = {"copydesk_consumer_queue_messages", FAMILY_GAUGE, "lane",
                                        "Messages read ahead from the brokers."},
    [FAMILY_CONSUMER_QUEUE_BYTES] = {"copydesk_consumer_queue_bytes", FAMILY_GAUGE, "lane",
                                     "Bytes read ahead from the brokers."},
    [FAMILY_PRODUCER_QUEUE_MESSAGES] = {"copydesk_producer_queue_messages", FAMILY_GAUGE, "lane",
                                        "Messages on their way to the brokers."},
    [FAMILY_PRODUCER_QUEUE_BYTES] = {"copydesk_producer_queue_bytes", FAMILY_GAUGE, "lane",
                                     "Bytes on their way to the brokers."},
    [FAMILY_LIVE] = {"copydesk_live", FAMILY_GAUGE, "", "What /healthz says: 1 is live."},
    [FAMILY_READY] = {"copydesk_ready", FAMILY_GAUGE, "", "What /readyz says: 1 is ready."},
    [FAMILY_DRAINING] = {"copydesk_draining", FAMILY_GAUGE, "", "1 while the process is stopping."},
    [FAMILY_RULEBOOK_INFO] = {"copydesk_rulebook_info", FAMILY_GAUGE, "digest",
                              "Digest of the rulebook in use; always 1."},
    [FAMILY_RULEBOOK_RELOADS] = {"copydesk_rulebook_reloads_total", FAMILY_COUNTER, "result",
                                 "Reloads of the rulebook by result: taken or refused."},
    [FAMILY_RULEBOOK_LAST_RELOAD] = {"copydesk_rulebook_last_reload_successful", FAMILY_GAUGE, "",
                                     "0 when the last reload was refused and the old rulebook is "
                                     "still in use."},
    [FAMILY_RULEBOOK_LOADED] = {"copydesk_rulebook_loaded_timestamp_seconds", FAMILY_GAUGE, "",
                                "When the rulebook in use was loaded."},
    [FAMILY_BY_SUBJECT] = {"copydesk_records_by_subject_total", FAMILY_COUNTER, "subject,name",
                           "Enriched records by their first subject: the most frequent 50, the "
                           "rest as other, without one as none."},
    [FAMILY_BY_LANGUAGE] = {"copydesk_records_by_language_total", FAMILY_COUNTER, "language",
                            "Enriched records by language: the most frequent 40, the rest as "
                            "other, without one as none."},
    [FAMILY_BY_SOURCE] = {"copydesk_records_by_source_total", FAMILY_COUNTER, "source",
                          "Enriched records by source domain: the most frequent 100, the rest as "
                          "other, without one as none."},
    [FAMILY_SOURCES_TRACKED] = {"copydesk_sources_tracked", FAMILY_GAUGE, "",
                                "Sources whose rhythm is known; at most 2048."},
    [FAMILY_SOURCES_SILENT] = {"copydesk_sources_silent", FAMILY_GAUGE, "",
                               "Sources that published steadily and have stopped."},
    [FAMILY_SOURCE_SILENT] = {"copydesk_source_silent_seconds", FAMILY_GAUGE, "source",
                              "How long a source that published steadily has been silent; silent "
                              "ones only, the 50 most active before."},
    [FAMILY_BROKER_CONNECTIONS] = {"copydesk_broker_connections", FAMILY_GAUGE, "side,broker",
                                   "Connections to a broker that are up, of all lanes."},
    [FAMILY_BROKER_RTT_AVERAGE] = {"copydesk_broker_rtt_average_seconds", FAMILY_GAUGE,
                                   "side,broker",
                                   "Average time of a request, of the slowest "
                                   "lane."},
    [FAMILY_BROKER_RTT_P99] = {"copydesk_broker_rtt_p99_seconds", FAMILY_GAUGE, "side,broker",
                               "99th percentile of a request's time, of the slowest lane."},
    [FAMILY_BROKER_REQUESTS] = {"copydesk_broker_sent_requests_total", FAMILY_COUNTER,
                                "side,broker", "Requests sent to a broker."},
    [FAMILY_BROKER_SENT_BYTES] = {"copydesk_broker_sent_bytes_total", FAMILY_COUNTER, "side,broker",
                                  "Bytes sent to a broker."},
    [FAMILY_BROKER_RECEIVED_BYTES] = {"copydesk_broker_received_bytes_total", FAMILY_COUNTER,
                                      "side,broker", "Bytes received from a broker."},
    [FAMILY_BROKER_DISCONNECTS] = {"copydesk_broker_disconnects_total", FAMILY_COUNTER,
                                   "side,broker", "Connections to a broker that ended."},
    [FAMILY_BROKER_ERRORS] = {"copydesk_broker_errors_total", FAMILY_COUNTER, "side,broker,kind",
                              "Errors by kind: send, receive, timeout."},
    [FAMILY_SHADOW_RECORDS] = {"copydesk_shadow_records_total", FAMILY_COUNTER, "outcome",
                               "Sampled records of the shadow rulebook; dropped: the queue was "
                               "full. Only with a shadow."},
    [FAMILY_SHADOW_DIFFERENCES] = {"copydesk_shadow_differences_total", FAMILY_COUNTER, "kind",
                                   "Differences that the shadow found, by kind. Only with a "
                                   "shadow."},
    [FAMILY_PROCESS_CPU] = {"process_cpu_seconds_total", FAMILY_COUNTER, "",
                            "User and system CPU time."},
    [FAMILY_PROCESS_RESIDENT] = {"process_resident_memory_bytes", FAMILY_GAUGE, "",
                                 "Resident memory."},
    [FAMILY_PROCESS_VIRTUAL] = {"process_virtual_memory_bytes", FAMILY_GAUGE, "",
                                "Virtual memory."},
    [FAMILY_PROCESS_OPEN_FDS] = {"process_open_fds", FAMILY_GAUGE, "", "Open file descriptors."},
    [FAMILY_PROCESS_MAX_FDS] = {"process_max_fds", FAMILY_GAUGE, "",
                                "File descriptors that may be open."},
    [FAMILY_PROCESS_THREADS] = {"process_threads", FAMILY_GAUGE, "", "Threads."},
    [FAMILY_PROCESS_START] = {"process_start_time_seconds", FAMILY_GAUGE, "",
                              "When the process started."},
};

const struct family_row *family_row(enum family family)
{
    return &ROWS[family];
}

const char *family_type_name(enum family_type type)
{
    static const char *const names[] = {"counter", "gauge", "histogram"};
    return names[type];
}
