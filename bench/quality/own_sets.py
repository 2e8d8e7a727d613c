"""Newest part, dates, mentions and keywords, on the sets in tests/ that were written by hand for this project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from bench.quality.tables import table
from tests.nlp import date_mail_scores, test_email_text, test_keywords
from tests.nlp.mentions import test_mentions

WHAT_IT_SAYS = """Written by hand for the tests, most of them before the reader had seen anything like them; since
then its mistakes on them were studied. So these figures say that nothing has got worse, not how it does on your mail.
"""


def section() -> str:
    return "\n".join(
        (
            "## On our own sets\n",
            WHAT_IT_SAYS,
            "### Newest part\n",
            _newest_part(),
            "",
            "### Dates in whole mails\n",
            date_mail_scores.table(),
            "",
            "### Products and competitors\n",
            _mentions(),
            "",
            "### Keywords\n",
            _keywords(),
            "",
        )
    )


def _newest_part() -> str:
    mails = test_email_text.ALL_MAILS
    rows = [["all", len(mails), test_email_text.share_of_exact(mails)]]
    rows += _groups(mails, lambda mail: f"language {mail.language}")
    rows += _groups(mails, lambda mail: f"kind {mail.kind}")
    wrong = [mail.id for mail in mails if not test_email_text.is_exact(mail)]
    told = table(["mails", "how many", "exactly the own words"], rows)
    return told + f"\n\nNot exact: {', '.join(wrong[:10]) or 'none'}{' …' if len(wrong) > 10 else ''}."


def _groups(
    mails: Iterable[test_email_text.Mail], name_of: Callable[[test_email_text.Mail], str]
) -> list[list[object]]:
    groups = defaultdict(list)
    for mail in mails:
        groups[name_of(mail)].append(mail)
    return [[name, len(group), test_email_text.share_of_exact(group)] for name, group in sorted(groups.items())]


def _mentions() -> str:
    rows = []
    for language in ("english", "japanese"):
        cases = test_mentions.CASES[language]
        right = found = named = 0
        for text, wanted in cases:
            told = {mention.id for mention in test_mentions.FINDER.find(text)}
            right, found, named = right + len(told & set(wanted)), found + len(told), named + len(set(wanted))
        rows.append([language, len(cases), right / max(1, found), right / max(1, named)])
    return table(["texts", "how many", "precision", "recall"], rows)


def _keywords() -> str:
    rows = []
    for language in ("en", "ja"):
        score = test_keywords.score(language)
        found = score.found
        rows.append(
            [
                language,
                found / max(1, found + len(score.too_many)),
                found / max(1, found + len(score.missed)),
                1 - len(score.wrong_voice) / max(1, found),
                1 - len(score.wrong_tone) / max(1, found),
            ]
        )
    return table(["language", "precision", "recall", "who said it", "tone"], rows)
