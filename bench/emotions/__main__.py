"""`python -m bench.emotions`: the emotions of the sentences beside this file, which no rule was made from.

They were written by the same hand as the rules and before them, so real mail will be harder. Needs the built model.
"""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import yaml

from nlp.emotions.finding import emotion_of
from nlp.model_folder import MODEL
from nlp.pipeline import MailReader
from nlp.reading import TextToRead

HERE = Path(__file__).parent
BY_TONE = {"positive": "happy", "negative": "dissatisfied", "neutral": "neutral"}


def main() -> None:
    reader = MailReader.load(MODEL)
    print("| language | texts | right | by tone alone | µs a text |\n|---|---|---|---|---|")
    for language in ("en", "ja"):
        print(measured(language, reader))


def measured(language: str, reader: MailReader) -> str:
    given = yaml.safe_load((HERE / f"cases_{language}.yaml").read_text(encoding="utf-8"))
    cases = [(text, emotion) for emotion, texts in given.items() for text in texts]
    tones = [reader.read(TextToRead(text, language=language)).sentiment for text, _ in cases]
    began = time.perf_counter()
    told = [emotion_of(text, language, tone).name for (text, _), tone in zip(cases, tones, strict=True)]
    took = (time.perf_counter() - began) / len(cases) * 1e6
    wrong = Counter((emotion, name) for (_, emotion), name in zip(cases, told, strict=True) if emotion != name)
    right = 1 - wrong.total() / len(cases)
    by_tone = sum(BY_TONE[tone.tone] == emotion for (_, emotion), tone in zip(cases, tones, strict=True)) / len(cases)
    for (emotion, name), times in sorted(wrong.items()):
        print(f"<!-- {language}: {emotion} told as {name}: {times} -->")
    return f"| {language} | {len(cases)} | {right:.0%} | {by_tone:.0%} | {took:.0f} |"


if __name__ == "__main__":
    main()
