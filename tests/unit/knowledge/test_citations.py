"""Markers: the model's own, and those that the application adds."""

from __future__ import annotations

from chatbot_app.core.trust import Check, Verdict
from chatbot_app.knowledge.search.citations import add_markers, parse_markers


def test_markers_in_any_form_are_read_and_nothing_is_changed() -> None:
    answer = "A [1]. B [2, 3]. C【1】. D [1-3]."
    cited = parse_markers(answer, 3)
    assert cited.text == answer
    assert [citation.sources for citation in cited.markers] == [(1,), (2, 3), (1,), (1, 2, 3)]
    places = [cited.text[citation.start : citation.end] for citation in cited.markers]
    assert places == ["[1]", "[2, 3]", "【1】", "[1-3]"]


def test_what_names_no_source_is_the_answers_own() -> None:
    answer = "A [7]. B [0]. C [1][9]. The list is items[0] … items[10]."
    cited = parse_markers(answer, 2)
    assert cited.text == answer
    assert [citation.sources for citation in cited.markers] == [(1,)]
    assert parse_markers(answer, 0).text == answer
    assert parse_markers(answer, 0).markers == ()


def test_code_and_links_are_no_markers() -> None:
    text = "`a[1]` and\n```\nb = a[1]\n```\nand [1](http://example.org)"
    assert parse_markers(text, 3).text == text
    assert parse_markers(text, 3).markers == ()


ANSWER = "The Colosseum was completed in 80 AD. I like long summer evenings there. It is in Rome!"
SUPPORTED = Check(0, 37, Verdict.SUPPORTED, (2,))
BARE = Check(38, 72, Verdict.UNSUPPORTED)
LAST = Check(73, len(ANSWER), Verdict.SUPPORTED, (1,))


def test_supported_sentences_get_a_marker_and_others_stay_bare() -> None:
    cited = add_markers(ANSWER, [SUPPORTED, BARE, LAST])
    assert cited.text == (
        "The Colosseum was completed in 80 AD [2]. I like long summer evenings there. It is in Rome [1]!"
    )
    assert [cited.text[citation.start : citation.end] for citation in cited.markers] == ["[2]", "[1]"]
    assert not any(citation.by_model for citation in cited.markers)
    assert [cited.text[check.start : check.end] for check in cited.checks] == [
        "The Colosseum was completed in 80 AD [2].",
        "I like long summer evenings there.",
        "It is in Rome [1]!",
    ]


def test_what_two_sources_say_together_gets_both_in_its_marker() -> None:
    cited = add_markers(ANSWER, [Check(0, 37, Verdict.SUPPORTED, (1, 2))])
    assert cited.text.startswith("The Colosseum was completed in 80 AD [1, 2]. ")
    assert parse_markers(cited.text, 2).markers[0].sources == cited.markers[0].sources == (1, 2)


def test_a_contradicted_sentence_gets_no_marker() -> None:
    wrong = Check(0, 37, Verdict.CONTRADICTED, (2,), "The answer says 80, the source 70.")
    assert add_markers(ANSWER, [wrong]).markers == ()
    assert add_markers(ANSWER, []).text == ANSWER


def test_a_table_keeps_its_cells() -> None:
    row = "| Revenue | 82,959 |"
    assert add_markers(row, [Check(0, len(row), Verdict.SUPPORTED, (1,))]).text == "| Revenue | 82,959 [1] |"


def test_no_marker_is_put_into_mathematics_or_a_link() -> None:
    answer = "The height $h = 330. Tall$ of the Eiffel Tower in Paris is 330 metres."
    place = answer.index("Tall$")
    checks = [
        Check(0, place - 1, Verdict.SUPPORTED, (1,)),
        Check(place, len(answer), Verdict.SUPPORTED, (1,)),
    ]
    assert add_markers(answer, checks).text == answer
