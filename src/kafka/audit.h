/* Recounting from the topics alone what became of every raw record: nothing of a lane's own counts
 * is asked. Reads committed data only; what is not there is told apart (aborted, compacted or
 * transaction markers, expired).
 *
 *     struct audit audit;
 *     audit_open(&audit, config, &options, error) && audit_run(&audit, error);
 *     ... audit.parts, audit.faults ...
 *     audit_close(&audit);
 */
#ifndef KAFKA_AUDIT_H
#define KAFKA_AUDIT_H

#include "kafka/reader.h"
#include "kafka/refusal.h"

struct audit_options {
    const char *group; /* whose commits bound the audit; NULL: input.group */
    int64_t since_ms;  /* raw records from this time on, or DESK_NO_TIME */
    int64_t until_ms;  /* and before this one */
    void (*progress)(void *context, int64_t done, int64_t total);
    void *context;
};

/* One raw partition, offsets from..to-1. */
struct audit_part {
    char topic[TOPIC_SIZE];
    int32_t partition;
    int64_t from, to;
    int64_t end;    /* of the partition, asked for after the ends of the published topics */
    uint8_t *marks; /* to - from bytes of enum audit_mark */
    uint64_t records, enriched, rejected, passed, skipped;
    uint64_t lost, repeated;
    uint64_t aborted;    /* offsets whose data an upstream transaction took back */
    uint64_t absent;     /* offsets without a record: compacted away, or transaction markers */
    uint64_t expired;    /* outcomes that an output topic's retention has removed since */
    uint64_t superseded; /* outcomes that an output topic's compaction has removed since */
    bool is_compacted;   /* the topic's cleanup.policy has compact */
};

enum audit_kind {
    AUDIT_LOST,         /* read and committed, but in no output topic */
    AUDIT_DOUBLE,       /* published twice */
    AUDIT_OUT_OF_ORDER, /* published after a later record of its partition */
    AUDIT_UNFOUNDED,    /* published, but there is no such raw record */
    AUDIT_NAMELESS,     /* a published record that names no raw record */
    AUDIT_KINDS
};

struct audit_fault {
    enum audit_kind kind;
    struct coordinates raw;       /* topic empty when there is none */
    struct coordinates published; /* topic empty when there is none */
};

enum { AUDIT_FAULTS_MAX = 10000 };

/* A topic that outcomes are published to. */
struct audit_target {
    char topic[TOPIC_SIZE];
    bool is_rejected, is_compacted;
};

/* A raw record without an outcome, whose key a compacted topic may have removed: judged when all
 * keys are known. */
struct audit_doubt {
    uint64_t key;
    int64_t offset;
    uint32_t part; /* index in parts */
    bool is_expired;
};

struct audit {
    const struct config *config;
    struct audit_options options;
    struct reader raw, published;
    struct audit_part *parts; /* same index as raw.parts */
    struct audit_target *targets;
    size_t targets_count;
    int64_t *last;      /* highest raw offset seen per published partition and raw partition */
    int64_t trimmed_ms; /* outcomes older than that may have expired; DESK_NO_TIME: none */
    bool *is_begun;     /* per published partition: its first record was read */
    bool has_compacted; /* one of the targets is */
    bool is_rekeyed;    /* and its keys are not those of the raw records */
    uint64_t *keys;     /* hashes of the keys in compacted targets, and of raw tombstones: open
                           addressing, 0 is free */
    size_t keys_count, keys_capacity;
    struct audit_doubt *doubts;
    size_t doubts_count, doubts_capacity;
    uint64_t counts[AUDIT_KINDS]; /* all faults, the listed and the others */
    struct audit_fault *faults;   /* the first AUDIT_FAULTS_MAX */
    size_t faults_count;
    int64_t done, total; /* for the progress */
    bool is_out_of_memory;
    char warning[REFUSAL_SIZE]; /* what it had to do without; empty: nothing */
};

/* Connects, finds partitions and bounds. False with the reason. */
bool audit_open(struct audit *audit, const struct config *config,
                const struct audit_options *options, char error[CLIENT_ERROR_SIZE]);
/* Reads everything. False with the reason when it could not be read, whatever it would have said.
 */
bool audit_run(struct audit *audit, char error[CLIENT_ERROR_SIZE]);
void audit_close(struct audit *audit);

/* Whether anything is lost, double (unless delivery is at-least-once, which may repeat), out of
 * order, unfounded or nameless. */
bool audit_has_faults(const struct audit *audit);
const char *audit_kind_name(enum audit_kind kind);

#endif
