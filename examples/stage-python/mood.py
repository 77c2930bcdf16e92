"""How a headline sounds: a subject "mood:alarm" for those that shout, and extra.mood with the words that make it so.

    stages:
      - {command: [python3, mood.py], after: language, config: {words: {en: [shock, horror, chaos], fr: [choc, horreur]}}}"""
import copydesk_stage


def open_stage(config):
    words = config.get("words")
    if not isinstance(words, dict) or not words:
        raise ValueError("words: words by language are wanted: {en: [shock, horror]}")
    return {language: r"\b(?:" + "|".join(map(copydesk_stage.re.escape, listed)) + r")\b" for language, listed in words.items()}


def process(article, answer, patterns):
    pattern = patterns.get(article.get("language", {}).get("code", ""))
    found = answer.find(pattern, field="title", flags=copydesk_stage.re.IGNORECASE) if pattern else []
    if found:
        answer.subject("mood:alarm", name="alarm", confidence=min(1.0, 0.5 + 0.25 * len(found)), evidence=found)
        answer.extra("mood", [hit["text"].lower() for hit in found])


copydesk_stage.run(process, open_stage)
