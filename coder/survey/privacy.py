"""Personal data in what people wrote: found, never changed here.

``find_personal_data`` offers finds for a person to decide on; ``pseudonyms`` and ``replaced`` carry
out what was decided. Finds can be missed and can be wrong: ``docs/benchmarks/privacy.md`` tells how
often. Every pattern is bounded, so the time grows with the length of the text and no faster.

Positions are Unicode code points in the text as it was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal

FindKind = Literal["cpr", "phone", "email", "web", "address", "name", "plate"]
Span = tuple[int, int]

# What an entity recogniser does here: the spans of persons in a text.
EntityFinder = Callable[[str], list[Span]]


@dataclass(frozen=True)
class Find:
    """What looks like personal data: ``text[start:end]``."""

    kind: FindKind
    start: int
    end: int


def find_personal_data(text: str, entities: EntityFinder | None = None) -> list[Find]:
    """The finds in order; no two overlap.

    ``entities`` adds persons that an entity recogniser sees. Where two kinds claim the same
    characters, the one that stands first in ``_FINDERS`` has them.
    """
    finds: list[Find] = []
    left = text
    for kind, finder in _FINDERS:
        spans = _apart(finder(left))
        finds += [Find(kind, start, end) for start, end in spans]
        # A telephone number after a CPR number stands alone once that is out of sight.
        left = replaced(left, [(start, end, _HIDDEN * (end - start)) for start, end in spans])
    if entities is not None:
        spans = [span for span in entities(text) if _HIDDEN not in left[slice(*span)]]
        finds += [Find("name", start, end) for start, end in _apart(spans)]
    return sorted(finds, key=lambda find: find.start)


_HIDDEN = "\0"


def _apart(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, without those that are empty or overlap an earlier one."""
    kept: list[Span] = []
    for start, end in sorted(spans):
        if start < end and (not kept or kept[-1][1] <= start):
            kept.append((start, end))
    return kept


# --- what is done with a find ------------------------------------------------------------------


def pseudonyms(
    finds: Iterable[tuple[FindKind, str]],
    words: Mapping[FindKind, str],
    known: Mapping[tuple[FindKind, str], str] | None = None,
) -> dict[tuple[FindKind, str], str]:
    """A pseudonym such as ``[person 3]`` for every find, given as its kind and its text.

    ``words`` has the word of each kind. The same thing gets the same number, however it is
    spelt: letters' case and spaces don't count, nor does anything but the digits of a number.
    ``known`` are pseudonyms given before: they stay, and new ones go on from the highest number.
    """
    result = dict(known or {})
    by_thing = {(kind, _thing(kind, text)): name for (kind, text), name in result.items()}
    last = _last_numbers(result)
    for kind, text in finds:
        thing = (kind, _thing(kind, text))
        if thing not in by_thing:
            last[kind] = last.get(kind, 0) + 1
            by_thing[thing] = f"[{words[kind]} {last[kind]}]"
        result.setdefault((kind, text), by_thing[thing])
    return result


def _thing(kind: FindKind, text: str) -> str:
    if kind in ("cpr", "phone"):
        digits = re.sub(r"[^0-9]", "", text)
        return re.sub("^(00)?45(?=[0-9]{8}$)", "", digits) if kind == "phone" else digits
    if kind == "plate":
        return "".join(text.split()).casefold()
    return " ".join(_plain(text).split())


def _last_numbers(given: Mapping[tuple[FindKind, str], str]) -> dict[FindKind, int]:
    last: dict[FindKind, int] = {}
    for (kind, _), name in given.items():
        number = re.search(r"([0-9]+)\]$", name)
        last[kind] = max(last.get(kind, 0), int(number[1]) if number else 0)
    return last


def replaced(text: str, replacements: Sequence[tuple[int, int, str]]) -> str:
    """The text with each ``(start, end, new)`` carried out; ``new`` may be empty.

    All positions are those of ``text``, in any order. ``ValueError`` when one lies outside the
    text or two overlap.
    """
    parts: list[str] = []
    done = 0
    for start, end, new in sorted(replacements):
        if not done <= start <= end <= len(text):
            raise ValueError(f"replacement {start}:{end} overlaps another or leaves the text")
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])


_SENTENCE_END = re.compile(r"[.!?…]{1,9}[\"”»’)]{0,2}\s+(?=[^\W\d_a-zæøåäöü]|[\"“«(–•-])|\n+")


def sentence_around(text: str, find: Find) -> Span:
    """The span of the sentence (or line) that a find stands in, without spaces around it.

    A full stop inside the find, as in ``J. Holm``, does not part it.
    """
    start, end = 0, len(text)
    for gap in _SENTENCE_END.finditer(text):
        if gap.end() <= find.start:
            start = gap.end()
        elif gap.start() >= find.end:
            end = gap.end()
            break
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), start + len(inside.rstrip())


# --- e-mail and web ----------------------------------------------------------------------------

_EMAIL = re.compile(
    r"(?<![\w.+-])[\w+-][\w.+-]{0,63}"
    r"(?:@| ?[(\[] ?(?:at|snabel-?a) ?[)\]] ?)"
    r"(?:[\w-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w@])",
    re.IGNORECASE,
)
# Without "www." only endings that are no Danish words: "godt.se" and "bra.no" are missing spaces.
_WEB = re.compile(
    r"(?<![\w@.-])(?:"
    r"https?://[^\s<>\"]{1,2000}"
    r"|www\.(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}(?:[/?#][^\s<>\"]{0,2000})?"
    r"|(?:[\w-]{1,63}\.){1,8}(?:dk|com|org|net|eu|edu|gov|co\.uk)(?![\w@-])"
    r"(?:[/?#][^\s<>\"]{0,2000})?"
    r")",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}»”’'…*"


def _emails(text: str) -> Iterator[Span]:
    return (found.span() for found in _EMAIL.finditer(text))


def _web_addresses(text: str) -> Iterator[Span]:
    """Web addresses without the punctuation of the sentence they stand in."""
    for found in _WEB.finditer(text):
        yield found.start(), found.start() + len(found[0].rstrip(_TRAILING))


# --- numbers -----------------------------------------------------------------------------------

_REACH = 40  # so many characters before a number may tell what it is

_OWN_NUMBER = r"cpr|person|telefon|tlf|mobil|sms|vagt|kontakt"
_OTHER_NUMBER = re.compile(
    r"(?:"
    rf"\b(?!(?:{_OWN_NUMBER}))[^\W\d_]{{1,30}}(?:-?(?:nr|nummer|numre)(?:et|ene)?|-id)\b"
    r"|\b(?:ordre|sag|faktura|vare|konto|licens|projekt|journal|kunde|bilag|tilsagn|serie|model|lov"
    r"|lbk|bekendtgørelse|afsnit|kapitel|side|p|order|case|invoice|account|item|meeting|section)"
    r"[ .-]{0,2}(?:nr|nummer|no|number|id)\b"
    r"|\b(?:cvr|ean|isbn|ordre|faktura|stregkode|bilag|journal|afsnit|kapitel|side|kode|mødekode"
    r"|invoice|order|reference|referencen|tallet|datoen|perioden|beløbet)\b"
    r"|\b(?:antal|skala|svarprocent)[^\n0-9]{0,20}"
    r")\.?[ ]?(?:er|is|på|var|:|=|#){0,2}\s{0,2}$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"[ .]?(?:%|‰|procent|pct|percent|kr|kroner|mio|timer|time|min|minutter|dage|uger|måneder|år"
    r"|gange|gang|personer|deltagere|medarbejdere|borgere|beboere|mennesker|stk|km|meter|m2|m²|euro|dkk|hours|times|weeks"
    r"|days|people)(?!\w)",
    re.IGNORECASE,
)

_CPR = re.compile(
    r"(?<![0-9])(?<![0-9][.,/-])([0-3][0-9][01][0-9][0-9]{2})([-–]|[ .]?)([0-9]{4})"
    r"(?![0-9]|[-–./,][0-9])"
)
_CPR_WORD = re.compile(
    r"(?:cpr|personn(?:umme)?r|født)[\w.-]{0,12}\s?(?:nr\.?|nummer)?(?:\s?(?:er|is|:)){0,2}\s{0,2}$",
    re.IGNORECASE,
)
_CPR_WEIGHTS = (4, 3, 2, 7, 6, 5, 4, 3, 2, 1)


def is_cpr_number(digits: str) -> bool:
    """Whether ten digits begin with a date of birth, as every Danish CPR number does."""
    if not re.fullmatch("[0-9]{10}", digits):
        return False
    day, month, year = (int(digits[at : at + 2]) for at in (0, 2, 4))
    try:
        date(_century(int(digits[6]), year) + year, month, day)
    except ValueError:
        return False
    return True


def _century(seventh: int, year: int) -> int:
    """The seventh digit tells the century, together with the two digits of the year."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800


def passes_modulus_11(digits: str) -> bool:
    """Whether ten digits have the check digit that all CPR numbers had until October 2007.

    Numbers given out since may lack it: to fail here proves nothing, to pass makes it likelier.
    """
    if not re.fullmatch("[0-9]{10}", digits):
        return False
    return sum(w * int(d) for w, d in zip(_CPR_WEIGHTS, digits, strict=True)) % 11 == 0


def _cpr_numbers(text: str) -> Iterator[Span]:
    return (found.span() for found in _CPR.finditer(text) if _is_cpr_here(text, found))


def _is_cpr_here(text: str, found: re.Match[str]) -> bool:
    digits, separator = found[1] + found[3], found[2]
    if not is_cpr_number(digits):
        return False
    before = _before(text, found.start())
    if passes_modulus_11(digits) or _CPR_WORD.search(before):
        return True
    # A space or full stop is no usual way to write it, and an order number may begin with a date.
    return separator not in (" ", ".") and not _OTHER_NUMBER.search(before)


def _before(text: str, start: int) -> str:
    return text[max(0, start - _REACH) : start]


_PHONE_ABROAD = re.compile(
    r"(?<![\w.,+])(?:\(\+[1-9][0-9]{0,2}\)|\+[1-9]|00[1-9])(?:[ .-]?[0-9]){7,13}(?![0-9])"
)
_PHONE = re.compile(
    r"(?<![\w+§$€£@#/.,-])(?<![0-9][ :])[2-9][0-9](?:"
    r"([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}|[0-9]{2}[ .-]?[0-9]{4}"
    r")(?![\w%/@]|[ .,:-][0-9])"
)
# After a word for telephone any eight digits will do.
_PHONE_AFTER_WORD = re.compile(
    r"(?:\btlf|telefon|mobil|\bring|\bphone|\bcall)[^\n0-9]{0,20}"
    r"([0-9](?:[ .-]?[0-9]){7})(?![0-9])",
    re.IGNORECASE,
)
_DATE_OR_YEARS = re.compile(
    r"(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:[0-2][0-9]|3[01])"
    r"|(?:[0-2][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}"
    r"|(?:19|20)[0-9]{2}(?:19|20)[0-9]{2}"
)


def _phone_numbers(text: str) -> Iterator[Span]:
    yield from (found.span() for found in _PHONE_ABROAD.finditer(text))
    yield from (found.span() for found in _PHONE.finditer(text) if _is_phone_here(text, found))
    for found in _PHONE_AFTER_WORD.finditer(text):
        if not _UNIT.match(text, found.end()):
            yield found.span(1)


def _is_phone_here(text: str, found: re.Match[str]) -> bool:
    digits = re.sub("[^0-9]", "", found[0])
    # Round thousands, in groups of two or four, are rather counts than someone's number.
    if digits.endswith("00000") or (not found[1] and _DATE_OR_YEARS.fullmatch(digits)):
        return False
    if _UNIT.match(text, found.end()):
        return False
    return not _OTHER_NUMBER.search(_before(text, found.start()))


_PLATE = re.compile(
    r"(?<![\w-])(?!EN|HP|DS|DK|NR|PO|PC|TV|IT|KR|EU|UK|US|CA)"
    r"[A-ZÆØÅ]{2} ?[0-9]{2} ?[0-9]{3}(?![\w-])"
)
_PLATE_AFTER_WORD = re.compile(
    r"(?:nummerplade|reg\. ?nr|registreringsnummer|bilen?)[^\w\n]{0,3}"
    r"([a-zæøå]{2} ?[0-9]{2} ?[0-9]{3})(?!\w)",
    re.IGNORECASE,
)


def _plates(text: str) -> Iterator[Span]:
    yield from (found.span() for found in _PLATE.finditer(text))
    yield from (found.span(1) for found in _PLATE_AFTER_WORD.finditer(text))


# --- street addresses --------------------------------------------------------------------------

_STREET_ENDINGS = (
    *("vej", "vejen", "gade", "gaden", "allé", "alléen", "alle", "alleen", "vænge", "vænget"),
    *("plads", "pladsen", "torv", "torvet", "stræde", "strædet", "boulevard", "boulevarden"),
    *("park", "parken", "bakke", "bakken", "have", "haven", "toft", "toften", "mark", "marken"),
    *("eng", "engen", "sti", "stien", "vang", "vangen", "gangen", "høj", "højen", "brynet"),
    *("promenaden", "ringen", "kaj", "kajen", "krogen", "lunden", "kæret", "dalen", "brinken"),
    *("skrænten", "ageren", "løkken", "gården", "skoven"),
)
_STREET_ENDINGS_IN_LOWER_CASE = ("vej", "vejen", "gade", "allé", "vænget", "stræde")
# Streets only with a word before them: Gammel Landevej.
_NO_NAMES_OF_STREETS = frozenset(
    """
    adgangsvej cykelsti gågade gågaden hjemvej hjemvejen hovedgade hovedvej hovedvejen indgangen
    landevej landevejen motorvej motorvejen omvej omvejen genvej genvejen overgangen sidegade
    sidevej tilgangen udvej udgangen adgangen rundgangen p-plads legeplads legepladsen arbejdsplads
    arbejdspladsen
    """.split()  # noqa: SIM905 - words read better as text
)
_HOUSE = re.compile(
    r"(?<![\w-])(?P<street>[^\W\d_][\w\u0300-\u036f’'-]{2,40}) (?:nr\.? )?"
    r"(?P<number>[0-9]{1,3}(?: ?[A-Za-z](?![\w.]))?(?:-[0-9]{1,3}[A-Za-z]?)?)"
    r"(?![\w%]|[.,:][0-9])"
    r"(?:, ?(?:[0-9]{1,2}\.|st\.|kl\.)(?: ?sal\b)?(?:,? ?(?:tv|th|mf)\b\.?)?)?"
    r"(?:,? (?:DK-)?[0-9]{4} [^\W\d_a-zæøå]\w{1,30}(?: [A-ZÆØÅ]{1,2}\b)?)?"
)
_DATE_GOES_ON = re.compile(
    r"\.? ?(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[a-z.]{0,6}\b", re.IGNORECASE
)
_STREET_BEGINNING = re.compile(
    r"(?<![\w.])((?:[^\W\d_a-zæøå]\.){1,3}|[^\W\d_a-zæøå][\w\u0300-\u036f'’-]{0,30}\.?) $"
)
_STREET_ADJECTIVE = re.compile(
    r"(?:(?:[^\W\d_]\.){1,3}|gammel|gl\.?|nye?|store|st\.|lille|ll\.|vester|vestre|øster|østre"
    r"|nørre|nordre|sønder|søndre|sankt|sct\.?|skt\.?|indre|ydre|øvre|nedre)",
    re.IGNORECASE,
)
_HOUSE_IN_ENGLISH = re.compile(
    r"(?<![\w.,-])[0-9]{1,4}[A-Za-z]? (?:[A-Z][\w'’]{1,30} ){1,3}"
    r"(?:Street|Road|Avenue|Lane|Drive|Close|Terrace|Crescent|St|Rd|Ave)\b"
)


def _addresses(text: str) -> Iterator[Span]:
    """Streets with a house number, with floor and town where they follow."""
    yield from (found.span() for found in _HOUSE_IN_ENGLISH.finditer(text))
    for found in _HOUSE.finditer(text):
        after = found.end("number")
        if _UNIT.match(text, after) or _DATE_GOES_ON.match(text, after):
            continue
        start = _street_start(text, found.start(), found["street"])
        if start is not None:
            yield start, found.end()


def _street_start(text: str, start: int, word: str) -> int | None:
    """Where the name of a street begins whose last word is ``word``; None when it is no street."""
    lowered = unicodedata.normalize("NFC", word).lower()
    if not lowered.endswith(_STREET_ENDINGS):
        return None
    if lowered in _STREET_ENDINGS or lowered in _NO_NAMES_OF_STREETS:
        begun = _street_beginning(text, start, any_word=True)
        return None if begun == start or not word[0].isupper() else begun
    if word[0].islower() and not lowered.endswith(_STREET_ENDINGS_IN_LOWER_CASE):
        return None
    return _street_beginning(text, start, any_word=False)


def _street_beginning(text: str, start: int, any_word: bool) -> int:
    """``start`` moved over the capitalised words before: any of them, or only Ny, Gl. and such."""
    for _ in range(4):
        found = _STREET_BEGINNING.search(_before(text, start))
        if not found or _plain(found[1]) in _BEGINNERS:
            break
        if not any_word and not _STREET_ADJECTIVE.fullmatch(found[1]):
            break
        start -= len(found[0])
    return start


# --- names -------------------------------------------------------------------------------------
#
# A name is looked for in runs of capitalised words. What counts is whether a word is in the lists,
# what stands before the run (a title, or an institution) and how the run ends: "Mettes Hus" and
# "Emma Hospice" are places, "Viggo-robotten" is a thing.

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_WORD = re.compile(rf"{_LETTER}+(?:[’'-]{_LETTER}+)*")
_PARTICLES = frozenset(
    {"van", "von", "der", "den", "ter", "la", "le", "el", "al", "bin", "du", "di", "da", "dos"}
)
_MOST_WORDS = 5

_TITLES = frozenset({"fru", "frk", "hr", "herr", "mr", "mrs", "ms", "miss"})
_ROLES = frozenset(
    """
    dr prof læge overlæge tandlæge sygeplejerske socialrådgiver sagsbehandler psykolog pædagog lærer
    terapeut ergoterapeut fysioterapeut leder afdelingsleder teamleder direktør borgmester rådmand
    formand forstander viceforstander koordinator projektleder vikar frivillig kollega beboer
    beboeren borger borgeren nabo naboen onkel faster moster tante søster bror farmor mormor
    farfar morfar præst pastor sosu assistent hjælper
    hedder hed kaldes navn mvh vh kh hilsen hilsner named called regards nurse doctor
    """.split()  # noqa: SIM905
)
_GREETINGS = frozenset({"mvh", "vh", "kh", "hilsen", "hilsner", "regards"})
_ABBREVIATIONS = frozenset(
    {"fru", "frk", "hr", "dr", "mr", "mrs", "ms", "prof", "sct", "skt", "st"}
)
_NOUNS_AFTER = frozenset(
    {"aften", "plads", "minde", "metode", "metoden", "model", "modellen", "pris", "prisen"}
)
_PLACES_BEFORE = frozenset(
    """
    sankt sct skt st kong konge dronning prins prinsesse kronprins kronprinsesse mester villa huset
    hus plejecenter plejecentret plejehjem plejehjemmet ældrecenter aktivitetscenter bocenter team
    teamet afdeling afdelingen afsnit boenheden bostedet botilbuddet børnehuset børnehaven skolen
    region kommune jobcenter center centret projekt familieafdelingen robotten robot café hotel
    restaurant bus firmaet virksomheden
    """.split()  # noqa: SIM905
)
_PLACE_ENDINGS = (
    *("hospital", "hospitalet", "sygehus", "skole", "skolen", "plads", "vej", "gade", "allé"),
    *("alle", "torv", "boulevard", "stræde", "park", "have", "institut", "instituttet", "hospice"),
    *("seminariet", "fonden", "fond", "hjem", "hjemmet", "hus", "huset", "café", "cafe", "bøfhus"),
    *("festival", "centre", "center", "centret", "centeret", "minde", "universitet", "kommune"),
    *("prisen", "kirke", "kapel", "foundation", "school", "university", "college", "hospitals"),
    *("street", "road", "avenue", "house", "institute", "museum", "museet", "hotel", "aften"),
    *("kvarter", "kollegium", "kollegiet", "gården", "metoden", "modellen", "robotten", "dag"),
)
_SURNAME_ENDINGS = (
    *("sen", "sson", "gaard", "gård", "lund", "holm", "berg", "bjerg", "strup", "trup", "rup"),
    *("bæk", "skov", "dal", "dahl", "toft", "felt", "feldt", "sted", "quist", "kvist", "ström"),
    *("dóttir", "dottir", "ova", "owski", "owska", "enko", "ić", "vic", "oğlu", "holt", "borg"),
)
# Words that stand with a capital at the beginning of a sentence, before a surname.
_BEGINNERS = frozenset(
    """
    af alle at bl da de den der det dette disse dog du efter eller en er et for fordi fra før han
    har hos hun hver hvis hvor hvordan i ifølge ikke ja jeg jf kan kun kontakt kære man med mange
    men min mit mine nu når og også om os over på ring samt se selv siden skriv som spørg så tak
    til to tre ved vedr vi vores var være and but dear for from in my of our she the they to we with
    """.split()  # noqa: SIM905
)


_NEVER_NAMES = _BEGINNERS | _TITLES | _ROLES | _PARTICLES


@dataclass(frozen=True)
class _Word:
    """A word of a text; ``plain`` is its comparable form."""

    start: int
    end: int
    text: str
    plain: str


def _names(text: str) -> Iterator[Span]:
    words = [_Word(*found.span(), found[0], _plain(found[0])) for found in _WORD.finditer(text)]
    yield from _names_in_lower_case(text, words)
    for first, last in _runs(text, words):
        before = words[first - 1] if _follows(text, words, first) else None
        after = words[last] if _follows(text, words, last) else None
        yield from _names_in_run(words[first:last], before, after)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _runs(text: str, words: Sequence[_Word]) -> Iterator[Span]:
    """First and one past the last word of every run of capitalised words."""
    first = 0
    while first < len(words):
        last = first + 1
        if words[first].text[0].isupper():
            while _goes_on(text, words, last):
                last += 1
            while words[last - 1].text[0].islower():
                last -= 1
            yield first, last
        first = last


def _goes_on(text: str, words: Sequence[_Word], at: int) -> bool:
    if at >= len(words):
        return False
    gap = text[words[at - 1].end : words[at].start]
    initial = len(words[at - 1].text) <= 2 and words[at - 1].text[0].isupper()
    if gap not in (" ", "\u00a0") and not (initial and gap in (".", ". ")):
        return False
    return words[at].text[0].isupper() or words[at].plain in _PARTICLES


def _follows(text: str, words: Sequence[_Word], at: int) -> bool:
    """Whether the word follows the one before it in the same breath."""
    if not 0 < at < len(words):
        return False
    gap, before = text[words[at - 1].end : words[at].start], words[at - 1].plain
    if before in _GREETINGS:
        return not gap.strip(" ,.:\n\r\t\u00a0")
    return gap in (" ", "\u00a0", ": ") or (gap in (". ", ".") and before in _ABBREVIATIONS)


def _names_in_run(
    run: Sequence[_Word], before: _Word | None, after: _Word | None
) -> Iterator[Span]:
    """The names in a run of capitalised words; ``before`` and ``after`` stand beside the run."""
    at = 0
    while at < len(run):
        led_by = run[at - 1] if at else before
        if not _begins_name(run, at) and not _is_titled(run[at], led_by):
            at += 1
            continue
        end = _ending(run, at)
        following = run[end] if end < len(run) else after
        if not _is_place(run[at:end], led_by, following):
            yield run[at].start, run[end - 1].end - _genitive(run[end - 1])
        at = end


def _is_titled(word: _Word, led_by: _Word | None) -> bool:
    """Whether the word before tells that this one is a name, even if it is a word of its own."""
    if led_by is None:
        return False
    known = _is_name(word) or _is_like_surname(word)
    return led_by.plain in _TITLES or (led_by.plain in _ROLES and known)


def _begins_name(run: Sequence[_Word], at: int) -> bool:
    word = run[at]
    if _is_certain_given(word) or _is_in_sen(word):
        return True
    return at + 1 < len(run) and _begins_with(word, run[at + 1])


def _begins_with(word: _Word, following: _Word) -> bool:
    """Whether a word that is no certain name begins one, together with what follows."""
    if _is_given(word) or len(word.text) == 1:
        return _is_name(following) or _is_like_surname(following) or len(following.text) == 1
    if word.plain in _NEVER_NAMES or word.plain.endswith(_PLACE_ENDINGS):
        return False
    return _is_surname(following) and not _is_ordinary(following)


def _ending(run: Sequence[_Word], at: int) -> int:
    """One past the last word of the name that begins at ``at``."""
    shouted = len(run[at].text) > 1 and run[at].text.isupper()
    end = at + 1
    while end < min(len(run), at + _MOST_WORDS) and not _genitive(run[end - 1]):
        if shouted and not (_is_name(run[end]) or _is_like_surname(run[end])):
            break
        end += 1
    return end


def _is_place(name: Sequence[_Word], led_by: _Word | None, following: _Word | None) -> bool:
    """Whether it is a place, an institution or a thing that is named after a person."""
    if led_by is not None and led_by.plain in _PLACES_BEFORE:
        return True
    if any("-" in word.text and word.text.rpartition("-")[2].islower() for word in name):
        return True
    words = [*name, *([following] if following and following.text[0].isupper() else [])]
    if any(word.plain.endswith(_PLACE_ENDINGS) and not _is_name(word) for word in words):
        return True
    if following is None or not _genitive(name[-1]):
        return False
    return following.plain in _NOUNS_AFTER or (len(name) > 1 and following.text[0].isupper())


def _genitive(word: _Word) -> int:
    """How many characters a genitive ending has; 0 when the word is a name as it stands."""
    if word.plain.endswith(("'s", "’s")):
        return 2
    if not word.plain.endswith("s") or word.plain in _all_names():
        return 0
    stem = word.plain[:-1]
    known = stem.split("-")[-1] in _all_names()
    return int(known or stem.endswith(_SURNAME_ENDINGS))


def _stem(word: _Word) -> str:
    ending = _genitive(word)
    return word.plain[:-ending] if ending else word.plain


def _is_given(word: _Word) -> bool:
    stem = _stem(word)
    return stem in _given_names() or stem.split("-")[0] in _given_names()


def _is_surname(word: _Word) -> bool:
    return any(part in _surnames() for part in (_stem(word), *_stem(word).split("-")))


def _is_name(word: _Word) -> bool:
    return _is_given(word) or _is_surname(word)


def _is_like_surname(word: _Word) -> bool:
    return len(word.plain) >= 5 and _stem(word).endswith(_SURNAME_ENDINGS)


def _is_ordinary(word: _Word) -> bool:
    return _stem(word) in _ordinary_words()


def _names_in_lower_case(text: str, words: Sequence[_Word]) -> Iterator[Span]:
    """Without capitals only two things are certain: "mette hansen" and "jeg hedder mette"."""
    for first, second in pairwise(words):
        beside = text[first.end : second.start] == " "
        if not beside or not first.text.islower() or not second.text.islower():
            continue
        if first.plain in _given_names() and _is_in_sen(second):
            yield first.start, second.end - _genitive(second)
        elif first.plain in ("hedder", "hed") and _is_certain_given(second):
            yield second.start, second.end


def _is_certain_given(word: _Word) -> bool:
    return _is_given(word) and not _is_ordinary(word)


def _is_in_sen(word: _Word) -> bool:
    """Whether it is a listed surname in -sen, which no other Danish words are."""
    return _stem(word).endswith("sen") and _is_surname(word)


@cache
def _given_names() -> frozenset[str]:
    return _listed("given_da.txt")


@cache
def _surnames() -> frozenset[str]:
    return _listed("surnames_da.txt")


@cache
def _all_names() -> frozenset[str]:
    return _given_names() | _surnames()


@cache
def _ordinary_words() -> frozenset[str]:
    return _listed("ordinary_words.txt")


def _listed(file: str) -> frozenset[str]:
    """The lines of a bundled list, in the comparable form of words."""
    path = Path(__file__).parent / "names" / file
    return frozenset(_plain(line) for line in path.read_text("utf-8").split())


# In the order of precedence: what comes first keeps the characters it claims.
_FINDERS: tuple[tuple[FindKind, Callable[[str], Iterable[Span]]], ...] = (
    ("email", _emails),
    ("web", _web_addresses),
    ("cpr", _cpr_numbers),
    ("phone", _phone_numbers),
    ("plate", _plates),
    ("address", _addresses),
    ("name", _names),
)
