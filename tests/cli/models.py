#!/usr/bin/env python3
"""train and eval from outside, and a model at work in a rulebook: tests/cli/models.py PROGRAM

Articles are made of the sentences below, in an order that the number of the article decides."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROGRAM = sys.argv[1]
ROOT = pathlib.Path(__file__).resolve().parents[2]
SENTENCE = "The {0} stood near the {1} for a day, and nobody had seen the {2} before."
WORDS = {
    "medtop:04000000": ["bakery", "orchard", "invoice", "ledger", "warehouse", "cooper"],
    "medtop:07000000": ["ward", "fever", "nurse", "syringe", "remedy", "clinic"],
    "medtop:13000000": ["lens", "comet", "probe", "enzyme", "fossil", "crater"],
    "medtop:15000000": ["racket", "goalpost", "sprint", "relay", "paddle", "hurdle"],
}
FAULTS = []


def check(what, is_right):
    if not is_right:
        FAULTS.append(what)
        print(f"FAILED: {what}")


def run(*arguments, text=None):
    return subprocess.run([PROGRAM, *map(str, arguments)], input=text, capture_output=True, text=True, check=False)


def article(uri, number):
    words = WORDS[uri]
    pick = [words[(number + step * (1 + number // 6)) % 6] for step in range(6)]
    text = " ".join(SENTENCE.format(*pick[i:i + 3]) for i in range(3)) + f" It was the day number {number} of that year, they said."
    return {"id": f"{uri}-{number}", "title": f"About the {pick[0]} of the town", "text": text, "subject": [uri]}


def write(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def check_training(folder):
    labels = write(folder / "labels.jsonl", [article(uri, n) for n in range(50) for uri in WORDS])
    model, again = folder / "town.model", folder / "again.model"
    done = run("train", "--labels", labels, "-o", model)
    check(f"train succeeds: {done.stderr}", done.returncode == 0)
    check("train prints cross-validated figures of an easy set", "accuracy 1.0000, 200 of 200" in done.stdout)
    check("train says what it wrote", "for en, 200 articles, 4 classes" in done.stdout)
    check("no progress bar outside a terminal", done.stderr == "")
    fixed = run("train", "--labels", labels, "-o", again, "--lexicon", "0.25")
    check("the same labels and the same weight give the same bytes", model.read_bytes() == again.read_bytes())
    check("--lexicon fixes the weight", "with the lexicon's shares times 0.25" in fixed.stdout)
    check("train says which weight of the lexicon it chose", "with the lexicon's shares times 0.25" in done.stdout)
    run("train", "--labels", labels, "-o", again, "--buckets", "1024", "--c", "0.5", "--min-count", "3", "--folds", "3", "--lexicon", "2")
    check("--buckets sets the size", again.stat().st_size == 128 + 4 * 72 + 17 * (68 + 4 * 4) + 1024 * 5 * 2)
    return labels, model


def check_evaluation(labels, model):
    done = run("eval", "--labels", labels, "--model", model, "--model-alone")
    check(f"eval succeeds: {done.stderr}", done.returncode == 0)
    for words in ("accuracy 1.0000", "medtop:15000000                 50     1.000     1.000     1.000", "macro", "confusion", "reliability"):
        check(f"eval prints {words}", words in done.stdout)
    plain = run("eval", "--labels", labels)
    check("eval works without a model", plain.returncode == 0 and "accuracy" in plain.stdout)
    check("the lexicon knows less of these words than the model", "accuracy 1.0000" not in plain.stdout)


def check_rulebook(folder, model):
    rulebook = folder / "rulebook"
    shutil.copytree(ROOT / "deploy/rulebook", rulebook)
    (rulebook / "models").mkdir()
    shutil.copy(model, rulebook / "models/town.model")
    text = json.dumps(article("medtop:13000000", 77))
    out = json.loads(run("filter", "--rulebook", rulebook, text=text + "\n").stdout)
    first = out["subjects"][0]
    check(f"the model's subject comes first: {first}", first["uri"] == "medtop:13000000" and first["creator"] == "model:town")
    check("no more than a certain confidence", 0.5 < first["confidence"] <= 1)
    for evidence in first["evidence"]:
        field = out[evidence["field"]]
        check(f"evidence stands at its offset: {evidence}", field[evidence["offset"]:].startswith(evidence["text"]))
    check("evidence is what the model learned", any(word in str(first["evidence"]) for word in WORDS["medtop:13000000"]))
    french = json.dumps({"text": "Le comet et le fossil sont dans la ville, et les gens de la ville le savent depuis des années."})
    out = json.loads(run("filter", "--rulebook", rulebook, text=french + "\n").stdout)
    check("a model keeps to its languages", all(s["creator"] == "lexicon" for s in out.get("subjects", [])))
    check_refused(rulebook)


def check_refused(rulebook):
    path = rulebook / "models/town.model"
    good = path.read_bytes()
    damaged = bytearray(good)
    damaged[5000] ^= 8
    for name, content, words in (("damaged", bytes(damaged), "the checksum does not match"), ("cut short", good[:3000], "the file has 3000 bytes"),
                                 ("foreign", b"PK\x03\x04" + good[4:], "no model of copydesk train"), ("empty", b"", "no model of copydesk train")):
        path.write_bytes(content)
        done = run("filter", "--rulebook", rulebook, text="{}\n")
        check(f"a {name} model is refused: {done.stderr}", done.returncode == 2 and "models/town.model: " in done.stderr and words in done.stderr)
        done = run("check", "--rulebook", rulebook)
        check(f"check names a {name} model: {done.stdout}", done.returncode == 1 and f"models/town.model: " in done.stdout)


def check_mistakes(folder, labels):
    def wrong(words, *arguments, text=None):
        done = run(*arguments, text=text)
        check(f"{arguments} says '{words}': {done.stderr}", done.returncode == 2 and words in done.stderr)

    wrong("--labels FILE is missing", "train")
    wrong("--labels FILE is missing", "eval")
    wrong("ends in .model", "train", "--labels", labels, "-o", folder / "model.bin")
    wrong("no power of two", "train", "--labels", labels, "--buckets", "1000")
    wrong("--c: 'much'", "train", "--labels", labels, "--c", "much")
    wrong("no number from 0 to 10, nor auto", "train", "--labels", labels, "--lexicon", "much")
    wrong("nothing to tell apart", "train", "--labels", "-", text='{"text": "a", "subject": "medtop:15000000"}\n')
    wrong('-:2: "subject" is missing', "train", "--labels", "-", text='{"text": "a", "subject": ["medtop:15000000"]}\n{"text": "b"}\n')
    wrong("-:1: ", "eval", "--labels", "-", text="no json\n")
    wrong("there is no labelled article", "eval", "--labels", "-", text="\n")
    wrong("is no topic of the rulebook", "eval", "--labels", "-", text='{"text": "a", "subject": "medtop:99"}\n')
    wrong("No such file", "eval", "--labels", folder / "nothing.jsonl")
    wrong("did you mean '--labels'", "eval", "--label", labels)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        labels, model = check_training(folder)
        check_evaluation(labels, model)
        check_rulebook(folder, model)
        check_mistakes(folder, labels)
    print(f"{len(FAULTS)} faults")
    sys.exit(bool(FAULTS))


if __name__ == "__main__":
    main()
