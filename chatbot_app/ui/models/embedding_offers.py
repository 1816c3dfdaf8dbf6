"""What can be chosen to make the vectors of documents, and what a person wishes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from chatbot_app.core.embedding_prefixes import NO_RULE, PERSONS_OWN, Prefixes, PrefixRule, known_rule
from chatbot_app.llm.reach import is_loopback
from chatbot_app.ui.models.model_words import DOT, one_line, short_facts

if TYPE_CHECKING:
    from chatbot_app.core.local_models import LocalModel
    from chatbot_app.core.servers import Server

SHIPS = "ships"


def _tr(words: str) -> str:
    return QCoreApplication.translate("Models", words)


@dataclass(frozen=True, slots=True)
class EmbeddingOffer:
    """The model that ships (neither), one of this computer, or a server that may have one.

    `rule` is what is known of a model's prefixes; a server's is known when its model is named. `ships` is the name of the
    one that ships, and `is_multilingual` says whether it knows more than English on this computer.
    """

    model: LocalModel | None = None
    server: Server | None = None
    rule: PrefixRule = NO_RULE
    ships: str = ""
    is_multilingual: bool = False

    @property
    def key(self) -> str:
        """What tells it from the others."""
        if self.model is not None:
            return f"model:{self.model.id}"
        return f"server:{self.server.id}" if self.server is not None else SHIPS

    def words(self) -> str:
        """Return it on one line."""
        if self.model is not None:
            return one_line(f"{self.model.name}{DOT}{short_facts(self.model.facts)}")
        if self.server is not None:
            return one_line(_tr("A model of {server}").replace("{server}", self.server.name))
        if self.is_multilingual:
            return _tr("{name}, ships with the program; many languages").replace("{name}", self.ships)
        return _tr("{name}, ships with the program; English").replace("{name}", self.ships)

    def rule_for(self, name: str) -> PrefixRule:
        """Return the prefixes that are known, of a server those of the model of this name."""
        return known_rule(name) if self.server is not None else self.rule

    def leaves_computer(self) -> bool:
        """Whether what is embedded goes to another computer."""
        return self.server is not None and not is_loopback(self.server.base_url)


@dataclass(frozen=True, slots=True)
class EmbeddingWish:
    """What is to be tried: an offer with a server's model `name`, prefixes, pooling and sentences."""

    offer: EmbeddingOffer
    name: str
    prefixes: Prefixes
    pooling: str
    sentences: tuple[str, ...]

    @property
    def rule(self) -> PrefixRule:
        """The prefixes with where they come from."""
        known = self.offer.rule_for(self.name)
        return known if known.prefixes == self.prefixes else PrefixRule(self.prefixes, PERSONS_OWN)


def source_words(rule: PrefixRule) -> str:
    """Return where prefixes come from, in a sentence."""
    if rule.source == PERSONS_OWN:
        return _tr("As you wrote it.")
    if rule.source.endswith(".json"):
        return _tr("As “{file}”, which lies beside the model, says.").replace("{file}", rule.source)
    if rule.source:
        return _tr("As the model card of {name} says.").replace("{name}", one_line(rule.source))
    return _tr("Nothing is known of this model: texts are given as they are, which is right for most.")
