"""enrich.py BROKERS RAW ENRICHED LEXICON_FOLDER: the peer in Python, as many news teams run it: confluent-kafka, trafilatura for pages, one compiled pattern for
residue, pyahocorasick for topics and names. At least once: offsets are committed after the output was flushed, each 100 ms."""
import collections
import json
import pathlib
import re
import sys
import time
import unicodedata

import ahocorasick
import trafilatura
from confluent_kafka import Consumer, Producer

BROKERS, RAW, ENRICHED, FOLDER = sys.argv[1], sys.argv[2], sys.argv[3], pathlib.Path(sys.argv[4])
COMMIT_SECONDS, SHARE_MIN, SCORE_MIN, LINE_MAX = 0.1, 0.3, 3, 600

residue = re.compile("|".join(f"(?:{line})" for line in (FOLDER / "residue.txt").read_text("utf-8").splitlines()), re.IGNORECASE)
broader = dict(line.split("\t") for line in (FOLDER / "topics.tsv").read_text("utf-8").splitlines())
tracking = re.compile(r"[?&]utm_[^&#]*")
words = re.compile(r"\w+")


def chain(topic):
    while topic:
        yield topic
        topic = broader.get(topic)


terms = ahocorasick.Automaton()
lexicon = collections.defaultdict(list)
for line in (FOLDER / "lexicon.tsv").read_text("utf-8").splitlines():
    word, uri, weight = line.split("\t")
    lexicon[word] += [(topic, int(weight)) for topic in chain(uri)]
for word, topics in lexicon.items():
    terms.add_word(word, (len(word), topics))
terms.make_automaton()
names = ahocorasick.Automaton()
for line in (FOLDER / "names.tsv").read_text("utf-8").splitlines():
    form, kind, name = line.split("\t")
    names.add_word(form, (len(form), (kind, name)))
names.make_automaton()


def found(automaton, text):
    """What stands as whole words."""
    for end, (size, what) in automaton.iter(text):
        if not (end - size >= 0 and text[end - size].isalnum()) and not text[end + 1:end + 2].isalnum():
            yield what


def subjects(text):
    scores = collections.Counter()
    for topics in found(terms, text.lower()):
        for topic, weight in topics:
            scores[topic] += weight
    most = max(scores.values(), default=0)
    return [{"uri": uri, "confidence": score / (most + 1)} for uri, score in scores.most_common() if score >= SCORE_MIN and score >= SHARE_MIN * most]


def enrich(value):
    record = json.loads(value)
    out = {"id": record.get("id"), "url": record.get("url"), "canonical_url": tracking.sub("", record.get("url", "")), "title": record.get("title"),
           "published_at": record.get("published_at"), "language": record.get("language", "en")}
    if "html" in record:
        page = trafilatura.bare_extraction(record["html"], url=record.get("url"), include_comments=False, include_tables=False, with_metadata=False)
        text = (page.text if page else "") or ""
        out.update(title=(page.title if page else None) or out["title"], authors=[page.author] if page and page.author else [])
    else:
        text = record.get("text", "")
    lines = (" ".join(line.split()) for line in unicodedata.normalize("NFC", text).split("\n"))
    body = "\n\n".join(line for line in lines if line and not (len(line) < LINE_MAX and residue.fullmatch(line)))
    counts = collections.Counter(found(names, body))
    out.update(body=body, word_count=len(words.findall(body)), subjects=subjects(f"{out['title']}\n{body}"),
               places=[{"name": name, "count": count} for (kind, name), count in counts.most_common() if kind == "place"],
               organisations=[{"name": name, "count": count} for (kind, name), count in counts.most_common() if kind != "place"])
    return json.dumps(out, ensure_ascii=False).encode()


consumer = Consumer({"bootstrap.servers": BROKERS, "group.id": ENRICHED, "auto.offset.reset": "earliest", "enable.auto.commit": False})
producer = Producer({"bootstrap.servers": BROKERS, "linger.ms": 20, "enable.idempotence": True})
consumer.subscribe([RAW])
committed, is_open = time.monotonic(), False
while True:
    for message in consumer.consume(200, COMMIT_SECONDS / 2):
        if not message.error():
            producer.produce(ENRICHED, enrich(message.value()), message.key())
            is_open = True
    producer.poll(0)
    if is_open and time.monotonic() - committed > COMMIT_SECONDS:
        producer.flush()
        consumer.commit(asynchronous=False)
        committed, is_open = time.monotonic(), False
