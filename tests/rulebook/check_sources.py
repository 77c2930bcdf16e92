#!/usr/bin/env python3
"""Checks the outlet table beyond what the program does: codes that exist, domains by the Public Suffix List, no doubles, enough of everything.

    tests/rulebook/check_sources.py [FILE]     Debian packages iso-codes and publicsuffix hold the lists

Prints file:line:column of each fault and a summary; exit 1 when there are any.
"""
import collections
import csv
import json
import re
import sys

ISO = "/usr/share/iso-codes/json/iso_"
SUFFIXES = "/usr/share/publicsuffix/public_suffix_list.dat"
HEAD = ["domain", "name", "country", "language", "type", "confidence"]
TYPES = {"newspaper", "agency", "broadcaster", "magazine", "digital", "government", "blog", "aggregator"}
NAMED_MIN = 3000
# Two-letter domains that anybody registers for their sound say nothing about a country; GB is .uk.
FREE_ENDINGS = set("ac ag ai am as bz ca cc cd co cx dj fm ga gg gl gs im in io is la li ly md me ms mu nu re rs sc sh so st to tk tv vc ws eu".split())


def countries():
    return {entry["alpha_2"] for entry in json.load(open(ISO + "3166-1.json", encoding="utf-8"))["3166-1"]}


def languages():
    codes = set()
    for entry in json.load(open(ISO + "639-3.json", encoding="utf-8"))["639-3"]:
        codes.update(entry[key] for key in ("alpha_2", "alpha_3") if key in entry)
    return codes


class Suffixes:
    def __init__(self, path):
        self.exact, self.wild, self.not_wild = set(), set(), set()
        for line in open(path, encoding="utf-8"):
            rule = line.split()[0] if line.split() else ""
            if rule.startswith("!"):
                self.not_wild.add(rule[1:])
            elif rule.startswith("*."):
                self.wild.add(rule[2:])
            elif rule and not rule.startswith("//"):
                self.exact.add(rule.encode("idna").decode() if not rule.isascii() else rule)

        self.endings = {rule.rsplit(".", 1)[-1] for rule in self.exact | self.wild}

    def holds(self, domain):
        if domain in self.not_wild:
            return False
        return domain in self.exact or "." not in domain or domain.split(".", 1)[1] in self.wild


def faults_of(row, known):
    """(column, text) of each fault."""
    domain, name, country, language, kind, confidence = row
    if not re.fullmatch(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{2,63}", domain):
        yield 0, f"{domain!r} is no domain in lower-case ASCII"
    elif known["suffixes"].holds(domain) and name:
        yield 0, f"{domain!r} is a public suffix; such rows have no name"
    elif "." in domain and domain.rsplit(".", 1)[1] not in known["suffixes"].endings:
        yield 0, f"{domain!r} ends in no known top-level domain"
    if not name and kind not in ("government", "blog"):
        yield 1, "a name is missing"
    if name != name.strip() or len(name) > 80 or "\ufffd" in name or re.search(r"[<>|]|https?:", name):
        yield 1, f"{name!r} is no clean name"
    if country and country not in known["countries"]:
        yield 2, f"{country!r} is no country of ISO 3166-1"
    if language and language.split("-")[0] not in known["languages"]:
        yield 3, f"{language!r} is no language of ISO 639"
    if kind not in TYPES:
        yield 4, f"{kind!r} is no type"
    if confidence not in ("sure", "listed"):
        yield 5, f"{confidence!r} is neither sure nor listed"


def strays(rows):
    """Outlets whose domain belongs to another country than the table says, to be looked at, not faults: exile media, country editions."""
    for domain, name, country, *_ in rows:
        ending = domain.rsplit(".", 1)[-1]
        if len(ending) == 2 and ending not in FREE_ENDINGS and country and ending.upper().replace("UK", "GB") != country:
            yield domain, country


def main():
    path = sys.argv[1] if len(sys.argv) > 1 else "deploy/rulebook/sources.csv"
    known = {"countries": countries(), "languages": languages(), "suffixes": Suffixes(SUFFIXES)}
    seen, rows, faults = {}, [], 0
    for number, line in enumerate(open(path, encoding="utf-8", newline=""), 1):
        if line.startswith("#") or not line.strip():
            continue
        row = next(csv.reader([line]))
        if row == HEAD:
            continue
        if len(row) != len(HEAD):
            found = [(0, f"{len(row)} columns, not {len(HEAD)}")]
        else:
            found = list(faults_of(row, known))
            if row[0] in seen:
                found.append((0, f"{row[0]} stands in line {seen[row[0]]} already"))
            seen[row[0]] = number
            rows.append(row)
        for column, text in found:
            print(f"{path}:{number}:{column + 1}: {text} (column of the table)")
            faults += 1
    named = sum(1 for row in rows if row[1])
    if named < NAMED_MIN:
        print(f"{path}: {named} outlets with a name, at least {NAMED_MIN} are promised")
        faults += 1
    kinds = collections.Counter(row[4] for row in rows)
    print(f"{len(rows)} rows, {named} named, {len({row[2] for row in rows if row[2]})} countries, "
          f"{sum(row[5] == 'sure' for row in rows)} sure, {sum(1 for _ in strays(rows))} with a domain of another country; "
          + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
