"""Which language is a text in: English and Japanese are read, of others we can at least say which they are.

Scripts decide first (kana, hangul, Cyrillic ...), then, for Latin letters, the small words that every sentence needs
("the", "der", "les", "desu"). Only the beginning of a text is looked at, so a long one costs no more than a short one.
"""

from __future__ import annotations

import re
from collections import defaultdict

READ = ("en", "ja")  # what the two pipelines read
LONGEST_LOOK = 4_000  # characters; a mail does not change its language after that

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d]")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々〆]")
_LATIN_WORD = re.compile("[A-Za-zÀ-ÖØ-öø-ɏ]+(?:['’][A-Za-zÀ-ÿ]+)?")
# Addresses, links and product codes (letters with digits) are in no language.
_NO_LANGUAGE = re.compile(r"[!-~]*@[!-~]*|https?://[!-~]*|www\.[!-~]*|\b[A-Za-z]*\d[A-Za-z\d-]*\b")
_OTHER_SCRIPTS = (
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e]")),
    ("ru", re.compile("[\u0400-\u04ff]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_UKRAINIAN = re.compile("[іїєґІЇЄҐ]")

# Characters that Chinese needs in nearly every sentence and Japanese without kana hardly ever uses.
_CHINESE = re.compile("[们這这对请谢您你吗嗎的了我沒没說说给么麼吧呢与该怎贵贴发买卖单价问题]|是否|可以|需要|报价|什么")
_JAPANESE_HAN = re.compile(
    "[込働峠匂枠畑円発売対応価検験届択絵図拝毎単処円帰仮]|御中|見積|拝見|承知|了解|株式会社|宜敷|可否|様"
)

_SMALL_WORDS = {
    "en": """the and of to is are was were be been it its this that these those we you they he she i my our your their
        for with from on in at by have has had do does did not don't can't could would should will please thanks thank
        what when where which who how if or but so as an a there here any some just now still yet about after before
        i'm we're it's i've we'd i'd let's isn't doesn't didn't won't can need want""",
    "de": """der die das und ist nicht ein eine einen einem einer ich wir sie ihr ihre ihren mit für auf von zu
        zum zur
        im den dem des sich wird werden wurde haben hat habe können könnten bitte danke vielen mfg grüße grüßen
        freundlichen sehr geehrte geehrter geehrten auch noch aber oder wenn dass uns mir mich bei nach über
        aus durch um wie kein
        keine guten tag hallo angebot rechnung""",
    "fr": """le la les un une des du de et est sont ne pas que qui nous vous je il elle ils notre votre nos vos pour
        avec dans sur par au aux ce cette ces mais ou où donc plus très bien bonjour merci cordialement madame
        s'il plaît avons avez suis être avoir pouvez pourriez c'est j'ai l'offre d'un d'une n'est facture devis""",
    "es": """el los las un una unos de del y es son no que se nos le les por para con en al lo su sus mi
        nuestro nuestra
        más muy pero como cuando donde si hola gracias saludos estimado estimada señor señora buenos días tenemos
        quisiera podría puede favor está están ha hemos usted ustedes presupuesto factura""",
    "it": """il lo gli un una di del della dei delle che è sono non per con nel nella su da dal alla ai si ci vi mi
        nostro nostra vostro più molto ma come quando grazie buongiorno gentile cordiali saluti abbiamo vorrei potete
        essere anche questo questa preventivo fattura""",
    "pt": """o os as um uma de do da dos das e é são não que se nos para com em no na ao por mais muito mas
        como quando
        obrigado obrigada bom dia olá prezado prezada senhor temos gostaria pode poderia está você vocês nosso nossa
        orçamento fatura""",
    "nl": """de het een en is zijn niet van voor met op aan wij we u uw je ik ons onze dat die deze dit te bij naar
        ook maar of als er heeft hebben kunt kunnen graag bedankt dank geachte heer mevrouw groet groeten vriendelijke
        goedemorgen offerte factuur wordt worden nog geen""",
    "sv": """och att det är som en ett på för av med inte den till vi jag ni har om kan hej tack vänliga
        hälsningar från
        eller men vår vårt er era ska skulle""",
    "pl": """i w na z do się nie jest że to jak dla po od dzień dobry dziękuję proszę pozdrawiam czy oraz są
        mamy nasz""",
    "ja": """desu masu deshita mashita masen kudasai onegai onegaishimasu shimasu itashimasu arigatou arigato
        gozaimasu
        sumimasen osewa natte orimasu orimashita wa wo desuka masuka mashou kara kono sono ano watashi yoroshiku san
        sama kaisha mitsumori konnichiwa ohayou itadakimasu itadaku suru shite kangaete desuga""",
}  # fmt: skip
_LANGUAGES_OF_WORD: dict[str, list[str]] = {}
for _language, _words in _SMALL_WORDS.items():
    for _word in set(_words.split()):
        _LANGUAGES_OF_WORD.setdefault(_word, []).append(_language)
_ENGLISH = frozenset(_SMALL_WORDS["en"].split())
_ACCENTS = {
    "de": "äöüß",
    "fr": "éèêçàùâîôûëïœ",
    "es": "ñáíóú¿¡",
    "pt": "ãõçáâê",
    "sv": "åäö",
    "pl": "łąęśżźćń",
    "it": "èàòùì",
}

_ENOUGH_WORDS = 1.5  # evidence below this says little; then the hint decides, or English
_CLEARLY_MORE = 1.25  # another language must beat English by this


def language_of(text: str, hint: str = "") -> str:
    """ISO 639-1 code of the language `text` is in: "en" and "ja" are read here, anything else is not.

    `hint` is what somebody thinks it is ("ja", "ja-JP", the Content-Language of a mail); it decides where the text
    itself says too little ("OK", "R350 x 2"). A text that says nothing, without a hint, is English.
    """
    hint = hint.replace("_", "-").split("-")[0].lower()
    start = _NO_LANGUAGE.sub(" ", text[:LONGEST_LOOK])
    kana, han = len(_KANA.findall(start)), len(_HAN.findall(start))
    words = _LATIN_WORD.findall(start)
    other, letters = _other_script(start)
    if letters > max(kana + han, 3 * len(words)):
        return other
    # Two Japanese characters say about as much as one small English word; names of products are Latin everywhere.
    english = sum(word.lower() in _ENGLISH for word in words)
    if kana + han and (kana + han) / 2 >= english + (0 if kana else 0.2 * len(words)):
        return _east_asian(start, kana, han, hint)
    return _latin(words, start.lower(), hint) if words else (hint or "en")


def is_read(language: str) -> bool:
    """Whether there is a pipeline for that language."""
    return language in READ


def _other_script(text: str) -> tuple[str, int]:
    if text.isascii():
        return "", 0
    counts = [(len(pattern.findall(text)), language) for language, pattern in _OTHER_SCRIPTS]
    letters, language = max(counts)
    if language == "ru" and _UKRAINIAN.search(text):
        language = "uk"
    return language, letters


def _east_asian(text: str, kana: int, han: int, hint: str) -> str:
    chinese, japanese = len(_CHINESE.findall(text)), len(_JAPANESE_HAN.findall(text))
    if kana and (kana * 8 >= han or chinese < 3):
        return "ja"
    if chinese > japanese and not (hint == "ja" and chinese < 2):
        return "zh"
    return "zh" if hint == "zh" and not japanese else "ja"


def _latin(words: list[str], text: str, hint: str) -> str:
    evidence: dict[str, float] = defaultdict(float)
    for word in words:
        languages = _LANGUAGES_OF_WORD.get(word.lower().replace("’", "'"), ())
        for language in languages:
            evidence[language] += 1 / len(languages)
    if not text.isascii():
        for language, letters in _ACCENTS.items():
            if marked := sum(text.count(letter) for letter in letters):
                evidence[language] += 0.5 * min(4, marked)
    if not evidence:
        return hint or "en"
    english = evidence["en"]
    best = max(evidence, key=lambda language: (evidence[language], language == hint))
    if best in ("en", hint):
        return best
    if hint and evidence[best] < _ENOUGH_WORDS + evidence[hint]:
        return hint
    only = not english and evidence[best] > 0.8 * len(words)  # "Danke!", "Merci"
    return best if only or evidence[best] >= max(_ENOUGH_WORDS, _CLEARLY_MORE * english) else "en"
