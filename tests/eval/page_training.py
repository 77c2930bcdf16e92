"""Blocks of labelled pages and what the truth says of each: shared by train_page_model and its cross-validation.

Pages come from ../shared/data/extraction (or COPYDESK_DATA): none of their text goes into the project, only the
weights that are learned from measurements of their blocks.
"""
import collections, difflib, gzip, json, os, re, subprocess

import numpy

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
DATA = os.environ.get("COPYDESK_DATA", os.path.join(ROOT, "..", "shared", "data"))
SCORE = os.environ.get("COPYDESK_SCORE", os.path.join(DATA, "..", "tools", "score.py"))
BUILD = os.environ.get("COPYDESK_BUILD", os.path.join(ROOT, "build", "release"))
SETS = ("zyte", "articles", "segments")
WORD = re.compile(r"\w+")
SECOND_LEVEL = {"co", "com", "org", "net", "ac", "gov", "edu", "or", "ne", "go"}
# A segment of the third set counts as so much of a page: pages there have about six.
SEGMENT_WEIGHT = 0.12


def site(page):
    """The registrable domain of a page, near enough for splitting."""
    name = page["url"].split("::")[-1]
    host = re.sub(r"^\w+://", "", name).split("/")[0].split(":")[0].lower()
    if "::" in page["url"]:
        host = re.match(r"[^-_]*", host).group(0).removesuffix(".html")
    parts = host.split(".")
    keep = 3 if len(parts) > 2 and parts[-2] in SECOND_LEVEL and len(parts[-1]) == 2 else 2
    return ".".join(parts[-keep:])


def load_pages():
    pages = []
    for name in SETS:
        path = os.path.join(DATA, "extraction", name)
        truth = {r["id"]: r for r in map(json.loads, open(path + "-truth.jsonl", encoding="utf-8"))}
        with gzip.open(path + "-pages.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                page = json.loads(line)
                if page["id"] in truth:
                    pages.append({"set": name, "id": page["id"], "url": page["url"], "line": line,
                                  "truth": truth[page["id"]], "site": site(page)})
    return pages


def run_blocks(pages, rulebook):
    """Blocks of all pages as the engine measures them with a rulebook: (feature names, one list of blocks a page)."""
    program = os.path.join(BUILD, "tests", "eval", "page_blocks")
    out = subprocess.run([program, rulebook], input="".join(p["line"] for p in pages).encode(), capture_output=True, check=True)
    lines = out.stdout.decode().splitlines()
    return json.loads(lines[0])["features"], [json.loads(line)["blocks"] for line in lines[1:]]


def features_of(blocks):
    width = next(len(p[0]["features"]) // 2 for p in blocks if p)
    return [numpy.frombuffer(bytes.fromhex("".join(b["features"] for b in page)), numpy.uint8).reshape(len(page), -1)
            if page else numpy.zeros((0, width), numpy.uint8) for page in blocks]


def fold(text):
    return re.sub(r"\s+", " ", text).strip()


def shingles(words):
    return [tuple(words[i:i + 4]) for i in range(len(words) - 3)]


def label_by_body(blocks, body):
    """1 for blocks that are in the body in its order, 0 for the others; weight by words, as score.py counts."""
    truth = WORD.findall(body)
    wanted = shingles(truth)
    words = [WORD.findall(b["text"]) for b in blocks]
    flat, owner = [], []
    for i, w in enumerate(words):
        for s in shingles(w):
            flat.append(s)
            owner.append(i)
    ids = {}
    number = lambda s: ids.setdefault(s, len(ids))
    matcher = difflib.SequenceMatcher(None, [number(s) for s in flat], [number(s) for s in wanted], autojunk=False)
    aligned, place = collections.Counter(), {}
    for a, b, size in matcher.get_matching_blocks():
        for k in range(size):
            aligned[owner[a + k]] += 1
            place.setdefault(owner[a + k], [b + k, b + k])[1] = b + k
    held = set(wanted)
    used = {wanted[k] for first, last in place.values() for k in range(first, last + 1)}
    labels = numpy.zeros(len(blocks))
    for i, w in enumerate(words):
        s = shingles(w)
        if s:
            labels[i] = aligned[i] / len(s)
            if labels[i] < 0.5 and not used & set(s):
                labels[i] = max(labels[i], sum(x in held for x in s) / len(s))
    lines = {tuple(WORD.findall(line)) for line in body.split("\n")}
    for i, w in enumerate(words):
        if not w or len(w) >= 4:
            continue
        before = max((place[k][1] for k in range(i) if k in place), default=-1)
        after = min((place[k][0] for k in range(i + 1, len(words)) if k in place), default=len(truth))
        window = truth[max(0, before):min(len(truth), after + 1 if after < len(truth) else after)]
        inside = any(window[k:k + len(w)] == w for k in range(len(window) - len(w) + 1))
        neighbours = any(labels[k] >= 0.5 for k in range(max(0, i - 2), min(len(words), i + 3)))
        labels[i] = 1.0 if inside and neighbours or (tuple(w) in lines and neighbours) else 0.0
    size = max(60, len(truth))
    weights = numpy.array([min(0.5, (len(w) + 3) / size) if w else 0 for w in words])
    return labels, weights


def label_by_segments(blocks, truth):
    """Only blocks that hold a listed piece of text count."""
    labels, weights = numpy.zeros(len(blocks)), numpy.zeros(len(blocks))
    texts = [fold(b["text"]) for b in blocks]
    for kind, value in (("without", 0.0), ("with", 1.0)):
        for piece in map(fold, truth[kind]):
            found = [i for i, t in enumerate(texts) if piece and piece in t]
            if kind == "with" and len(found) > 1:
                continue
            for i in found:
                labels[i] = value
                weights[i] += SEGMENT_WEIGHT / len(found)
    return labels, weights


def label(page, blocks):
    if page["set"] == "segments":
        return label_by_segments(blocks, page["truth"])
    if not page["truth"].get("body"):
        return numpy.zeros(len(blocks)), numpy.zeros(len(blocks))
    return label_by_body(blocks, page["truth"]["body"])


def ceiling(pages, blocks, labels):
    """Scores of an ideal choice of blocks: what is lost by the cutting itself."""
    out = {p["id"]: "\n\n".join(b["text"] for b, l in zip(bs, ls) if l >= 0.5) for p, bs, ls in zip(pages, blocks, labels)}
    return out


def load_fixtures():
    """The project's own pages with hand-written truths: makes and languages that the sets have little of."""
    folder = os.environ.get("COPYDESK_FIXTURES", os.path.join(ROOT, "tests", "golden", "pages"))
    pages = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if not name.endswith(".html"):
            continue
        truth = json.load(open(os.path.join(folder, name.replace(".html", ".truth.json")), encoding="utf-8"))
        raw = open(os.path.join(folder, name), "rb").read()
        charset = re.search(rb"charset=[\"']?([\w-]+)", raw)
        html = raw.decode(charset.group(1).decode() if charset else "utf-8", "replace")
        line = json.dumps({"id": name, "url": "https://fixture.example/" + name, "html": html}) + "\n"
        pages.append({"set": "fixtures", "id": name, "url": name, "line": line, "site": name,
                      "truth": {"body": "\n\n".join(truth.get("body", []))}})
    return pages
