"""Markers: the model's own, and those that the application adds."""

from __future__ import annotations

from chatbot_app.knowledge.citations import add_markers, parse_markers


def test_markers_in_any_form_are_read_and_nothing_is_changed() -> None:
    answer = "A [1]. B [2, 3]. C【1】. D [1-3]."
    cited = parse_markers(answer, 3)
    assert cited.text == answer
    assert [citation.sources for citation in cited.citations] == [(1,), (2, 3), (1,), (1, 2, 3)]
    places = [cited.text[citation.start : citation.end] for citation in cited.citations]
    assert places == ["[1]", "[2, 3]", "【1】", "[1-3]"]


def test_what_names_no_source_is_the_answers_own() -> None:
    answer = "A [7]. B [0]. C [1][9]. The list is items[0] … items[10]."
    cited = parse_markers(answer, 2)
    assert cited.text == answer
    assert [citation.sources for citation in cited.citations] == [(1,)]
    assert parse_markers(answer, 0).text == answer
    assert parse_markers(answer, 0).citations == ()


def test_code_and_links_are_no_markers() -> None:
    text = "`a[1]` and\n```\nb = a[1]\n```\nand [1](http://example.org)"
    assert parse_markers(text, 3).text == text
    assert parse_markers(text, 3).citations == ()


PASSAGES = [
    "The Eiffel Tower is 330 metres tall and stands in Paris.",
    "The Colosseum in Rome was completed in 80 AD under Titus.",
]


def test_supported_sentences_get_a_marker_and_others_stay_bare() -> None:
    cited = add_markers("The Colosseum was completed in 80 AD. I like long summer evenings there.", PASSAGES)
    assert cited.text == "The Colosseum was completed in 80 AD [2]. I like long summer evenings there."
    (citation,) = cited.citations
    assert not citation.by_model
    assert cited.text[citation.start : citation.end] == "[2]"


def test_a_wrong_number_is_not_supported() -> None:
    assert add_markers("The Eiffel Tower is 950 metres tall in Paris.", PASSAGES).citations == ()


def test_no_passages_no_markers() -> None:
    assert add_markers("The Eiffel Tower is tall and stands in Paris.", []).citations == ()


def test_no_marker_is_put_into_mathematics_or_a_link() -> None:
    answer = "The height $h = 330. Tall$ of the Eiffel Tower in Paris is 330 metres."
    for citation in add_markers(answer, PASSAGES).citations:
        assert citation.start > answer.index("$ of")
