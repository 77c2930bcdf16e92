"""Numbered records: what is produced, and whether each came out exactly once and in order, by Kafka's own Java client."""
import json
import random
import subprocess
import threading

TEXTS = ["The minister said on Monday that talks on the border would go on.", "Le gouvernement a annoncé mardi une hausse des prix.",
         "Der Trainer sagte nach dem Spiel, die Mannschaft habe gut gespielt.", "La policía detuvo a tres personas en Madrid."]
KEYS = 5000


def is_rejected(number):
    return number % 100 == 57


def is_tombstone(number):
    return number % 100 == 83


def size_of(number):
    """0.2 to 900 KB: most are short, one in 2,000 is very long."""
    if number % 2000 == 999:
        return 900_000
    if number % 200 == 99:
        return 40_000
    return 200 + number * 7919 % 1800


def line(number):
    key = f"key-{number % KEYS}"
    if is_tombstone(number):
        return f"{key}\t"
    if is_rejected(number):
        return f"{key}\t" + json.dumps({"id": f"r{number}", "text": number})
    text = f"{TEXTS[number % len(TEXTS)]} ({number})"
    text += " word" * max(0, (size_of(number) - len(text)) // 5)
    return f"{key}\t" + json.dumps({"id": f"r{number}", "text": text}, ensure_ascii=False)


class Producer:
    """Produces the numbers 0..count-1 at an even pace in a thread, through kcat, idempotent, whatever happens to the brokers (-E: also
    when all are away at once)."""

    def __init__(self, bootstrap, topic, count, seconds):
        self.count, self.seconds = count, seconds
        self.child = subprocess.Popen(["kcat", "-b", bootstrap, "-P", "-E", "-t", topic, "-K", "\t", "-Z", "-X", "enable.idempotence=true", "-X", "acks=all",
                                       "-X", "message.timeout.ms=280000", "-X", "linger.ms=20"], stdin=subprocess.PIPE)
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self):
        chunk = max(1, self.count // max(1, int(self.seconds * 10)))
        for first in range(0, self.count, chunk):
            data = "".join(line(n) + "\n" for n in range(first, min(first + chunk, self.count)))
            self.child.stdin.write(data.encode())
            self.child.stdin.flush()
            self.stop.wait(0.1)
        self.child.stdin.close()

    def finish(self):
        self.thread.join(600)
        if self.child.wait(300):
            raise SystemExit(f"the producer failed with {self.child.returncode}")


def provenance(record, is_rejected_topic):
    headers = dict(record["headers"])
    if is_rejected_topic:
        return int(headers["copydesk.error.partition"]), int(headers["copydesk.error.offset"])
    return tuple(int(part) for part in headers["copydesk.provenance"].decode().split("/")[1:])


def number_of(record):
    """The number in the value: of an enriched, a raw or a rejected record; None for tombstones."""
    return None if record["value"] is None else int(json.loads(record["value"])["id"][1:])


def check(raw, enriched, rejected, count):
    """Faults as texts: lost, double, out of order, changed."""
    faults = []
    numbers = sorted(n for r in raw if (n := number_of(r)) is not None)
    wanted = [n for n in range(count) if not is_tombstone(n)]
    if numbers != wanted:
        faults.append(f"the raw topic itself holds {len(numbers)} numbers instead of {len(wanted)}: the producer is at fault")
    source = {(r["partition"], r["offset"]): r for r in raw}
    seen = {}
    for records, is_rejected_topic in ((enriched, False), (rejected, True)):
        last = {}
        for record in records:
            place = provenance(record, is_rejected_topic)
            origin = source.get(place)
            if origin is None:
                faults.append(f"published of {place}, where no raw record stands")
                continue
            if place in seen:
                faults.append(f"double: {place}")
            seen[place] = record
            if record["key"] != origin["key"] or record["timestamp"] != origin["timestamp"] or number_of(record) != number_of(origin):
                faults.append(f"changed: {place}")
            # Within a raw partition, and with it within a key, order is kept in each partition of the output.
            if place[1] <= last.get((place[0], record["partition"]), -1):
                faults.append(f"out of order: {place} at {record['partition']}/{record['offset']}")
            last[place[0], record["partition"]] = place[1]
            if is_rejected_topic != (origin["value"] is not None and is_rejected(number_of(origin))):
                faults.append(f"in the wrong topic: {place}")
    faults += [f"lost: {place}" for place in source if place not in seen]
    return faults


def seeded(seed):
    return random.Random(f"copydesk chaos {seed}")
