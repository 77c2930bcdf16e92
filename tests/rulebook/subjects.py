#!/usr/bin/env python3
"""Counts the terms of the built-in lexicons: each language must know every top-level topic, and enough topics must have words.

usage: subjects.py   prints the least and all that are short; exit 1 when any is"""
import collections
import pathlib
import re
import sys

SUBJECTS = pathlib.Path(__file__).resolve().parents[2] / "deploy/rulebook/subjects"
LEAST, LEAST_OF = 150, {"en": 400, "fr": 400}
TOPICS_BELOW = 150


def tops_of():
    """The top-level topic of each topic; broader ones stand first."""
    tops = {}
    for uri, rest in re.findall(r"(?m)^  (medtop:\d+): \{(.*)\}", (SUBJECTS / "topics.yaml").read_text(encoding="utf-8")):
        broader = re.search(r"broader: (medtop:\d+)", rest)
        tops[uri] = tops[broader.group(1)] if broader else uri
    return tops


def counts_of(paths):
    counts = collections.Counter()
    for path in paths:
        parts = re.split(r"(?m)^  (\S+):[ \t]*(?:#.*)?$", path.read_text(encoding="utf-8"))
        for topic, block in zip(parts[1::2], parts[2::2]):
            for terms in re.findall(r"(?m)^    \d: \[([^\]]*)\]", block):
                counts[topic] += len(terms.split(","))
    return counts


def main():
    tops, files, is_short = tops_of(), collections.defaultdict(list), False
    for path in sorted(SUBJECTS.rglob("*.yaml")):
        if code := re.search(r"(?m)^language: (\w+)", path.read_text(encoding="utf-8")):
            files[code.group(1)].append(path)
    for language, paths in sorted(files.items()):
        counts, by_top = counts_of(paths), collections.Counter({top: 0 for top in tops.values()})
        for topic, count in counts.items():
            by_top[tops.get(topic, topic)] += count if topic in tops else 0
        least = LEAST_OF.get(language, LEAST)
        below = sum(topic in tops and tops[topic] != topic for topic in counts)
        short = {top: count for top, count in by_top.items() if top in tops and count < least}
        print(f"{language}: {sum(by_top.values())} terms, {below} topics below the top, least {min(by_top[t] for t in set(tops.values()))} of {least}")
        if short or below < TOPICS_BELOW:
            is_short = True
            print(f"  short: {short or below}")
    return 1 if is_short or len(set(tops.values())) != 17 else 0


if __name__ == "__main__":
    sys.exit(main())
