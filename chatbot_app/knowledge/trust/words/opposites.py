"""Words that say the opposite of each other: what rose and what fell, the north and the south, the first and the last.

Antonyms are WordNet's (`antonyms`); words for the same movement or place stand together here, so that “grew” and “declined” meet.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from chatbot_app.knowledge.search.words import STOP_WORDS, stem
from chatbot_app.knowledge.trust.words.antonyms import antonyms, is_denying

SAME_CLAUSE = 3  # content words, from which two clauses speak of the same however their words stand
NEAR = 2  # content words on each side, one of which the two texts must share

_TOKEN = re.compile(r"[^\W_]+(?:[-‑][^\W\d_]+)*|[.;:!?]")
# Each side against the other. "Up" and "down" say so before a number alone (`_BY_A_NUMBER`).
_SIDES = (
    (
        "increase increased rise rose risen grow grew growth gain climb surge soar expand raise improve strengthen higher"
        " double triple jump widen advance boost accelerate"
        " zunehmen zugenommen stieg stiegen gestiegen steigen wuchs erhöht erhöhte augmenter augmenté augmentation hausse"
        " aumentar aumentó aumento subió вырос выросла выросли увеличилась увеличился рост",
        "decrease decreased fall fell fallen decline drop dropped shrink shrank shrunk reduce reduction diminish lessen"
        " plunge weaken worsen lower cut slip sink slide"
        " tumble ease halve slow abnehmen abgenommen sank sanken gesunken sinken fiel fielen gefallen verringert diminuer"
        " diminué diminution baisse disminuir disminuyó bajó descenso снизился снизилась снизились упал упала"
        " уменьшился уменьшилась",
    ),
    ("largest biggest greatest", "smallest tiniest"),
    ("highest tallest", "lowest"),
    ("longest", "shortest"),
    ("oldest eldest earliest", "youngest newest latest"),
    ("best", "worst"),
    ("first", "last"),
    ("maximum", "minimum"),
    ("most", "fewest least"),
    ("majority", "minority"),
    ("won win winner", "lost lose loser"),
    (
        "allow permit permitted authorise authorize admit",
        "forbid forbidden prohibit ban banned disallow exclude",
    ),
    ("accept approve grant", "refuse reject decline deny"),
    ("landlord lessor", "tenant lessee"),
    ("buyer purchaser", "seller vendor"),
    ("lender creditor", "borrower debtor"),
    ("interior internal", "exterior external"),
    ("upstream", "downstream"),
    ("amont", "aval"),
    ("antes", "después"),
    ("avant", "après"),
    ("vor", "nach"),
    ("before", "after"),
    ("bought buy purchase acquire", "sold sell"),
    ("lend lent", "borrow"),
    ("include", "exclude"),
    ("add introduce", "drop remove delete eliminate abolish"),
    ("support", "oppose"),
    ("begin began start", "end finish finished"),
    ("keep kept retain preserve", "lose lost delete erase"),
    ("earlier sooner früher", "later später"),
    ("front vorne", "rear"),
    ("leicht leichte leichten", "schwer schwere schweren"),
    ("debit debited", "credit credited"),
    ("rural countryside", "urban"),
    ("double doubled twice twofold", "halve halved"),
    ("easy", "hard difficult"),
    ("häufig oft meist", "selten"),
    ("morgens morgen vormittags", "abends abend nachmittags"),
    ("höchstens maximal", "mindestens minimal"),
    ("teurer höher länger größer älter", "billiger günstiger niedriger kürzer kleiner jünger"),
    ("größte größten größter", "kleinste kleinsten kleinster"),
    ("erste ersten erster", "letzte letzten letzter"),
    (
        "zugestimmt zustimmung zustimmte bewilligt genehmigt angenommen gebilligt",
        "abgelehnt ablehnung ablehnte verworfen zurückgewiesen",
    ),
    ("erlaubt gestattet zulässig", "verboten untersagt unzulässig"),
    ("mieter", "vermieter"),
    ("käufer", "verkäufer"),
    ("kaufte gekauft", "verkaufte verkauft"),
    ("geöffnet eröffnet öffnet", "geschlossen schließt"),
    ("erhöht erhöhen gesteigert", "gesenkt senken verringert reduziert"),
    ("gewann gewonnen", "verlor verloren"),
    ("innen", "außen"),
    ("oben", "unten"),
    ("links", "rechts"),
    ("обязан обязаны", "вправе"),
    ("открыт открыта", "закрыт закрыта"),
    ("nördlich norden", "südlich süden"),
    ("östlich osten", "westlich westen"),
)
# What excludes each of the others.
_EXCLUSIVE = (
    "once twice thrice",
    "daily weekly monthly quarterly yearly/annual/annually hourly",
    "spring summer autumn/fall winter",
    "red blue green yellow orange black white brown grey/gray pink purple",
    "rot/rote/roten/rotes/roter blau/blaue/blauen/blaues/blauer grün/grüne/grünen/grünes/grüner gelb/gelbe/gelben/gelbes/gelber"
    " schwarz/schwarze/schwarzen/schwarzer weiß/weiße/weißen/weißer",
    "breakfast lunch dinner",
    "täglich wöchentlich monatlich vierteljährlich jährlich",
    "frühling/frühjahr sommer herbst",
    "morning afternoon evening",
    "son grandson daughter granddaughter nephew niece",
    "father mother grandfather grandmother uncle aunt",
    "north south east west northeast northwest southeast southwest",
)
# A buyer's purchase is a seller's sale: the opposite only where both are said of the same.
_RECIPROCAL = frozenset(
    map(
        stem,
        """buy bought purchase acquire sell sold lend lent borrow win won lose lost give receive
        kaufen kauft kaufte gekauft verkaufen verkauft verkaufte mieten mietet mietete gemietet vermieten vermietet vermietete
        lieh geliehen verlieh verliehen""".split(),
    )
)
_UNSPACED_SIDES = (
    (("上升", "增加", "提高", "增长", "上涨"), ("下降", "减少", "降低", "下跌")),
    (("以北", "北部", "北岸"), ("以南", "南部", "南岸")),
    (("以东", "东部", "东岸"), ("以西", "西部", "西岸")),
    (("允许", "可以"), ("禁止", "不准", "不得", "严禁")),
    (("之前", "以前"), ("之后", "以后")),
    (("最大", "最高", "最长", "最多"), ("最小", "最低", "最短", "最少")),
)
_DIRECTIONS = frozenset(_EXCLUSIVE[-1].split())
_FREQUENCIES = frozenset(
    _EXCLUSIVE[1].replace("/", " ").split()
)  # kept as they are: "monthly" is not "month"
_COMPASS_FORM = re.compile(r"^(north|south)?-?(east|west)?(?:ern|ward|wards|erly|ernmost|bound)?$")
# Pairs of WordNet that stand beside each other without a contradiction, or mostly mean something else.
_NO_OPPOSITES = frozenset(
    "here there come go man woman men women day night more less same new old one any ever right left"
    " give take get have make do well good bad young part whole near far still even odd lead follow precede victory defeat"
    " begin start end finish complete stand lie".split()
)
_COMPARED = re.compile(r"\b(?:than|als)\b", re.IGNORECASE)
_COMPARATIVE = re.compile(r"\w{2,}er|worse|less", re.IGNORECASE)
_BY_A_NUMBER = re.compile(r"\b(?:(up)|down)\b(?=\s+(?:by\s+)?(?:about\s+|nearly\s+)?[$€£]?\d)", re.IGNORECASE)
# "Once a week" is weekly.
_HOW_OFTEN = {
    word: often
    for often, words in {
        "hourly": "hour stunde",
        "daily": "day tag",
        "weekly": "week woche",
        "monthly": "month monat",
        "quarterly": "quarter quartal",
        "yearly": "year jahr",
    }.items()
    for word in words.split()
}
_EVERY = re.compile(
    rf"\b(?:once an?|every|each|per|pro|je|jede[nrs]?|einmal (?:im|in der|pro))\s+({'|'.join(_HOW_OFTEN)})\b",
    re.IGNORECASE,
)


# Two things have two orders: the opposite only where what stands behind the word is the same.
_CONVERSE = frozenset(map(stem, "before after vor nach avant après antes después".split()))
# What gets better may go down: blood pressure, costs.
_BETTER = frozenset(map(stem, "improve improved strengthen strengthened advance".split()))
_MAY_BE_BETTER = frozenset(
    map(stem, "lower lowered reduce reduced cut ease lessen decrease decreased fall fell fallen".split())
)


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    stem: str
    near: frozenset[str]  # stems of the content words beside it, inside the clause
    before: frozenset[str]  # those that stand before it, small words where none does
    behind: frozenset[str]
    clause: frozenset[str]  # all of its clause


def opposed(
    said: str,
    source: str,
    said_denials: Sequence[Set[str]] = (),
    source_denials: Sequence[Set[str]] = (),
    contraries: Callable[[str], Set[str]] | None = None,
    fewest: int = 1,
) -> Iterator[tuple[str, str]]:
    """Yield (word of `said`, word of `source`) that say the opposite about the same.

    The two stand beside a word that both texts have, neither text has both, and neither is denied in one text alone
    (see `negation.denied`): “did not rise” and “fell” are no contradiction. `contraries` gives the opposites of a stem,
    those of `opposites_of` where it is not given; `fewest` is how many words beside them both texts must have.
    """
    mine, theirs = _words(said), _words(source)
    # Which of two it is tells `comparisons`.
    are_compared = _COMPARED.search(said) and _COMPARED.search(source)
    my_stems, their_stems = {word.stem for word in mine}, {word.stem for word in theirs}
    for word in mine:
        if word.stem in their_stems or (are_compared and _COMPARATIVE.fullmatch(word.text)):
            continue
        against = (contraries or opposites_of)(word.stem)
        for other in theirs:
            if (
                (other.stem in against or is_denying(word.text, other.text))
                and other.stem not in my_stems
                # Where the source has both sides, one word beside them does not say which is meant.
                and (
                    len(word.near & other.near)
                    >= max(fewest, 1 + bool(their_stems & opposites_of(other.stem)))
                    or (
                        contraries is not None
                        and len(word.clause & other.clause) >= SAME_CLAUSE
                        and not their_stems & opposites_of(other.stem)
                    )
                )
                and (word.stem not in _RECIPROCAL or word.before & other.before)
                and (word.stem not in _CONVERSE or word.behind & other.behind)
                and _is_denied(word.stem, said_denials) is _is_denied(other.stem, source_denials)
            ):
                yield word.text, other.text
    for one_side, other_side in _UNSPACED_SIDES:
        for mine_side, their_side in ((one_side, other_side), (other_side, one_side)):
            my_word = next((word for word in mine_side if word in said), None)
            their_word = next((word for word in their_side if word in source), None)
            if my_word and their_word and not _any(mine_side, source) and not _any(their_side, said):
                yield my_word, their_word


def is_reciprocal(word: str) -> bool:
    """Whether the opposite of a lower-case verb says the same of the two sides exchanged."""
    return stem(word) in _RECIPROCAL


def way_of(text: str) -> int:
    """Return 1 where a text says that something rose, -1 that it fell, 0 where it says neither, or both."""
    found = {word.stem for word in _words(text)}
    ups, downs = _trends()
    return bool(found & ups) - bool(found & downs)


def words_of_way(way: int) -> frozenset[str]:
    """Return the stems of the words that say that something rose (1) or fell (-1)."""
    ups, downs = _trends()
    return ups if way > 0 else downs if way < 0 else frozenset()


@lru_cache(maxsize=1)
def _trends() -> tuple[frozenset[str], frozenset[str]]:
    ups, downs = (frozenset(map(stem, side.split())) for side in _SIDES[0])
    return ups, downs


def opposites_of(stemmed: str) -> frozenset[str]:
    """Return the stems of the words that say the opposite of the word with a stem."""
    return _pairs().get(stemmed, frozenset())


@lru_cache(maxsize=1)
def _pairs() -> dict[str, frozenset[str]]:
    pairs: dict[str, set[str]] = {}

    def add(one: str, other: str) -> None:
        if one != other:
            pairs.setdefault(one, set()).add(other)
            pairs.setdefault(other, set()).add(one)

    for one, others in antonyms().items():
        for other in others:
            add(one, other)
    for word in _NO_OPPOSITES:
        for other in pairs.pop(stem(word), ()):
            pairs[other].discard(stem(word))
    for one_side, other_side in _SIDES:
        for one in one_side.split():
            for other in other_side.split():
                add(stem(one), stem(other))
    for group in _EXCLUSIVE:
        for one_side, other_side in itertools.combinations(group.split(), 2):
            for one in one_side.split("/"):
                for other in other_side.split("/"):
                    add(_form(one), _form(other))
    for better, worse in ((_BETTER, _MAY_BE_BETTER), (_MAY_BE_BETTER, _BETTER)):
        for word in better:
            pairs.get(word, set()).difference_update(worse)
    return {word: frozenset(others) for word, others in pairs.items()}


def _words(text: str) -> list[_Word]:
    found: list[_Word] = []
    for clause in _clauses(text):
        content = [form for _, form in clause if form]
        whole = frozenset(content)
        count = 0  # of the content words before the place
        small: list[str] = []  # the words before it: of "he bought" and "she sold" they tell who
        for word, form in clause:
            before = content[max(0, count - NEAR) : count]
            count += bool(form)
            after = content[count : count + NEAR]
            stemmed = form or _form(word.casefold())
            found.append(
                _Word(
                    word,
                    stemmed,
                    frozenset(before + after),
                    frozenset(before or small[-NEAR:]),
                    frozenset(after),
                    whole,
                )
            )
            small.append(word.casefold())
    return found


def _clauses(text: str) -> list[list[tuple[str, str]]]:
    """Return the (word, stem) of each clause; "" for the stem of a stop word."""
    clauses: list[list[tuple[str, str]]] = [[]]
    moves = {match.start(1): _HOW_OFTEN[match[1].casefold()] for match in _EVERY.finditer(text)}
    moves |= {match.start(): "increase" if match[1] else "decrease" for match in _BY_A_NUMBER.finditer(text)}
    for match in _TOKEN.finditer(text):
        word = match.group()
        if not word[0].isalnum():
            clauses.append([])
            continue
        plain = moves.get(match.start(), word.casefold().replace("‑", "-"))
        direction = _compass(plain)
        if direction and word[0].isupper():
            direction = word  # "North Carolina" is a name, and no stem has a capital
        clauses[-1].append((word, "" if plain in STOP_WORDS else direction or _form(plain)))
    return clauses


def _form(word: str) -> str:
    return word if word in _DIRECTIONS or word in _FREQUENCIES else stem(word)


def _compass(word: str) -> str:
    found = _COMPASS_FORM.match(word)
    return "".join(part for part in found.groups() if part) if found else ""


def _any(words: Sequence[str], text: str) -> bool:
    return any(word in text for word in words)


def _is_denied(stemmed: str, denials: Sequence[Set[str]]) -> bool:
    return any(stemmed in scope for scope in denials)
