"""A character becomes settings, fits itself to what is here, and knows what was changed since."""

from __future__ import annotations

from dataclasses import replace

from chatbot_app.core.characters import (
    Character,
    Missing,
    Surroundings,
    changed_since,
    fitted,
    named_here,
    settings_of,
    with_changes,
)
from chatbot_app.core.generation import GENERATION_SETTINGS, GenerationSettings
from chatbot_app.core.servers import BUILT_IN_SERVER_ID

HERE = Surroundings(
    {BUILT_IN_SERVER_ID: "Built in", "s": "Work"},
    BUILT_IN_SERVER_ID,
    {"c": "Papers"},
    frozenset({"little"}),
)
TUTOR = Character(
    "Tutor",
    GenerationSettings(system_prompt="Teach.", temperature=0.3, server_id="s", model="big"),
    examples=(("2+2?", "What do you think?"),),
    id="t",
)


def test_its_examples_stand_behind_the_prompt_or_where_they_belong() -> None:
    applied = settings_of(TUTOR)
    assert applied.system_prompt == "Teach.\n\nInput: 2+2?\nOutput: What do you think?"
    assert (applied.character_id, applied.temperature, applied.model) == ("t", 0.3, "big")
    placed = replace(TUTOR, settings=replace(TUTOR.settings, system_prompt="So:\n{{examples}}\nTeach."))
    assert settings_of(placed).system_prompt == "So:\nInput: 2+2?\nOutput: What do you think?\nTeach."
    bare = replace(TUTOR, examples=())
    assert settings_of(bare).system_prompt == "Teach."


def test_what_is_gone_is_named_and_the_usual_stands_for_it() -> None:
    for settings, missing, kept in (
        (GenerationSettings(server_id="gone", model="x"), (Missing.SERVER,), GenerationSettings()),
        (GenerationSettings(model="gone"), (Missing.MODEL,), GenerationSettings()),
        (GenerationSettings(server_id="s", model="unknown"), (), None),  # only the server knows
        (GenerationSettings(model="little", collections=()), (), None),
        (
            GenerationSettings(collections=("c", "d")),
            (Missing.SOME_DOCUMENTS,),
            GenerationSettings(collections=("c",)),
        ),
        (GenerationSettings(collections=("d",)), (Missing.DOCUMENTS,), GenerationSettings()),
    ):
        assert fitted(settings, HERE) == (kept or settings, missing)


def test_what_was_changed_since_is_named() -> None:
    applied = settings_of(TUTOR)
    assert changed_since(applied, TUTOR, HERE) == ()
    changed = replace(applied, temperature=None, system_prompt="Teach!")
    assert changed_since(changed, TUTOR, HERE) == ("system_prompt", "temperature")
    usual = replace(TUTOR, settings=replace(TUTOR.settings, server_id=None, model=None))
    begun = replace(settings_of(usual), server_id=BUILT_IN_SERVER_ID)
    assert changed_since(begun, usual, HERE) == ()
    without = replace(HERE, servers={BUILT_IN_SERVER_ID: "Built in"})
    assert changed_since(applied, TUTOR, without) == ()
    assert changed_since(fitted(applied, without)[0], TUTOR, without) == ()
    for setting in GENERATION_SETTINGS:  # whatever is added to the table
        other = replace(applied, **{setting.name: "?"})
        assert changed_since(other, TUTOR, HERE) == (setting.name,)


def test_changes_can_be_kept_in_it() -> None:
    applied = settings_of(TUTOR)
    hotter = with_changes(TUTOR, replace(applied, temperature=1.0))
    assert hotter == replace(TUTOR, settings=replace(TUTOR.settings, temperature=1.0))
    assert settings_of(hotter) == replace(applied, temperature=1.0)
    rewritten = with_changes(TUTOR, replace(applied, system_prompt="New."))
    assert (rewritten.settings.system_prompt, rewritten.examples) == ("New.", ())


def test_servers_and_collections_from_elsewhere_are_known_by_their_names() -> None:
    settings = GenerationSettings(server_id="there", collections=("x", "y", "c"))
    brought = named_here(Character("A", settings), "WORK", ("papers", "Letters"), HERE)
    assert brought.settings == replace(settings, server_id="s", collections=("c", "y"))
    assert named_here(Character("A", settings), "", (), HERE).settings == settings
