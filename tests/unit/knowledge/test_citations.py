"""Markers: the model's own, and those that the application adds."""

from __future__ import annotations

from chatbot_app.knowledge.citations import add_markers, parse_markers


def test_markers_in_any_form_are_mapped_and_stand_where_they_say() -> None:
    cited = parse_markers("A [1]. B [2, 3]. C【1】. D [1-2].", 3)
    assert cited.text == "A [1]. B [2][3]. C[1]. D [1][2]."
    assert [citation.sources for citation in cited.citations] == [(1,), (2, 3), (1,), (1, 2)]
    for citation in cited.citations:
        assert cited.text[citation.start : citation.end] == "".join(f"[{n}]" for n in citation.sources)


def test_a_marker_that_points_nowhere_is_dropped() -> None:
    cited = parse_markers("A [7]. B [0]. C [1][9].", 2)
    assert cited.text == "A. B. C [1]."
    assert [citation.sources for citation in cited.citations] == [(1,)]


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
