"""Characters: a system prompt, a model, settings and documents under one name, for conversations that begin with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.prompt_template import EXAMPLES, put_at, uses
from chatbot_app.core.saved_prompts import written_examples
from chatbot_app.core.servers import BUILT_IN_SERVER_ID


@dataclass(frozen=True, slots=True)
class Character:
    """A character of the library; the id is "" before it is kept.

    The system prompt of `settings` is as the person wrote it, without `examples`, which are (input, output).
    """

    name: str
    settings: GenerationSettings = field(default_factory=GenerationSettings)
    description: str = ""
    examples: tuple[tuple[str, str], ...] = ()
    id: str = ""


class Missing(StrEnum):
    """What a character asks for and is not here any more."""

    SERVER = "server"
    MODEL = "model"  # of this computer; other servers are not asked
    SOME_DOCUMENTS = "some documents"  # collections; others of the character are here
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is here for a character: names by the ids of servers and of collections, and models of this computer."""

    servers: dict[str, str] = field(default_factory=dict)
    default_server: str = ""
    collections: dict[str, str] = field(default_factory=dict)
    local_models: frozenset[str] = frozenset()  # casefolded; names that they had as well


def system_prompt_of(character: Character) -> str:
    """Return the system prompt with the examples: where {{examples}} stands, else behind the text."""
    text, shown = character.settings.system_prompt, written_examples(character.examples)
    if uses(text, EXAMPLES):
        return put_at(text, EXAMPLES, shown)
    return "\n\n".join(part for part in (text.rstrip() if shown else text, shown) if part)


def settings_of(character: Character) -> GenerationSettings:
    """Return what a conversation with the character is had with, where all that it asks for is here."""
    return replace(
        character.settings, system_prompt=system_prompt_of(character), character_id=character.id or None
    )


def fitted(
    settings: GenerationSettings, here: Surroundings
) -> tuple[GenerationSettings, tuple[Missing, ...]]:
    """Return settings in which the usual server, model and documents stand for those that are gone, and what is gone."""
    missing: list[Missing] = []
    server_id = settings.server_id
    if server_id is not None and server_id not in here.servers:
        missing.append(Missing.SERVER)
        settings = replace(settings, server_id=None, model=None)
    is_local = (settings.server_id or here.default_server) == BUILT_IN_SERVER_ID
    if is_local and settings.model and settings.model.casefold() not in here.local_models:
        missing.append(Missing.MODEL)
        settings = replace(settings, model=None)
    wanted = settings.collections or ()
    known = tuple(name for name in wanted if name in here.collections)
    if len(known) < len(wanted):
        missing.append(Missing.SOME_DOCUMENTS if known else Missing.DOCUMENTS)
        # Not all documents in their place: they may be none of this character's business.
        settings = replace(settings, collections=known or None)
    return settings, tuple(missing)


def changed_since(settings: GenerationSettings, character: Character, here: Surroundings) -> tuple[str, ...]:
    """Return the names of the settings that differ from the character's, in their order.

    What stands for something that is gone does not differ, nor does what was there when the conversation began, nor
    the server of new conversations from none.
    """
    own = settings_of(character)
    now, _missing = fitted(own, here)
    if now.server_id is None and settings.server_id == here.default_server:
        settings = replace(settings, server_id=None)
    return tuple(
        one.name
        for one in fields(GenerationSettings)
        if getattr(settings, one.name) not in (getattr(own, one.name), getattr(now, one.name))
    )


def with_changes(character: Character, settings: GenerationSettings) -> Character:
    """Return the character as it is had with these settings of a conversation.

    Where the system prompt is another one, the examples are taken to be in it.
    """
    kept = replace(settings, character_id=None)
    if settings.system_prompt == system_prompt_of(character):
        kept = replace(kept, system_prompt=character.settings.system_prompt)
        return replace(character, settings=kept)
    return replace(character, settings=kept, examples=())


def named_here(
    character: Character, server_name: str, collection_names: Sequence[str], here: Surroundings
) -> Character:
    """Return a character from elsewhere with the servers and collections of those names that are here.

    What is here under its id stays; what is neither is kept as it is, and said to be gone.
    """
    settings = character.settings
    if settings.server_id is not None and settings.server_id not in here.servers:
        settings = replace(settings, server_id=_called(server_name, here.servers) or settings.server_id)
    if settings.collections:
        names = dict(zip(settings.collections, collection_names, strict=False))
        found = (
            one if one in here.collections else _called(names.get(one, ""), here.collections) or one
            for one in settings.collections
        )
        settings = replace(settings, collections=tuple(dict.fromkeys(found)))
    return replace(character, settings=settings)


def _called(name: str, known: dict[str, str]) -> str:
    wanted = name.strip().casefold()
    return next((one for one, called in known.items() if wanted and called.casefold() == wanted), "")
