#!/usr/bin/env python3
"""The residue rules on texts written for them:

- clean sentences that merely mention the rules' words lose nothing, wherever they stand in an article: those of clean/ and the keep cases of
  the rulebook, more than a thousand;
- each kind of residue of kinds.tsv leaves the article around it as if it had never been there;
- a whole article comes out of an autoblog's template, and of a page with residue at both ends, as it went in;
- what is cleaned once stays as it is when it is cleaned again;
- slugs of agencies go and show a reprint, a place alone stays; odd white space goes, hard-wrapped paragraphs are joined.

    tests/residue/check.py PROGRAM"""
import glob
import json
import os
import re
import subprocess
import sys

FOLDER = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(FOLDER, "..", "..")
PROGRAM = os.path.abspath(sys.argv[1])
FAULTS = []

# A few paragraphs without any word of the rules, in which the texts are put.
ARTICLE = [
    "The river rose by two metres in one night and took the old bridge with it.",
    "Nobody was hurt, because the fishermen had seen the water come and rang the bell of the chapel.",
    "The mayor wants to build the new bridge of stone, as it was before the war.",
    "Engineers doubt that the money will be enough for more than one arch.",
    "Until then a ferry takes the children to school on the other side.",
    "The ferryman is eighty years old and has never missed a day.",
]


def expect(name, got, wanted):
    if got != wanted:
        FAULTS.append(f"{name}: got {str(got)[:400]!r}, wanted {str(wanted)[:400]!r}")


def clean(texts):
    lines = "".join(json.dumps({"text": text}, ensure_ascii=False) + "\n" for text in texts)
    done = subprocess.run([PROGRAM, "filter", "--evidence", "none"], input=lines.encode(), capture_output=True, check=False)
    records = [json.loads(line) for line in done.stdout.decode().splitlines()]
    expect("records come out", (len(records), done.returncode), (len(texts), 0))
    return records


def sentences():
    """Clean texts by language: one a line in clean/, and the keep cases of the rules, which stand as JSON lists in the rulebook."""
    for path in sorted(glob.glob(os.path.join(FOLDER, "clean", "*.txt"))):
        with open(path, encoding="utf-8") as source:
            yield from (line.rstrip("\n") for line in source if line.strip())
    for path in sorted(glob.glob(os.path.join(ROOT, "deploy", "rulebook", "residue", "*.yaml"))):
        with open(path, encoding="utf-8") as source:
            for cases in re.findall(r"^ {4}keep: (\[.*\])$", source.read(), re.MULTILINE):
                yield from json.loads(cases)


def clean_sentences():
    texts = list(sentences())
    distinct = len(set(texts))
    expect("a thousand sentences", distinct >= 1000, True)
    articles, names = [], []
    for number, text in enumerate(texts):
        following = texts[(number + 1) % len(texts)]
        places = {"first": [text, *ARTICLE], "middle": [*ARTICLE[:3], text, *ARTICLE[3:]], "last": [*ARTICLE, text],
                  "in a paragraph": [*ARTICLE, f"{ARTICLE[0]} {text} {following} {ARTICLE[1]}"]}
        for place, paragraphs in places.items():
            articles.append("\n".join(paragraphs))
            names.append(f"clean, {place}: {text}")
    for name, article, record in zip(names, articles, clean(articles)):
        expect(name, record.get("cleaning", {}).get("removed", []), [])
        expect(name, record.get("body"), article.replace("\n", "\n\n"))
    return distinct, len(articles)


def kinds():
    with open(os.path.join(FOLDER, "kinds.tsv"), encoding="utf-8") as source:
        rows = [line.rstrip("\n").split("\t") for line in source if line.strip() and not line.startswith("#")]
    puts = {"first": lambda text: [text, *ARTICLE], "middle": lambda text: [*ARTICLE[:3], text, *ARTICLE[3:]], "last": lambda text: [*ARTICLE, text]}
    records = clean(["\n".join(puts[place](text)) for _, place, text in rows])
    for (language, place, text), record in zip(rows, records):
        expect(f"residue, {language}, {place}: {text}", record.get("body"), "\n\n".join(ARTICLE))
    return len(rows)


def templates():
    body = "\n".join(ARTICLE)
    wrapped = {
        "autoblog": f"[ad_1]\n{body}\n[ad_2]\nSource link",
        "autoblog with a number": f"[ad_1]\n{body}\n[ad_2]\nSource link -42",
        "autoblog on one line": f"[ad_1] {body}\n[ad_2] Source link",
        "autoblog around the last line": f"[ad_1]{body}[ad_2] Source link -7",
        "many layers": f"Home > News\nBy Jane Example\n5 min read\nShare\n{body}\nRead more\nTags: bridge, river\nShare this:\nFacebook Twitter\n"
                       "Like Loading...\nRelated\nThe war of the bridges\nA ferry for ever\nFive rivers to see\n© 2021 Example. All rights reserved.",
        "a list at the end": f"{body}\nRelated articles\nThe war of the bridges\nA ferry for ever\nFive rivers to see",
        "closing pieces": f"{body} The post The bridge appeared first on Example Daily.",
    }
    for (name, _), record in zip(wrapped.items(), clean(wrapped.values())):
        expect(f"template, {name}", record.get("body"), "\n\n".join(ARTICLE))
    middle = "\n".join([*ARTICLE[:3], "Related articles", "The war of the bridges", *ARTICLE[3:]])
    record = clean([middle])[0]
    expect("a heading over links in the middle goes alone", record.get("body"), middle.replace("Related articles\n", "").replace("\n", "\n\n"))


def again():
    texts = ["\n".join([*ARTICLE[:2], text, *ARTICLE[2:], text]) for text in sentences()]
    with open(os.path.join(FOLDER, "kinds.tsv"), encoding="utf-8") as source:
        residue = [line.rstrip("\n").split("\t")[2] for line in source if line.strip() and not line.startswith("#")]
    for number, text in enumerate(residue):
        group = residue[number:number + 5]
        texts.append("\n".join([*group, *ARTICLE[:3], text, *ARTICLE[3:], *group]))
        texts.append("\n".join([*group, *ARTICLE[:1], *group]))
    for path in sorted(glob.glob(os.path.join(ROOT, "deploy", "demo", "*.txt"))):
        with open(path, encoding="utf-8") as source:
            texts.append(source.read())
    once = [record.get("body", "") for record in clean(texts)]
    for text, before, after in zip(texts, once, clean(once)):
        expect(f"cleaned again: {text}", after.get("body"), before)
    return len(texts)


def markers():
    body = "\n".join(ARTICLE)
    cases = [(f"{body}\n[ad_2]\nSource link", True), (f"{body}\nvia Reuters", True), (f"PARIS (Reuters) - {body}", True), (f"PARIS — {body}", False),
             (body, False), (f"{body}\nShare this article", False)]
    for (text, wanted), record in zip(cases, clean([text for text, _ in cases])):
        expect(f"reprint: {text[-40:]}", record.get("reprint", {}).get("is_reprint"), wanted)
    slugs = ("PARIS (AFP) -", "BERLIN, 3. Mai (Reuters) -", "(Reuters) -", "MOSKAU (dpa) -", "Madrid, 3 may (EFE).-", "(ANSA) - ROMA, 03 MAG -",
             "Lisboa, 3 mai 2021 (Lusa) -", "DEN HAAG (ANP) -", "ANKARA (AA) -", "New Delhi, May 3 (PTI):", "МОСКВА, 5 мая — РИА Новости.",
             "МОСКВА, 5 мая. /ТАСС/.", "新华社北京5月3日电", "القاهرة - أ ف ب -", "لندن (رويترز) -", "［東京 ３日 ロイター］ -")
    for slug, record in zip(slugs, clean([f"{slug} {body}" for slug in slugs])):
        expect(f"slug of an agency: {slug}", record.get("body"), "\n\n".join(ARTICLE))
        expect(f"marker: {slug}", [m for m in record.get("reprint", {}).get("markers", []) if m in slug] != [], True)
        expect(f"removed: {slug}", len(record.get("cleaning", {}).get("removed", [])), 1)
    for place in ("WASHINGTON — ", "BERLIN -- ", "BUFFALO, N.Y. — "):
        record = clean([place + body])[0]
        expect(f"a place stays: {place}", record.get("body"), (place + body).replace("\n", "\n\n"))


SPELLING = [
    ("Le prix\u00a0: 5\u202f000\u00a0euros\u00a0!", "Le prix\u00a0: 5\u00a0000 euros\u00a0!"),
    ("The\u00a0 \u00a0river   rose\tby two metres.", "The river rose by two metres."),
    ("The ri\u200bver ro\u00adse \ufeffby two\u200e metres.", "The river rose by two metres."),
    ("Cafe\u0301 de l\u2019e\u0301te\u0301 ferme\u0301.", "Café de l\u2019été fermé."),
    ("One paragraph of the text.\u2029Another one of it.\u2028And one more line.\u0085The last of them.",
     "One paragraph of the text.\n\nAnother one of it.\n\nAnd one more line.\n\nThe last of them."),
    ("The river rose by two metres in one night and took the old\nbridge with it. Nobody was hurt, because the fishermen had seen\n"
     "the water come and rang the bell of the chapel on the hill in\ntime for all to leave the houses.\n\nThe mayor wants to build the new bridge of "
     "stone, as it was\nbefore the war. Engineers doubt that the money will be enough.",
     "The river rose by two metres in one night and took the old bridge with it. Nobody was hurt, because the fishermen had seen the water come and "
     "rang the bell of the chapel on the hill in time for all to leave the houses.\n\nThe mayor wants to build the new bridge of stone, as it was before "
     "the war. Engineers doubt that the money will be enough."),
    ("Before you buy the boat, have it looked at by a builder who knows\nthe kind, and let him do these things for you before the sale:\n\n"
     "- lift the floor and look for water between the frames of the hull\n- tap the planks from end to end with a small hammer of wood\n"
     "- run the engine for an hour with the boat tied up at the quay\n\nAll of it takes a day, and most people find the time too long,\n"
     "until they have lost a boat. Then they stand on the quay in the\nrain and tell everyone who passes by that they would do it all\n"
     "in another way now, and that the builder knew it from the start\nbecause he had seen the worm in the keel.",
     "Before you buy the boat, have it looked at by a builder who knows the kind, and let him do these things for you before the sale:\n\n"
     "- lift the floor and look for water between the frames of the hull\n\n- tap the planks from end to end with a small hammer of wood\n\n"
     "- run the engine for an hour with the boat tied up at the quay\n\nAll of it takes a day, and most people find the time too long, until they have lost a boat. Then they stand on the quay in the "
     "rain and tell everyone who passes by that they would do it all in another way now, and that the builder knew it from the start because he had seen the worm in the keel."),
]


def spelling():
    for (text, wanted), record in zip(SPELLING, clean([text for text, _ in SPELLING])):
        expect(f"spelling: {text[:40]!r}", record.get("body"), wanted)


def rulebook():
    """No rule of the built-in rulebook stands in another's way, is slow, or fails its cases."""
    done = subprocess.run([PROGRAM, "check"], capture_output=True, check=False)
    for line in done.stdout.decode().splitlines():
        expect("copydesk check", line if line.startswith("residue/") else "", "")


def main():
    distinct, articles = clean_sentences()
    count = kinds()
    templates()
    repeated = again()
    markers()
    spelling()
    rulebook()
    for fault in FAULTS:
        print(fault)
    print(f"{distinct} clean sentences in {articles} articles, {count} kinds of residue, {repeated} texts cleaned twice: {len(FAULTS)} faults")
    return 1 if FAULTS else 0


sys.exit(main())
