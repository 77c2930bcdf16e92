"""Stages for copydesk in Python: this file stands beside yours, or on PYTHONPATH. It speaks the protocol of docs/plugins.md.

    import copydesk_stage

    def process(article, answer):
        if article["word_count"] < 20:
            answer.reject("fewer than 20 words")

    copydesk_stage.run(process)

`article` is the record of docs/record.md as far as the stages before yours have filled it in. What is printed goes to copydesk's log."""
import json
import os
import re
import sys
import traceback


class Answer:
    """What your stage has to say about one article."""

    def __init__(self, article):
        self._article = article
        self.members = {}

    def subject(self, uri, name=None, confidence=1.0, evidence=()):
        """Adds a subject such as "ticker:ACME". `evidence`: what `find` gives, or dicts with text, and field, offset, rule, weight if you like."""
        entry = {"uri": uri, "confidence": confidence, "evidence": list(evidence)}
        if name:
            entry["name"] = name
        self.members.setdefault("subjects", []).append(entry)

    def find(self, pattern, field="body", weight=1.0, flags=0):
        """Each place where a regular expression fits in a field, as evidence."""
        return [{"field": field, "text": hit.group(), "offset": hit.start(), "weight": weight}
                for hit in re.finditer(pattern, self._article.get(field, ""), flags) if hit.group()]

    def extra(self, key, value):
        """Sets extra.KEY of the record to anything that JSON can say."""
        self.members.setdefault("extra", {})[key] = value

    def set(self, **texts):
        """What routes go by: language="fr", section="sport", source={"domain": "outlet.example"}."""
        self.members.update(texts)

    def reject(self, reason):
        """The article goes to the rejected topic, with this reason."""
        self.members["reject"] = str(reason)

    def drop(self, reason):
        """The article goes nowhere and is counted as skipped; the reason is kept."""
        self.members["drop"] = str(reason)


def _open_lines():
    """Lines in and out. Whatever else writes to standard output (print, libraries) is heard in the log."""
    lines = os.fdopen(os.dup(0), "r", encoding="utf-8", newline="\n")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return lines, answers


def run(process, open=None):  # pylint: disable=redefined-builtin
    """Answers until copydesk has no more articles. `open(config)`, if given, is called once; what it returns is process's third argument. A ValueError or KeyError
    of open is a mistake in `config`; an exception of process rejects the article with stage-failed."""
    lines, answers = _open_lines()

    def say(members):
        answers.write(json.dumps(members, ensure_ascii=False) + "\n")
        answers.flush()

    hello = json.loads(next(lines))
    try:
        more = (open(hello["config"]),) if open else ()
    except KeyError as error:
        say({"error": f"config: the key {error} is missing"})
        return
    except (ValueError, TypeError) as error:
        say({"error": f"config: {error}"})
        return
    say({"ready": True})
    for line in lines:
        question = json.loads(line)
        answer = Answer(question["article"])
        try:
            process(question["article"], answer, *more)
        except Exception as error:  # pylint: disable=broad-except
            traceback.print_exc()
            answer.members = {"error": f"{type(error).__name__}: {error}"}
        say({"seq": question["seq"], **answer.members})
