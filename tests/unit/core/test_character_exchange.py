"""Characters go out as JSON and come in from it, and from character cards as other programs write them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatbot_app.core.character_exchange import characters_json, read_characters
from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.core.generation import DEFAULT_SYSTEM_PROMPT, GenerationSettings

HERE = Surroundings({"s": "Work"}, "s", {"c": "Papers"})
DATA = {
    "name": "Ada",
    "description": "{{char}} counts. <BOT> helps {{USER}}.",
    "personality": "calm",
    "scenario": "A library.",
    "first_mes": "*looks up* Yes, {{user}}?",
    "mes_example": "<START>\n{{user}}: Hi\n{{char}}: Hello,\n{{user}}!\n<start>\n<USER>: 1+1\n<BOT>: Two.\n",
    "creator_notes": "A friendly\nmathematician.",
    "system_prompt": "{{original}} Write as {{char}}.",
    "post_history_instructions": "Stay brief.",
    "alternate_greetings": ["Oh."],
    "character_book": {"entries": []},
    "tags": ["x"],
    "extensions": {"a": 1},
}


def read(document: Any) -> list[Character]:
    return [one.character for one in read_characters(json.dumps(document).encode()).characters]


def test_what_went_out_comes_in() -> None:
    characters = [
        Character(
            "Ärzte", GenerationSettings(system_prompt="", stop=("a", "b"), max_tokens=3), "d", (("i", "o"),)
        ),
        Character("B", GenerationSettings(server_id="s", model="m", collections=("c", "gone"))),
    ]
    written = characters_json(characters, HERE)
    found = read_characters(written.encode())
    assert [one.character for one in found.characters] == characters
    assert (found.characters[1].server_name, found.characters[1].collection_names) == ("Work", ("Papers", ""))
    elsewhere = Surroundings({"t": "work"}, "t", {"d": "papers"})
    settings = found.characters[1].as_here(elsewhere).settings
    assert (settings.server_id, settings.collections) == ("t", ("d", "gone"))


def test_a_card_says_all_to_the_model_that_it_says() -> None:
    [ada] = read({"spec": "chara_card_v2", "spec_version": "2.0", "data": DATA})
    assert ada.settings.system_prompt == (
        f"{DEFAULT_SYSTEM_PROMPT} Write as Ada.\n\nAda counts. Ada helps User.\n\nAda's personality: calm\n\n"
        "Scenario: A library.\n\nAda opens the conversation with these words:\n*looks up* Yes, User?\n\nStay brief."
    )
    assert ada.examples == (("Hi", "Hello,\nUser!"), ("1+1", "Two."))
    assert (ada.name, ada.description) == ("Ada", "A friendly mathematician.")
    assert (
        read({"spec": "chara_card_v3", "data": DATA})
        == [ada]
        == read([{"data": DATA, "spec": "chara_card_v2"}])
    )


def test_the_first_form_of_cards_is_read_and_odd_examples_stay_as_they_are() -> None:
    odd = "{{char}}: I begin.\n{{user}}: No."
    [bob] = read({"name": "Bob", "description": "x", "mes_example": odd, "personality": None})
    assert bob.examples == ()
    assert bob.settings.system_prompt == (
        "You are Bob. Stay in character.\n\nx\n\nExamples of what is said:\nBob: I begin.\nUser: No."
    )


@pytest.mark.parametrize(
    "document",
    [
        {},
        3,
        [],
        [3],
        {"name": "Bob"},
        {"name": 3, "description": "x"},
        {"spec": "chara_card_v2", "data": {"name": "", "description": "x"}},
        {"spec": "chara_card_v2", "data": {"name": "B"}},
        {"format": "chatbot-app-characters", "characters": 3},
        {"format": "chatbot-app-characters", "characters": [{"name": " / "}]},
        {"format": "chatbot-app-prompts", "prompts": []},
        {"name": "B", "description": "x" * 1_000_001},
    ],
)
def test_what_holds_no_character_is_refused(document: Any) -> None:
    if document == []:
        assert read(document) == []
        return
    with pytest.raises(ValueError):
        read(document)


def test_hostile_text_is_refused_or_made_harmless() -> None:
    for data in (b"\xff\xfe", b"[" * 200_000, b'{"name": "\x01', b"1" * 10_000):
        with pytest.raises(ValueError):
            read_characters(data)
    entry = {
        "name": "A\ud800",
        "settings": {"temperature": "hot", "stop": 3, "x": 1, "model": "m"},
        "examples": [1],
    }
    found = read({"format": "chatbot-app-characters", "characters": [entry, {"name": 1}, None]})
    assert found == [Character("A\ufffd", GenerationSettings(model="m"))]
