"""Finds what identifies a person in free text, so that it can be taken out before the text is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType
from stdnum.gb import nhs

from casework.domain import privacy_words as words
from casework.domain.privacy_words import ORDINARY_WORDS, Part


class Kind(StrEnum):
    """What a finding gives away about a person."""

    NAME = "name"
    DATE_OF_BIRTH = "date_of_birth"
    POSTCODE = "postcode"
    PHONE = "phone"
    EMAIL = "email"
    NHS_NUMBER = "nhs_number"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Finding:
    """One identifier: its kind and where it stands in the text as given (`text[start:end]`)."""

    kind: Kind
    start: int
    end: int


LETTERS = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
SENTENCE_END = re.compile(r"[.!?:;\n•*\"“–—/]|\s-\s")
RELATION_GAPS = frozenset((" ", " - ", " (", ": ", ' "', " “"))
TITLE_GAPS = frozenset((" ", ". ", "."))
CERTAIN = frozenset((Part.GIVEN, Part.SURNAME))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of letters. `key` is it as the lists hold it; `gap` is what stands between it and the word before."""

    text: str
    key: str
    start: int
    end: int
    gap: str
    owns: bool  # it had 's
    part: Part
    shouted: bool
    capital: bool
    opens: bool  # it opens a sentence, so its capital says nothing
    joined: bool


NOTHING = _Word(".", ".", 0, 0, "^", False, Part.NONE, False, False, True, False)


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    last = 0
    for match in LETTERS.finditer(text):
        (start, end), written = match.span(), match.group()
        gap = text[last:start] if found else "^"
        last = end
        owns = len(written) > 2 and written[-2] in "'’" and written[-1] in "sS"
        if owns:
            written, end = written[:-2], end - 2
        if re.search(r"[\d_]", text[max(0, start - 1) : start] + text[last : last + 1]):
            written = "0"
        key, part = words.plain(written), words.part_of(words.plain(written))
        shouted = len(written) > 1 and written.isupper()
        opens = gap == "^" or SENTENCE_END.search(gap) is not None
        joined = gap.isspace() and "\n" not in gap and len(gap) < 4
        capital = written[0].isupper() and not shouted
        found.append(_Word(written, key, start, end, gap, owns, part, shouted, capital, opens, joined))
    return found


class _Names:
    """One reading of a text for names, from left to right. A name is given as its first word and the one after it."""

    def __init__(self, text: str) -> None:
        self.words = _words(text)
        self.last = -2  # the last word of the name found last

    def found(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(self.words):
            first, after = self.titled(at) or self.capitals(at) or self.small(at) or (at, at)
            if after > first:
                yield self.words[first].start, self.words[after - 1].end
                self.last = after - 1
            at = max(after, at + 1)

    def word(self, at: int) -> _Word:
        return self.words[at] if 0 <= at < len(self.words) else NOTHING

    def titled(self, at: int) -> tuple[int, int] | None:
        """A title and the surname after it; small letters need a surname nobody can take for a word."""
        title, after = self.word(at), at + 1
        # few initials at most: a thousand of them must not make this slow
        while after < at + 4 and self.word(after).gap in TITLE_GAPS and len(self.word(after).text) == 1:
            after += 1
        word, civil = self.word(after), title.key in words.CIVIL
        if title.key not in words.TITLES or word.gap not in TITLE_GAPS:
            return None
        if word.capital:
            wanted = word.part is not Part.NONE or (civil and word.key in words.SURNAME_WORDS)
            wanted = wanted and (civil or title.text[0].isupper())
        else:
            wanted = word.part in CERTAIN or (word.part is Part.UNKNOWN and not word.shouted)
            wanted = wanted and (civil or (title.shouted and word.shouted))
        return (at, self.stretched(after, after + 1)) if wanted else None

    def stretched(self, first: int, after: int) -> int:
        """How far a name goes on: capitals that aren't ordinary, surnames, a particle before a capital."""
        while after - first < 6 and not self.word(after - 1).owns and self.word(after).joined:
            word, following = self.word(after), self.word(after + 1)
            if word.key in words.PARTICLES and following.joined and following.capital:
                after += 2
                continue
            certain = word.part in CERTAIN or word.key in words.SURNAME_WORDS
            doubtful = word.part in (Part.DOUBTFUL, Part.PLACE) and word.key not in words.ORDINARY
            big = word.capital and (certain or doubtful or word.part is Part.UNKNOWN)
            if not big and not (word.shouted and (certain or (len(word.text) > 3 and word.part is Part.UNKNOWN))):
                break
            after += 1
        return after

    def is_body(self, first: int, after: int) -> bool:
        """The run names a street, a school, a body, a storm: "William Street", "St Mary's", "Thomas Telford School"."""
        before, following, last = self.word(first - 1), self.word(after), self.word(after - 1)
        if before.key in words.CALLED_AFTER and self.word(first).gap in (" ", ". "):
            return True
        if following.joined and following.capital and following.key in words.PLACES:
            following = self.word(after + 1)
        if following.joined and following.text[0].isupper() and following.key in words.ORGANISATION:
            return not (last.owns and after - first == 1 and not before.capital)
        if self.word(first).part is Part.GIVEN and last.key in words.HALLS:
            return False
        return after - first > 1 and last.key in words.ORGANISATION and not self.acts(after)

    def acts(self, at: int) -> bool:
        """What stands here only a person does: "said", "was seen", "didn't"."""
        word, following = self.word(at), self.word(at + 1)
        if not word.joined or word.text[0].isupper() != word.shouted:
            return False
        return (
            word.key in words.SPEECH
            or word.key in words.REFUSING
            or (word.key in words.BEING and following.key in words.STATES)
        )

    def related(self, at: int) -> bool:
        """The word before says who this is ("her brother", "boy called"), or this is the next of a row of names."""
        word, before, earlier = self.word(at), self.word(at - 1), self.word(at - 2)
        if before.key in words.RELATIONS and not before.owns and word.gap in RELATION_GAPS:
            return True
        if before.key in ("called", "named", "as") and word.joined:
            return earlier.key in words.RELATIONS or earlier.key in words.NAMED
        if self.last == at - 1:
            return word.gap in (", ", " & ", "/", " / ")
        return self.last == at - 2 and before.key in ("and", "n") and word.joined

    def told(self, at: int) -> bool:
        before, earlier = self.word(at - 1).key, self.word(at - 2).key
        return self.word(at).joined and (
            before in words.TELLING or (before in ("to", "with") and earlier in words.SPEAKING)
        )

    def capitals(self, at: int) -> tuple[int, int] | None:
        """A name written with capitals."""
        first, at = at, self.past_initial(at)
        word = self.word(at)
        part = word.part
        if not word.capital or len(word.text) < 2 or part is Part.NONE:
            return None
        after = self.stretched(at, at + 1)
        if self.is_body(at, after):
            return None
        if first < at or (after - at > 1 and self.pair(at, part)):
            return first, after
        return self.single(at, part) if after - at == 1 else None

    def past_initial(self, at: int) -> int:
        """Past "J." to the surname it belongs to, or `at` itself if it belongs to none ("Child A Police")."""
        word, following = self.word(at), self.word(at + 1)
        if len(word.text) > 1 or not word.text.isupper() or self.word(at - 1).key in words.RELATIONS:
            return at
        dotted = following.gap in (". ", ".")
        fits = following.part is Part.SURNAME or (dotted and following.part is Part.UNKNOWN)
        return at + 1 if fits and following.capital and (dotted or following.gap == " ") else at

    def pair(self, at: int, part: Part) -> bool:
        """Two or more capitals in a row are a name, unless the first is only there by its place in the sentence."""
        word, second = self.word(at), self.word(at + 1).part
        if part in CERTAIN or second is Part.SURNAME:
            return True
        if part is Part.UNKNOWN:
            return second is not Part.NONE or self.related(at)
        if part is Part.PLACE or second is Part.NONE:
            return self.related(at) or self.told(at) or self.acts(at + 2)
        return not (word.opens and second is Part.GIVEN)

    def single(self, at: int, part: Part) -> tuple[int, int] | None:
        """A capitalised name standing alone."""
        word, following, later = self.word(at), self.word(at + 1), self.word(at + 2)
        if part is Part.SURNAME and following.gap == ", " and following.capital and following.part is Part.GIVEN:
            return at, at + 2
        owned = word.owns and following.key in words.RELATIONS and following.joined
        found = part in CERTAIN or owned or self.related(at)
        if part is Part.UNKNOWN:
            found = found or (following.key in words.SAYING and following.joined)
        elif not found:
            row = following.key == "and" and later.capital and later.part in (Part.GIVEN, Part.DOUBTFUL)
            before = self.word(at - 1)
            inside = not word.opens and not (word.joined and before.capital and not before.opens)
            alone = inside and not (following.joined and following.capital)
            clear = part is Part.DOUBTFUL and word.key not in ORDINARY_WORDS
            found = self.acts(at + 1) or self.told(at) or row or (clear and alone)
        return (at, at + 1) if found else None

    def small(self, at: int) -> tuple[int, int] | None:
        """A name in small letters or all capitals: it must hold a name that is no ordinary word."""
        word, following = self.word(at), self.word(at + 1)
        part, second = word.part, following.part
        if word.capital or len(word.text) < (4 if word.shouted else 2) or self.word(at - 1).key in words.CALLED_AFTER:
            return None
        paired = following.joined and not word.owns and following.shouted == word.shouted
        if part is not Part.GIVEN:
            beside = self.acts(at + 1) or not following.joined
            known = part in (Part.DOUBTFUL, Part.PLACE) and (word.key not in ORDINARY_WORDS or self.acts(at + 1))
            if part is Part.DOUBTFUL and paired and second is Part.SURNAME:
                return at, at + 2
            return (at, at + 1) if known and beside and (self.related(at) or self.told(at)) else None
        if paired and following.key in words.STREETS:
            return None
        ends = not self.word(at + 2).joined or self.acts(at + 2) or word.shouted
        goes_on = second in (Part.GIVEN, Part.UNKNOWN) or following.key in words.SURNAME_WORDS
        return at, at + 1 + (paired and (second is Part.SURNAME or (ends and goes_on)))


MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
DAY = r"\d{1,2}(?:st|nd|rd|th)?"
YEAR = r"(?:\d{4}|\d{2}(?![:.\d]))"
DATE = re.compile(
    rf"(?i)(?<!\w)(?<!\d[./:-])(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}([/.\- ])\d{{1,2}}(?:\1{YEAR})?"
    rf"|{DAY}(?:\s?of)?[ ]?{MONTH}(?:,?[ ]{YEAR})?|{MONTH}[ ]{DAY}(?:,?[ ]\d{{4}})?)(?![\w/])"
)
FILLERS = r"(?:on|is|was|are|in|the|of|given|as|at|to|be|approx|recorded|his|her|their|here|\d\d:\d\d|[a-z]{3,6}day)"
BIRTH = r"(?:\bborn|\bd\.?\s?o\.?\s?b\b\.?|\b(?:date\s+of\s+birth|birth\s?date|birthday|birthdate)|\bb\.)"
BIRTH_BEFORE = re.compile(rf"{BIRTH}(?:[\s:=(,\-]|\b{FILLERS}\b)*$", re.IGNORECASE)
BIRTH_AFTER = re.compile(rf"[\s,(\-]*(?:(?:is|was|his|her|their|as)\s+)*{BIRTH}", re.IGNORECASE)
EVENT_WORDS = r"on|since|from|until|till?|by|dated?|after|before|between|of|in|and|to|at|w/c"
EVENT_BEFORE = re.compile(rf"(?i)\b(?:{EVENT_WORDS})\s*(?:\w{{3,9}}day,?\s*)?$|[-–:]\s*$")
PERSON_BEFORE = re.compile(r"(?<![\w.])((?:[A-Z]\.?){2,4})\s?[(,]\s?$")
# whatever day it is, it is not before this year: older dates stay old
YEAR_WRITTEN = 2026
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}")
POSTCODE = re.compile(
    r"(?i)(?<![A-Za-z0-9-])(?:[A-PR-UWYZ](?:\d{1,2}|\d[A-HJKPSTUW]|[A-HK-Y]\d{1,2}|[A-HK-Y]\d[A-Z]))"
    r"[ \t\u00a0]{0,2}(\d[ABD-HJLNP-UW-Z]{2})(?![A-Za-z0-9])"
)
PLAIN_PHONE = re.compile(r"(?<![\w.,-])0\d{3,4}[ -]?\d{3}[ -]?\d{3,4}(?![\w-])")
TEN_DIGITS = re.compile(r"(?<![\w-])\d{3}([ -]?)\d{3}\1\d{4}(?![\w-])")
REFERENCE_BEFORE = re.compile(r"(?i)\b(?:case|ref|reference|order|invoice|po|lcs|log)\b[^.\d]{0,12}$")
NHS_BEFORE = re.compile(r"\bnhs\b[^\d]{0,16}$", re.IGNORECASE)
FLAT = re.compile(r"\b(?:flat|apartment|apt|pitch|plot|caravan)\s+$", re.IGNORECASE)
FLAT_BEFORE = re.compile(r"\b(?:flat|apartment|apt)\s+\d{0,3}[a-z]?,?\s+$", re.IGNORECASE)
HOUSE_NUMBER = re.compile(r"(?<![\w.,/:£-])(\d{1,4})(?:-\d{1,4}|[A-Za-z])?(?=,?[ ])")
PUBLIC_LINES = (PhoneNumberType.TOLL_FREE, PhoneNumberType.UAN, PhoneNumberType.SHARED_COST)


def _nhs_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Ten digits whose check digit fits, or that are called an NHS number: a slip in it still leads to the child."""
    for match in TEN_DIGITS.finditer(text):
        before = text[max(0, match.start() - 30) : match.start()]
        valid = nhs.is_valid(match.group()) and match.group()[0] in "3456789" and not REFERENCE_BEFORE.search(before)
        if valid or NHS_BEFORE.search(before):
            yield match.span()


def _phones(text: str) -> Iterator[tuple[int, int]]:
    """Numbers that could be dialled, even ones not in use; public lines (0800 and the like) belong to nobody."""
    matcher = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE, max_tries=1000)
    for match in matcher:
        dialled = re.match(r"\(?[0+]", match.raw_string) and sum(map(str.isdigit, match.raw_string)) >= 10
        public = phonenumbers.number_type(match.number) in PUBLIC_LINES
        if dialled and not public and not DATE.match(match.raw_string):
            yield match.start, match.end
    # the matcher passes over numbers set beside each other with a slash
    for plain in PLAIN_PHONE.finditer(text):
        if not plain.group().startswith(("0800", "0808", "03")) and not DATE.match(plain.group()):
            yield plain.span()


def _births(text: str) -> Iterator[tuple[int, int]]:
    """Dates said to be of birth, dates set beside initials, and old dates nothing in the sentence explains.

    What happened needs dates, so a date is let be unless something speaks of a birth. Nobody tells this module what day
    it is: old is two years before the latest year in the text, or before the year this was written.
    """
    dates = list(DATE.finditer(text))
    latest = max([YEAR_WRITTEN, *(year for match in dates if (year := _year(match.group())) <= YEAR_WRITTEN + 50)])
    for match in dates:
        before = text[max(0, match.start() - 50) : match.start()]
        after, year = text[match.end() : match.end() + 40], _year(match.group())
        person = PERSON_BEFORE.search(before)
        beside = person is not None and person.group(1).replace(".", "").lower() not in ORDINARY_WORDS
        old = year <= latest - 2 and not EVENT_BEFORE.search(before)
        if BIRTH_BEFORE.search(before) or BIRTH_AFTER.match(after) or (year and (beside or old)):
            yield match.span()


def _year(date: str) -> int:
    """The year a date names, 0 if it names none; two digits are read as the last hundred years."""
    numbers = re.findall(r"\d+", date)
    for number in numbers:
        if len(number) == 4:
            return int(number)
    worded = re.search(r"[A-Za-z]{3}", date.replace("of", "")) is not None
    if len(numbers) < (2 if worded else 3):
        return 0
    short = int(numbers[-1])
    return 2000 + short if short <= YEAR_WRITTEN % 100 + 5 else 1900 + short


def _postcodes(text: str) -> Iterator[tuple[int, int]]:
    for match in POSTCODE.finditer(text):
        if match.group(1) not in ("1st", "2nd", "3rd"):  # "s31 1st hearing": an order and an ordinal
            yield match.span()


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """A house number and up to three words that end in "Road" and its like; or a flat and the building's name."""
    for match in HOUSE_NUMBER.finditer(text):
        if 1900 <= int(match.group(1)) <= 2100:
            continue
        before = text[max(0, match.start() - 20) : match.start()]
        flat = FLAT.search(before)
        outer = flat or FLAT_BEFORE.search(before)
        end = _street_end(text, match.end(), words.BUILDINGS if flat else words.STREETS)
        if end is not None:
            yield match.start() - (len(before) - outer.start() if outer else 0), end


def _street_end(text: str, at: int, types: frozenset[str]) -> int | None:
    """Where the street that starts right behind a house number ends, None if none does."""
    parts = _words(text[at : at + 60])[:5]
    end: int | None = None
    for count, word in enumerate(parts):
        gap = word.gap if count else text[at : at + word.start]
        if gap not in (" ", ", ") or (gap == ", " and count):
            break
        if count and word.key in types and _is_street(parts[: count + 1]):
            end = at + word.end
            following = parts[count + 1] if count + 1 < len(parts) else None
            if following and following.joined and following.capital and following.key in words.ORGANISATION - types:
                return None
    return end


def _is_street(parts: list[_Word]) -> bool:
    if all(word.capital for word in parts[1:]) and parts[0].text[0].isupper():
        return True
    if len(parts) > 3 or any(word.key in words.NOT_STREETS for word in parts):
        return False
    return parts[-1].key in words.PLAIN_STREETS or not any(words.is_ordinary(word.key) for word in parts[:-1])


def findings(text: str) -> tuple[Finding, ...]:
    """Everything in the text that identifies a person, in order, never overlapping.

    Where two kinds claim the same letters the more telling one wins, in the order below. The time is linear in the
    length of the text whatever it holds. A finding is a question to the person who wrote it, not a verdict.
    """
    taken = bytearray(len(text))
    found: list[Finding] = []
    for kind, find in (
        (Kind.EMAIL, lambda whole: (match.span() for match in EMAIL.finditer(whole))),
        (Kind.NHS_NUMBER, _nhs_numbers),
        (Kind.DATE_OF_BIRTH, _births),
        (Kind.PHONE, _phones),
        (Kind.POSTCODE, _postcodes),
        (Kind.ADDRESS, _addresses),
        (Kind.NAME, lambda whole: _Names(whole).found()),
    ):
        for start, end in find(text):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(Finding(kind, start, end))
    return tuple(sorted(found, key=lambda finding: finding.start))
