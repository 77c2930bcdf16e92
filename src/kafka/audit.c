/* The recount: published records mark the raw offsets they speak of, then the raw records are read
 * and what has no mark is lost. */
#include "kafka/audit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kafka/audit_parts.h"

enum { OUTCOMES = AUDIT_ENRICHED | AUDIT_REJECTED | AUDIT_PASSED | AUDIT_SKIPPED };

static void add_fault(struct audit *audit, enum audit_kind kind, const struct coordinates *raw,
                      const rd_kafka_message_t *published)
{
    audit->counts[kind]++;
    if (audit->faults_count == AUDIT_FAULTS_MAX)
        return;
    if (!audit->faults)
        audit->faults = calloc(AUDIT_FAULTS_MAX, sizeof *audit->faults);
    if (!audit->faults) {
        audit->is_out_of_memory = true;
        return;
    }
    struct audit_fault *fault = &audit->faults[audit->faults_count++];
    *fault = (struct audit_fault){.kind = kind};
    if (raw)
        fault->raw = *raw;
    if (!published)
        return;
    snprintf(fault->published.topic, TOPIC_SIZE, "%s", rd_kafka_topic_name(published->rkt));
    fault->published.partition = published->partition;
    fault->published.offset = published->offset;
}

static bool tell(void *context)
{
    struct audit *audit = context;
    if (audit->options.progress)
        audit->options.progress(audit->options.context, audit->done, audit->total);
    return false;
}

/* --- published records --------------------------------------------------------------------- */

static const struct audit_target *target_of(const struct audit *audit, size_t index)
{
    const char *topic = audit->published.parts[index].topic;
    for (size_t i = 0; i < audit->targets_count; i++)
        if (!strcmp(audit->targets[i].topic, topic))
            return &audit->targets[i];
    return &audit->targets[0];
}

/* The audited raw partition that the coordinates name; audit->raw.count when there is none. */
static size_t find_raw(const struct audit *audit, const struct coordinates *raw)
{
    size_t i = 0;
    while (i < audit->raw.count && (audit->parts[i].partition != raw->partition ||
                                    strcmp(audit->parts[i].topic, raw->topic)))
        i++;
    return i;
}

static bool is_trimmed(const struct reader_part *part)
{
    return part->low > 0;
}

/* The first record that retention has left in a partition tells how old an outcome must be to have
 * gone with those before it. It need not stand at the first offset: a marker may. */
static void look_at_trim(struct audit *audit, size_t index, const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    bool is_first = !audit->is_begun[index];
    audit->is_begun[index] = true;
    if (!is_first || !is_trimmed(&audit->published.parts[index]) ||
        type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE)
        return;
    if (audit->trimmed_ms == DESK_NO_TIME || ms > audit->trimmed_ms)
        audit->trimmed_ms = ms;
}

/* Where retention has left nothing, nothing tells how young the outcomes were that went. */
static void look_at_emptied(struct audit *audit)
{
    for (size_t i = 0; i < audit->published.count; i++)
        if (is_trimmed(&audit->published.parts[i]) && !audit->is_begun[i])
            audit->trimmed_ms = INT64_MAX;
}

static void mark(struct audit *audit, size_t published, const struct coordinates *raw,
                 const rd_kafka_message_t *message, enum audit_mark outcome)
{
    size_t index = find_raw(audit, raw);
    if (index == audit->raw.count)
        return; /* of a topic that is not audited */
    struct audit_part *part = &audit->parts[index];
    if (raw->offset >= part->end) {
        add_fault(audit, AUDIT_UNFOUNDED, raw, message);
        return;
    }
    if (raw->offset < part->from || raw->offset >= part->to)
        return; /* expired, not asked for, or not committed yet */
    uint8_t *marks = &part->marks[raw->offset - part->from];
    int64_t *last = &audit->last[published * audit->raw.count + index];
    if (*marks & OUTCOMES) {
        part->repeated++;
        add_fault(audit, AUDIT_DOUBLE, raw, message);
    } else if (raw->offset < *last) {
        add_fault(audit, AUDIT_OUT_OF_ORDER, raw, message);
    }
    if (raw->offset > *last)
        *last = raw->offset;
    *marks |= (uint8_t)outcome;
}

/* What a published record is, and of which raw record; 0 when it names none. */
static enum audit_mark outcome_of(const struct audit_target *target,
                                  const rd_kafka_message_t *message, struct coordinates *raw)
{
    if (target->is_rejected)
        return coordinates_of_rejected(message, raw)  ? AUDIT_REJECTED
               : coordinates_of_skipped(message, raw) ? AUDIT_SKIPPED
                                                      : AUDIT_NOTHING;
    if (!coordinates_of_enriched(message, raw))
        return AUDIT_NOTHING;
    return message->payload ? AUDIT_ENRICHED : AUDIT_PASSED;
}

static enum reader_next take_published(void *context, size_t index,
                                       const rd_kafka_message_t *message)
{
    struct audit *audit = context;
    const struct audit_target *target = target_of(audit, index);
    struct coordinates raw;
    audit->done++;
    look_at_trim(audit, index, message);
    if (target->is_compacted)
        audit_remember_key(audit, message);
    enum audit_mark outcome = outcome_of(target, message, &raw);
    if (outcome)
        mark(audit, index, &raw, message, outcome);
    else
        add_fault(audit, AUDIT_NAMELESS, NULL, message);
    return audit->is_out_of_memory ? READER_STOP : READER_GO_ON;
}

/* --- raw records --------------------------------------------------------------------------- */

static bool has_expired(const struct audit *audit, const rd_kafka_message_t *message)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(message, &type);
    return audit->trimmed_ms != DESK_NO_TIME && ms <= audit->trimmed_ms;
}

static void judge_missing(struct audit *audit, const struct audit_doubt *doubt)
{
    struct audit_part *part = &audit->parts[doubt->part];
    struct coordinates raw = {.partition = part->partition, .offset = doubt->offset};
    if (audit->is_rekeyed || audit_has_key(audit, doubt->key)) {
        part->superseded++;
    } else if (doubt->is_expired) {
        part->expired++;
    } else {
        memcpy(raw.topic, part->topic, sizeof raw.topic);
        part->lost++;
        add_fault(audit, AUDIT_LOST, &raw, NULL);
    }
}

static void judge(struct audit *audit, size_t index, const rd_kafka_message_t *message)
{
    struct audit_part *part = &audit->parts[index];
    uint8_t marks = part->marks[message->offset - part->from];
    struct audit_doubt doubt = {.key = audit_hash_key(message),
                                .offset = message->offset,
                                .part = (uint32_t)index,
                                .is_expired = has_expired(audit, message)};
    if (marks & AUDIT_ENRICHED)
        part->enriched++;
    else if (marks & AUDIT_PASSED)
        part->passed++;
    else if (marks & AUDIT_REJECTED)
        part->rejected++;
    else if (marks & AUDIT_SKIPPED)
        part->skipped++;
    else if (audit->has_compacted && message->key)
        audit_add_doubt(audit, &doubt);
    else
        judge_missing(audit, &doubt);
}

static enum reader_next take_raw(void *context, size_t index, const rd_kafka_message_t *message)
{
    struct audit *audit = context;
    struct audit_part *part = &audit->parts[index];
    audit->done++;
    part->records++;
    part->marks[message->offset - part->from] |= AUDIT_PRESENT;
    /* Compaction removes a tombstone in the end, and with it all that its key ever had. */
    if (audit->has_compacted && !message->payload)
        audit_remember_key(audit, message);
    judge(audit, index, message);
    return audit->is_out_of_memory ? READER_STOP : READER_GO_ON;
}

static void judge_doubts(struct audit *audit)
{
    for (size_t i = 0; i < audit->doubts_count; i++)
        judge_missing(audit, &audit->doubts[i]);
}

/* --- gaps ---------------------------------------------------------------------------------- */

static enum reader_next take_uncommitted(void *context, size_t index,
                                         const rd_kafka_message_t *message)
{
    struct audit *audit = context;
    struct audit_part *part = &audit->parts[index];
    uint8_t *marks = &part->marks[message->offset - part->from];
    if (!(*marks & AUDIT_PRESENT))
        *marks |= AUDIT_ABORTED;
    return READER_GO_ON;
}

static bool has_gaps(const struct audit_part *part)
{
    return part->records < (uint64_t)(part->to - part->from);
}

/* Partitions without a record at each offset are read once more, with the data that aborted
 * transactions left behind. */
static bool read_uncommitted(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    struct reader reader = {.client = NULL};
    bool good = reader_open(&reader, audit->config, CLIENT_RAW_READER, error);
    for (size_t i = 0; i < audit->raw.count && good; i++) {
        good =
            reader_add_partition(&reader, audit->parts[i].topic, audit->parts[i].partition, error);
        if (!good)
            break;
        reader.parts[i].from = audit->parts[i].from;
        reader.parts[i].to = has_gaps(&audit->parts[i]) ? audit->parts[i].to : 0;
    }
    good = good && reader_run(&reader, take_uncommitted, NULL, audit, error);
    reader_close(&reader);
    return good;
}

static void count_gaps(struct audit *audit, struct audit_part *part)
{
    for (int64_t i = 0; i < part->to - part->from; i++) {
        uint8_t marks = part->marks[i];
        if (marks & AUDIT_PRESENT)
            continue;
        if (!(marks & AUDIT_ABORTED)) {
            part->absent++; /* an outcome may stand for what was compacted away since */
            continue;
        }
        part->aborted++;
        if (marks & OUTCOMES) {
            struct coordinates raw = {.partition = part->partition, .offset = part->from + i};
            memcpy(raw.topic, part->topic, sizeof raw.topic);
            add_fault(audit, AUDIT_UNFOUNDED, &raw, NULL);
        }
    }
}

static bool look_at_gaps(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    bool any = false;
    for (size_t i = 0; i < audit->raw.count; i++)
        any |= has_gaps(&audit->parts[i]);
    if (any && !read_uncommitted(audit, error))
        return false;
    for (size_t i = 0; any && i < audit->raw.count; i++)
        count_gaps(audit, &audit->parts[i]);
    return true;
}

bool audit_run(struct audit *audit, char error[CLIENT_ERROR_SIZE])
{
    if (!reader_run(&audit->published, take_published, tell, audit, error))
        return false;
    look_at_emptied(audit);
    if (!reader_run(&audit->raw, take_raw, tell, audit, error))
        return false;
    judge_doubts(audit);
    if (!audit->is_out_of_memory && !look_at_gaps(audit, error))
        return false;
    if (audit->is_out_of_memory)
        snprintf(error, CLIENT_ERROR_SIZE, "out of memory: narrow the audit with --since, --until");
    return !audit->is_out_of_memory;
}

bool audit_has_faults(const struct audit *audit)
{
    bool may_repeat = audit->config->delivery == DELIVERY_AT_LEAST_ONCE;
    for (enum audit_kind kind = 0; kind < AUDIT_KINDS; kind++)
        if (audit->counts[kind] &&
            !(may_repeat && (kind == AUDIT_DOUBLE || kind == AUDIT_OUT_OF_ORDER)))
            return true;
    return false;
}

const char *audit_kind_name(enum audit_kind kind)
{
    static const char *const names[AUDIT_KINDS] = {"lost", "double", "out of order", "unfounded",
                                                   "nameless"};
    return names[kind];
}
