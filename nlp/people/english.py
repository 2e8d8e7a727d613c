"""People in English text, by the places where names stand: greetings, introductions, titles and signatures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from nlp.reading import Person

Role = Literal["sender", "addressed", "mentioned"]

_NAME_WORD = r"(?:Mc|Mac|O['’]|D['’])?[A-ZÀ-Þ][a-zß-ÿ]+(?:[-'’][A-ZÀ-Þ]?[a-zß-ÿ]+)*"
_INITIAL = r"(?:[A-Z]\.)"
_PARTICLE = r"(?:van|von|de|der|den|di|da|del|la|le|bin|al|dos|ten|ter)"
_NAME = (
    rf"(?:[A-Z]\.[ ]?){{0,2}}(?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}"
    rf"(?:[ ](?:(?:{_PARTICLE}[ ]){{0,2}}{_NAME_WORD}|{_INITIAL})){{0,3}}"
)
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Madam|Dame|Herr|Frau|Mister)\.?"
_SAN = r"(?:[- ]?(?:san|sama|sensei))"

_GREETING = re.compile(
    rf"^[ \t]*(?:Dear|Hi|Hello|Hey|Hiya|Good (?:morning|afternoon|evening|day)|Greetings|Morning|To|Attn\.?:?|"
    rf"Attention:?)[ ,]+"
    rf"(?P<first>(?:{_TITLE} )?{_NAME})(?:{_SAN})?(?: (?:and|"
    rf"&) (?P<second>(?:{_TITLE} )?{_NAME})(?:{_SAN})?)?[ ]*(?=[,:!.;–—-]|$)",
    re.MULTILINE,
)
_SAYS_WHO = re.compile(
    rf"\b(?:[Mm]y name is|[Mm]y name's|[Tt]his is|[Ii]t's|I am|I'm|I’m|[Ww]riting here is) (?P<name>{_NAME})"
    r"(?=(?:,| and| from| at| of| with| here| speaking| calling| writing|\.|!| -| –))"
)
_MUST_FOLLOW = re.compile(
    r"(?:,? (?:from|at|of|with|here|speaking|calling|writing|the new|your new|head|in charge)\b|[.,!]? )"
)
_TITLED = re.compile(rf"\b(?P<name>{_TITLE} {_NAME})|\b(?P<san>{_NAME}){_SAN}\b")
_INTRODUCED = re.compile(
    r"\b(?:my|our|your|his|her|their|the)(?: [a-z][\w-]*){0,2}? (?:colleague|boss|manager|assistant|deputy|"
    r"successor|predecessor|"
    r"director|secretary|partner|neighbou?r|friend|brother|sister|son|daughter|husband|wife|accountant|lawyer|"
    r"technician|engineer|"
    r"contact|buyer|administrator|admin|consultant|trainer|salesman|salesperson|rep|representative|supervisor|"
    r"bookkeeper|owner|"
    r"chairman|treasurer|caretaker|teacher|head|nurse|IT (?:man|woman|lead|manager|person)|purchaser|intern|"
    r"foreman|CEO|CFO|CTO|CIO)"
    rf"(?: (?:of|in|for|at) (?:[\w&]+ ?){{1,3}})?[,:]? (?P<name>{_NAME})"
)
_ASK_FOR = re.compile(
    r"\b(?:[Aa]sk(?: for)?|[Cc]ontact|[Ss]peak (?:to|with)|[Tt]alk (?:to|with)|[Cc]all|[Rr]ing|[Ee]-?mail|"
    r"[Cc]opying(?: in)?|[Cc]opied(?: in)?|[Cc][Cc]['’]?(?:ing|ed)?:?|"
    r"[Mm]eet|[Ww]rite to|[Rr]each(?: out to)?|[Ii]ntroduce(?: you to)?|[Rr]eport to|[Tt]hanks to|[Tt]hank|"
    r"[Rr]egards to|[Aa]ddress(?:ed)? to|"
    rf"[Rr]eplaced by|[Tt]aken over by|[Ff]orwarded (?:it |this )?to|[Ii]nclude|[Cc]onsult|[Ii]nvolve|"
    rf"[Ss]end (?:it|them|this) to) (?P<name>{_NAME})"
    r"(?! (?:Ltd|Inc|GmbH|LLC|Corp|Co|plc|AG))"
)
_TAKES_OVER = re.compile(
    rf"(?:^|(?<=[.!?,;] )|(?<=and ))(?P<name>{_NAME})(?:,? (?:who|from (?:our|my|your|the) [a-z]+)\b|,? (?:our|"
    rf"my|your) [a-z]+(?: [a-z]+)?,|"
    r" (?:has taken over|will take over|takes over|is taking over|is our|is my|is the new|will be in touch|"
    r"will call|will contact|told me|"
    r"told us|said|says|asked me|asked us|promised|from your|at your|was very|was so|was a|has been|and I\b))"
)
_CLOSING = re.compile(
    r"^[ \t]*(?:(?:(?:kind|best|warm|many|with|kindest|warmest|very best|sincere|friendly) ){1,2}(?:regards|"
    r"wishes|thanks|greetings)|regards|rgds|cheers|"
    r"thanks(?: (?:again|in advance|a lot|so much|and (?:best|kind) regards))?|thank you(?: (?:again|"
    r"in advance|very much|so much))?|yours(?: \w+)?|"
    r"sincerely|all the best|best|respectfully|cordially|br|ta|love|x+|thx|have a (?:nice|good|"
    r"great) \w+)[ \t]*[,.!–—-]*[ \t]*",
    re.IGNORECASE | re.MULTILINE,
)
_NAME_ALONE = re.compile(
    rf"(?:[-–—~*]{{1,2}}[ ]?)?(?:{_TITLE} )?(?P<name>{_NAME})[ ]*(?:\([^)\n]{{1,30}}\))?[ ]*(?=,|\n|$|\||/| - )"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words with a capital that greet nobody in particular, or are no names at all.
_NO_NAMES = _words("""You He She They Somebody Someone Nobody Anybody Ours Mine Theirs Services Another Other One
    All Team Sir Madam Sirs Everyone Everybody Colleagues Customer Support Sales Service There
    Folks Friends Both Ladies Gentlemen
    Minamo Accounts Accounting Purchasing Marketing Helpdesk Whom Supplier Partner Valued Hiring Reader Users
    Monday Tuesday Wednesday Thursday
    Friday Saturday Sunday January February March April May June July August September October November December
    Thanks Thank
    Best Kind Regards Yours Please The This That We Our Your My It If As In On At For From To With And But Or So
    Yes No Not
    Just Sent Tel Phone Mobile Email Mail Fax Web Ltd Inc Limited Group Company Head Manager Director Office
    Department
    Store Shop School Hospital University Group Bank Church London Dublin Tokyo Osaka Berlin Paris Street Road
    Order Invoice Quote Re Fwd What
    When Where How Why Who Which Can Could Would Will Is Are Do Does Did Has Have Had Let Hope Hoping Looking Good
    Great Merry Happy Dear Hello Hi
    English German French Japanese Spanish Chinese I Also Now Still Only Any Some Every Each Both Here Everything
    Nothing Something
    Customers People Chief Senior Junior Information Technology Finance Human Resources IT HR Sincerely Cheers
    President Vice Operations Logistics""")
_COMPANY = re.compile(
    r"\b(?:Ltd|Limited|Inc|GmbH|LLC|Corp|Corporation|Company|Co|plc|AG|KK|Group|Partners|University|School|"
    r"Hospital|Bank)\b\.?"
)


def english_people(text: str) -> Iterator[Person]:
    """Everybody named in `text`; the same name may come several times."""
    for found in _GREETING.finditer(text):
        for group in ("first", "second"):
            if found[group]:
                yield from _person(text, *found.span(group), "addressed")
    for found in _SAYS_WHO.finditer(text):
        if _MUST_FOLLOW.match(text, found.end()):
            yield from _person(text, *found.span("name"), "sender")
    for found in _TITLED.finditer(text):
        yield from _person(text, *found.span("name" if found["name"] else "san"), "mentioned")
    for pattern in (_INTRODUCED, _ASK_FOR, _TAKES_OVER):
        for found in pattern.finditer(text):
            yield from _person(text, *found.span("name"), "mentioned")
    yield from _signed(text)


def _signed(text: str) -> Iterator[Person]:
    """The name behind the last closing formula, on its line or the next one that is not empty."""
    closings = [found for found in _CLOSING.finditer(text) if len(text) - found.end() < 600]
    for closing in closings[-3:]:
        place = closing.end()
        while place < len(text) and text[place] in " \t\r\n":
            place += 1
        name = _NAME_ALONE.match(text, place)
        if name:
            yield from _person(text, *name.span("name"), "sender")
    if not closings:
        yield from _last_line(text)


def _last_line(text: str) -> Iterator[Person]:
    stripped = text.rstrip()
    start = stripped.rfind("\n") + 1
    if not start and len(stripped) > 40:
        return
    name = _NAME_ALONE.match(stripped, start)
    if start and name and name.end() == len(stripped):
        yield from _person(text, *name.span("name"), "sender")


def _person(text: str, start: int, end: int, role: Role) -> Iterator[Person]:
    words = [(found.group(), found.start()) for found in re.finditer(r"[^ ]+", text[start:end])]
    while len(words) > 1 and words[0][0] in _NO_NAMES and not re.fullmatch(_TITLE, words[0][0]):
        words.pop(0)
    first = words[0][1]
    kept = 0
    for word, _ in words:
        if word.rstrip(".,") in _NO_NAMES and not (kept == 0 and re.fullmatch(_TITLE, word)):
            break
        kept += 1
    if not kept or _COMPANY.match(text, end + 1) or (kept == 1 and re.fullmatch(_TITLE, words[0][0])):
        return
    last, place = words[kept - 1]
    end = start + place + len(last)
    name = re.sub(rf"^{_TITLE} |['’]s$", "", text[start + first : end])
    start = text.index(name, start + first)
    end = start + len(name)
    if len(name) > 1:
        yield Person(name, start, end, role)
