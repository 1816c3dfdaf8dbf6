"""Which models are small, and what their conversations answer with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot_app.core.answer_modes import answer_mode, is_small_model
from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.generation_choices import ANSWER_MODES
from chatbot_app.core.servers import BUILT_IN_SERVER, Server
from chatbot_app.core.trust import AnswerMode, Trust, trust_of

SERVER = Server("s", "S", "http://localhost:1/v1")


def test_the_model_that_ships_is_small_and_a_file_of_the_persons_is_not() -> None:
    assert is_small_model(BUILT_IN_SERVER, None, frozenset())
    own = replace(BUILT_IN_SERVER, model_path="/models/large.gguf")
    assert not is_small_model(own, "large", frozenset())
    assert is_small_model(own, "large", {("built-in", "large")})


def test_a_marked_model_is_small_on_its_server_alone() -> None:
    marked = {("s", "tiny")}
    assert is_small_model(SERVER, "tiny", marked)
    assert not is_small_model(SERVER, "large", marked)
    assert not is_small_model(replace(SERVER, id="other"), "tiny", marked)
    assert is_small_model(replace(SERVER, default_model="tiny"), None, marked)


def test_the_only_model_of_a_server_is_the_one_that_was_marked() -> None:
    assert is_small_model(SERVER, None, {("s", "only")})
    assert not is_small_model(SERVER, None, {("other", "only")})


@pytest.mark.parametrize("mode", list(AnswerMode))
def test_what_the_person_chose_counts_for_every_model(mode: AnswerMode) -> None:
    settings = GenerationSettings(answer_mode=mode)
    assert answer_mode(settings, small_model=True) is answer_mode(settings, small_model=False) is mode
    assert GenerationSettings.from_dict(settings.to_dict()) == settings


def test_without_a_choice_the_model_decides() -> None:
    assert answer_mode(GenerationSettings(), small_model=True) is AnswerMode.QUOTES
    assert answer_mode(GenerationSettings(), small_model=False) is AnswerMode.BOTH
    assert [choice.value for choice in ANSWER_MODES] == [None, *AnswerMode]


def test_a_mode_that_nobody_knows_is_by_model() -> None:
    assert GenerationSettings.from_dict({"answer_mode": "guess"}).answer_mode is None


def test_trust_is_read_as_it_was_written_and_a_damaged_one_is_none() -> None:
    trust = Trust(
        AnswerMode.BOTH,
        confidence=0.7,
        searched="q",
        collections=("A",),
        documents=3,
        circle=True,
        unsaid_years=(2019,),
        certain=False,
    )
    assert trust_of({"trust": trust.to_dict()}) == trust
    of_an_earlier_version = {name: value for name, value in trust.to_dict().items() if name != "certain"}
    assert trust_of({"trust": of_an_earlier_version}) == replace(trust, certain=True)
    for damaged in ({}, {"trust": None}, {"trust": []}, {"trust": {**trust.to_dict(), "mode": "x"}}):
        assert trust_of(damaged) is None
