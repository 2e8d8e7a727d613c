"""The formula before a name: "Kind regards,", "Mit freundlichen Grüßen", "Cordialement"."""

from __future__ import annotations

import re

_CLOSING = re.compile(
    r"\W*(?:(?:(?:with|many|most|very|my|all|the|our)\s+){0,2}(?:(?:best|kind(?:est)?|warm(?:est)?|sincere(?:st)?|hearty)\s+)?"
    r"(?:regards|wishes|thanks|rgds|brgds|greetings|sincerely|cheers|best)|thank you(?: (?:so|very) much)?|"
    r"(?:thank you|thanks)(?: (?:and|again|in advance|so much|very much|a lot|for your (?:help|time)))*(?: (?:kind |best )?regards)?|"
    r"(?:yours|sincerely|respectfully|cordially|faithfully|truly)(?: (?:sincerely|faithfully|truly|yours))?|br|kr|vg|mfg|lg|xoxo|love|"
    r"take care|all the best|best of luck|have a (?:nice|great|good|lovely) (?:day|weekend|one|week|evening)|talk soon|"
    r"(?:mit )?(?:den )?(?:(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?|schöne[nm]?)\s*)?(?:grüße[n]?|grüssen?|gruß|gruss)"
    r"(?: (?:aus|von|nach) \w+)?|(?:vielen|herzlichen|besten) dank(?: (?:und|im voraus).{0,30})?|danke|"
    r"(?:bien |très |sincèrement |salutations )?cordialement|bien à (?:vous|toi)|(?:meilleures |sincères |cordiales )?salutations(?: distinguées)?|"
    r"amicalement|bonne (?:journée|soirée)|merci(?: d'avance| beaucoup| et bonne journée)?|"
    r"(?:un |muy )?(?:cordial(?:es)? |atentos? )?(?:saludos?|un saludo)(?: cordial(?:es)?)?|atentamente|muchas gracias|gracias|un abrazo|"
    r"cordiali saluti|distinti saluti|saluti|grazie|atenciosamente|cumprimentos|abraços|obrigad[oa]|"
    r"met vriendelijke groet(?:en)?|groet(?:en|jes)?|hartelijke groet(?:en)?|mvg|med vänlig(?:a)? hälsning(?:ar)?|hälsningar|mvh|"
    r"med venlig hilsen|vennlig hilsen|hilsen|pozdrawiam|z poważaniem|ystävällisin terveisin|s pozdravem|üdvözlettel|"
    r"с уважением|敬具|草々|此致|以上)",
    re.IGNORECASE,
)
_LONGEST = 48


def is_closing(text: str) -> bool:
    """Is the whole line a closing formula? ("Thanks for the offer" is not.)"""
    if len(text) > _LONGEST:
        return False
    match = _CLOSING.match(text)
    return bool(match) and len(text[match.end() :].strip(" ,.!;:-–—~~*、。")) == 0


def opens_with_closing(text: str) -> bool:
    """A formula with the name behind it: "Best regards, Dana Reyes"."""
    match = _CLOSING.match(text) if len(text) <= _LONGEST else None
    return bool(match) and text[match.end() : match.end() + 1] in ("", ",", ".", "!", "、") if match else False
