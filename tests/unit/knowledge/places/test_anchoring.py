"""Words that were stored with their offsets are found again in a text that was read anew, or said to be gone."""

from __future__ import annotations

import random
import unicodedata

import pytest

from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import Passage
from chatbot_app.core.trust import Quote
from chatbot_app.knowledge.places.anchoring import Anchors, Span, find_anchors, says_the_same, stands_at
from chatbot_app.knowledge.places.pdf_pages import find_passage
from chatbot_app.knowledge.places.stored_places import Fit, PresentPlace, StoredPlace, present_place
from chatbot_app.knowledge.words.letters import letters_of


def at(text: str, span: Span | None) -> str:
    assert span is not None
    return text[span.start : span.end]


def passage(text: str, part: str, number: int = 1, heading: str = "", page: int | None = None) -> Passage:
    start = text.index(part)
    path = tuple(heading.split(" › ")) if heading else ()
    return Passage(number, "d1", number, start, start + len(part), part, page, path, heading)


def test_letters_know_where_they_came_from() -> None:
    text = "Straße, ﬁne ½ ٣ \U0001d7d9 — und\ud800"
    letters, places = letters_of(text)
    assert letters == "strassefine12٣1und"
    assert [text[place] for place in places] == [*list("Straßßeﬁﬁne"), "½", "½", *list("٣𝟙und")]
    assert letters_of("")[0] == ""


@pytest.mark.parametrize(
    "words", ["À l’été, les élèves mangèrent", "Größe über Ärger", "Ещё мой чай", "서울의 인구는 많다"]
)
def test_a_citation_is_found_where_accents_are_characters_of_their_own(words: str) -> None:
    """Text of PDFs that were made on a Mac is decomposed (NFD)."""
    for form, other in (("NFD", "NFC"), ("NFC", "NFD")):
        there = unicodedata.normalize(form, words)
        text = f"Avant cela. {there}. Après cela."
        wanted = unicodedata.normalize(other, words)
        assert says_the_same(there, wanted)
        assert [at(text, span) for span in find_anchors(text, wanted, 0).places] == [there]
    assert find_anchors("des élevés ici", unicodedata.normalize("NFD", "élevé ici"), 0) == Anchors()
    page = list(unicodedata.normalize("NFD", f"Avant {words} après"))
    marked = "".join(page[index] for index in find_passage(page, words))
    assert says_the_same(marked, words)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("R&D cost 1.5 million", r"R\&D **cost** 1\.5  million", True),
        ("RD cost", "R&D cost", True),
        ("cost 1.5 million", "cost 15 million", False),
        ("cost 4,000", "cost 4.000", False),
        ("| a | b |", "a b", True),
        ("***", "---", False),
    ],
)
def test_marks_and_spaces_may_differ_and_numbers_may_not(one: str, other: str, same: bool) -> None:
    assert says_the_same(one, other) is same
    assert says_the_same(other, one) is same


@pytest.mark.parametrize(
    ("now", "wanted", "found"),
    [
        ("The fee is 400 euros a month.", "fee is 400", "fee is 400"),
        ("The fee is 4000 euros a month.", "fee is 400", None),
        ("# The **fee** is 400 euros", "The fee is 400 euros", "The **fee** is 400 euros"),
        ("R&D cost 40 million\nin all", r"RD cost 40 million in all", "R&D cost 40 million\nin all"),
        ("It is 15.", "It is 1.5", None),
        ("Es kostete 5 %.", "5 %", "5 %"),
        ("Es kostete 5 vom Hundert.", "5 %", None),
        ("五十音は五つの母音。", "五つの母音", "五つの母音"),
        ("Nothing of it.", "The fee is 400 euros", None),
        ("", "The fee is 400 euros", None),
    ],
)
def test_words_are_found_as_they_are_or_by_their_letters(now: str, wanted: str, found: str | None) -> None:
    places = find_anchors(now, wanted, 0).places
    assert [at(now, place) for place in places] == ([found] if found is not None else [])


def test_the_nearest_of_several_comes_first_wherever_windows_end() -> None:
    row = "| Total net sales | 81,797 |\n"
    text = ("x " * 40_000 + row) * 12
    starts = [place for place in range(len(text)) if text.startswith(row, place)]
    for near in (0, 130_000, 500_001, len(text), len(text) * 2):
        found = find_anchors(text, row.strip(), near)
        assert [place.start for place in found.places] == sorted(
            starts, key=lambda start, near=near: (abs(start - near), start)
        )


def test_a_passage_over_the_edge_of_a_window_is_found_by_its_letters() -> None:
    wanted = "The turbine was built in 1987 by Ada Engine Works in the town of Ulm."
    now = wanted.replace(" ", "  ").replace("turbine", "**turbine**")
    for before in (249_990, 250_000, 499_980, 750_001):
        text = "y " * (before // 2) + now + " z" * 300_000
        found = find_anchors(text, wanted, 700_000)
        assert [at(text, place) for place in found.places] == [now]


def test_what_is_mostly_there_is_said_to_be_alike_and_what_is_not_is_nowhere() -> None:
    old = "The agreement ends on 31 March 2024, and either side may end it before with a notice of three months."
    now = old.replace("31 March 2024", "30 June 2025")
    text = "Preamble. " * 400 + now + " Schedule. " * 400
    found = find_anchors(text, old, 10)
    assert found.places == ()
    assert "30 June 2025" in at(text, found.alike)
    assert len(at(text, found.alike)) <= len(now) + 2
    assert find_anchors("Preamble. " * 900, old, 10) == Anchors()
    changed = old.replace("2024", "2025")
    assert at(changed, find_anchors(changed, old, 0).alike) in changed
    assert find_anchors(changed, old, 0).places == ()


def test_short_words_that_changed_are_nowhere() -> None:
    assert find_anchors("The fee is 500 euros.", "The fee is 400 euros.", 0).alike is None


def test_hostile_repetition_is_looked_through_in_linear_time() -> None:
    text = "a" * 500_000
    assert find_anchors(text, "b" + "a" * 1_600, 0).places == ()
    assert find_anchors(text, "a" * 1_600 + "b", 250_000).places == ()
    assert len(find_anchors("ab " * 90_000, "ab", 100_000).places) == 200
    assert find_anchors("0 0,0 " * 20_000, "0," * 700, 0).alike is not None


def test_a_passage_of_a_text_without_spaces_may_begin_and_end_within_a_word() -> None:
    text = "".join(random.Random(7).choices("abcdefgh", k=3_000))
    assert find_anchors("ahead" + text, text[500:1_000], 500).places == (Span(505, 1_005),)


def test_what_stands_where_it_stood_stays_there_however_often_it_stands_elsewhere() -> None:
    text = "Yes, of course. " * 50
    place = StoredPlace(Span(160, 175), "Yes, of course.")
    assert stands_at(text, place.text, place.span)
    assert present_place(text, [], place) == PresentPlace(Span(160, 175), None, Fit.SAME)


def test_where_more_is_between_the_same_words_the_sentence_moves_with_it() -> None:
    old, sentence = "The mill runs. It was built in 1887 by Adam.", "It was built in 1887 by Adam."
    now = old.replace(" It", "\n\nIt")
    start = old.index(sentence)
    stored = StoredPlace(Span(0, len(old)), old, Span(start, len(old)))
    found = present_place(now, [passage(now, now)], stored)
    assert (at(now, found.passage), at(now, found.sentence), found.fit) == (now, sentence, Fit.SAME)
    damaged = present_place(now, [passage(now, now)], StoredPlace(Span(-7, len(old)), old))
    assert at(now, damaged.passage) == now


OLD = "Preface.\n\nRD expenses were 40 million. They rose by a fifth in the second quarter. Sales fell."


def cited(start: int, end: int, quote: str = "", heading: str = "") -> Citation:
    text = OLD[start:end]
    inside = start + text.index(quote) if quote else 0
    return Citation(
        1,
        "d1",
        "Report",
        "/r.docx",
        None,
        heading,
        start,
        end,
        0.9,
        text,
        False,
        0,
        5,
        5,
        8,
        inside,
        inside + len(quote),
    )


def test_a_citation_follows_its_passage_and_its_sentence() -> None:
    sentence = "They rose by a fifth in the second quarter."
    stored = StoredPlace.of_source(cited(10, len(OLD), sentence))
    assert stored.words == sentence
    now = "A longer preface than before.\n\n" + OLD[10:].replace("RD", "R&D")
    found = present_place(now, [passage(now, now[31:])], stored)
    assert at(now, found.passage) == now[31:]
    assert at(now, found.sentence) == sentence
    assert found.fit is Fit.SAME


def test_a_sentence_is_found_alone_where_its_passage_is_gone() -> None:
    sentence = "They rose by a fifth in the second quarter."
    stored = StoredPlace.of_source(cited(10, len(OLD), sentence))
    now = "All else was written anew. " * 3 + sentence + " And goes on otherwise now."
    found = present_place(now, [passage(now, now)], stored)
    assert at(now, found.sentence) == sentence
    assert found.fit is Fit.SAME


def test_a_quote_is_marked_in_the_passage_that_it_is_in_now() -> None:
    words = "They rose by a fifth in the second quarter."
    start = OLD.index(words)
    quote = Quote("d1", "Report", "/r.docx", None, "", start, start + len(words), 0.9, words, 10, len(OLD))
    stored = StoredPlace.of_source(quote)
    same = present_place(OLD, [passage(OLD, OLD[10:])], stored)
    assert (at(OLD, same.passage), at(OLD, same.sentence)) == (OLD[10:], words)
    now = "Another beginning. " * 9 + words + " And an end."
    first, second = now[:57], now[57:]
    moved = present_place(now, [passage(now, first), passage(now, second, 2)], stored)
    assert (at(now, moved.passage), at(now, moved.sentence)) == (second, words)
    assert moved.fit is Fit.SAME


def test_the_same_words_are_told_apart_by_their_heading_and_else_said_to_be_several() -> None:
    row = "| Total | 81,797 million |"
    text = f"# Pear\n\n{row}\n\n# Plum\n\n{row}\n\n# Fig\n\n{row}\n"
    places = [place for place in range(len(text)) if text.startswith(row, place)]
    parts = [
        Passage(number, "d1", number, start, start + len(row), row, None, (name,), name)
        for number, (start, name) in enumerate(zip(places, ("Pear", "Plum", "Fig"), strict=True))
    ]
    under = present_place(text, parts, StoredPlace(Span(0, len(row)), row, heading="Fig"))
    assert under == PresentPlace(Span(places[2], places[2] + len(row)), None, Fit.SAME)
    anywhere = present_place(text, parts, StoredPlace(Span(places[1] - 1, 30), row))
    assert anywhere == PresentPlace(Span(places[1], places[1] + len(row)), None, Fit.SEVERAL)


def test_what_is_gone_marks_nothing_and_opens_under_its_heading() -> None:
    text = "# One\n\nSomething else.\n\n# Two\n\nAnd more of that."
    parts = [
        passage(text, "Something else.", 1, "One", 1),
        passage(text, "And more of that.", 2, "Two", 2),
    ]
    stored = StoredPlace(Span(0, 40), "The turbine was built in 1987 by Ada Engine.", None, None, "Two", 2)
    found = present_place(text, parts, stored)
    assert found == PresentPlace(Span(parts[1].start, parts[1].start), None, Fit.GONE)
    beyond = present_place(text, parts, StoredPlace(Span(900, 960), stored.text))
    assert beyond == PresentPlace(Span(len(text), len(text)), None, Fit.GONE)
    assert present_place("", [], stored).fit is Fit.GONE


def test_offsets_alone_are_believed_within_the_text() -> None:
    assert present_place("Short.", [], StoredPlace(Span(2, 90))) == PresentPlace(Span(2, 6), None, Fit.SAME)
    assert present_place("Short.", [], StoredPlace(Span(5, 2))) == PresentPlace(Span(5, 5), None, Fit.SAME)


def test_damaged_offsets_of_passages_lead_nowhere_beyond_the_text() -> None:
    text, words = "Another text altogether. It runs.", "The mill was built in 1887 by Adam."
    damaged = Passage(1, "d1", 1, 900, 20, "It runs.", 1, ("Mill",), "")
    parts = [passage(text, text, 0, "Other", 1), damaged]
    gone = present_place(text, parts, StoredPlace(Span(3, 38), words, heading="Mill", page=1))
    assert gone == PresentPlace(Span(len(text), len(text)), None, Fit.GONE)
    wide = Passage(2, "d1", 2, 0, 900, text, 1, (), "")
    quote = StoredPlace(Span(7, 16), "It runs.", Span(7, 16))
    assert present_place(text, [wide], quote).passage == Span(0, len(text))
