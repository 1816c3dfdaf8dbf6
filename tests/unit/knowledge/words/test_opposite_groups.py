"""The one table of words that are against each other."""

from __future__ import annotations

import itertools

import pytest

from chatbot_app.knowledge.words.opposite_groups import OppositeGroup, Opposition, Told, opposite_groups

LANGUAGES = {"en", "de", "fr", "es", "ru", "zh"}


def groups() -> list[OppositeGroup]:
    return list(dict.fromkeys(group for told in Told for group in opposite_groups(told)))


def test_a_group_has_sides_that_share_no_word() -> None:
    for group in groups():
        assert len(group.sides) > 1
        assert all(group.sides), group
        for one, other in itertools.combinations(group.sides, 2):
            assert not set(one) & set(other), group


def test_words_are_written_as_texts_are_compared() -> None:
    words = [word for group in groups() for word in group.words]
    assert [word for word in words if word != word.casefold()] == []
    assert "grösste" in words


def test_each_group_is_of_languages_that_are_known_and_stands_once() -> None:
    assert {language for group in groups() for language in group.languages} == LANGUAGES
    seen = [frozenset(map(frozenset, group.sides)) for group in groups()]
    assert [group for group, sides in zip(groups(), seen, strict=True) if seen.count(sides) > 1] == []


def test_what_rises_and_what_falls_are_two_sides() -> None:
    trends = [group for group in groups() if group.opposition is Opposition.TREND]
    assert {language for group in trends for language in group.languages} == LANGUAGES - {"zh"}
    assert all(len(group.sides) == 2 for group in trends)


@pytest.mark.parametrize(
    ("told", "one", "other"),
    [
        (Told.CLAUSE, "grew", "decline"),
        (Told.CLAUSE, "north", "southwest"),
        (Told.PLACE, "monday", "sunday"),
        (Told.FORM, "januar", "dezember"),
        (Told.DEGREE, "loud", "quiet"),
    ],
)
def test_where_words_tell_against_each_other(told: Told, one: str, other: str) -> None:
    def are_against_each_other(group: OppositeGroup) -> bool:
        return any(one in mine and other in theirs for mine, theirs in itertools.permutations(group.sides, 2))

    assert [told for told in Told if any(map(are_against_each_other, opposite_groups(told)))] == [told]
