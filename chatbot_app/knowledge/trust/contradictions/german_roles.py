"""Who does what to whom in a German clause, whose order does not tell: by articles, prepositions and the passive.

"Fontana wurde von Lindquist gekauft" is "Lindquist kaufte Fontana", and "den Architekten lobte die Bürgermeisterin" begins with
whom she praised. Of names without articles the first does it. Where nothing tells ("die Kasse prüft Herr Wolf"), nobody is said to.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.trust.contradictions.german_clauses import Clause, Noun, clauses_of, is_no_name
from chatbot_app.knowledge.trust.contradictions.left_over import may_say_the_same
from chatbot_app.knowledge.words.inflection import forms_of
from chatbot_app.knowledge.words.thesaurus import synonyms_of

_MOST_SAID = 4  # of them in a statement
_MOST_SENTENCES = 100  # of the sources
# These say again who was named before.
_SAID_AGAIN = frozenset(
    """unternehmen firma konzern gesellschaft gruppe verein betrieb hersteller anbieter stadt gemeinde land staat mann frau künstler
    künstlerin autor autorin verfasser forscher forscherin team klub mannschaft haus bank stiftung behörde amt organisation partei
    institut museum schule universität hochschule kirche mensch person leute""".split()
)


def done_by_another(said: str, sentences: Sequence[str], nearest: str) -> tuple[str, str] | None:
    """Return (who does it by a statement, who does it by the sentences); None where that is not another.

    Either the two have changed places, or both have it done to the same, and the one whom the statement names is another one of
    whom the sentences speak. `nearest` is the one that says most of the statement; in the others a verb has to be the same, not a
    related one.
    """
    mine = [clause for clause in clauses_of(said)[:_MOST_SAID] if clause.agent is not None and clause.verbs]
    if not mine:
        return None
    sentences = sentences[:_MOST_SENTENCES]
    found: tuple[str, str] | None = None
    for sentence in (nearest, *sentences):
        for clause in clauses_of(sentence):
            for one in mine:
                if not _same_deed(one.verbs, clause.verbs, also_related=sentence is nearest):
                    continue
                if _says_so(one, clause):
                    return None
                found = found or _exchanged(one, clause) or _another(one, clause, sentences)
    return found


def _says_so(mine: Clause, clause: Clause) -> bool:
    """Whether a clause has somebody do it whom the statement has do it as well, or may have."""
    assert mine.agent is not None
    return clause.agent is not None and (_is_same(mine.agent, clause.agent) or clause.agent in mine.others)


def _exchanged(mine: Clause, clause: Clause) -> tuple[str, str] | None:
    if mine.agent is None or clause.agent is None or not (mine.is_told and clause.is_told):
        return None
    done_to = any(_is_same(mine.agent, noun) for noun in clause.patients)
    done_by = any(_is_same(clause.agent, noun) for noun in (*mine.patients, *mine.others))
    return (mine.agent.text, clause.agent.text) if done_to and done_by else None


def _another(mine: Clause, clause: Clause, sentences: Sequence[str]) -> tuple[str, str] | None:
    if mine.agent is None or clause.agent is None or mine.has_pronoun or clause.has_pronoun:
        return None
    if not (mine.is_told and clause.is_told) or any(_is_same(mine.agent, noun) for noun in clause.nouns):
        return None
    if any(_is_same(clause.agent, noun) for noun in mine.nouns):
        return None
    if not any(_is_same(one, other) for one in mine.patients for other in clause.patients):
        return None
    if _may_be_same(mine.agent, clause.agent):
        return None
    if is_no_name(mine.agent):
        if is_no_name(clause.agent):
            return mine.agent.text, clause.agent.text
        if not _SAID_AGAIN.isdisjoint(mine.agent.text.casefold().split()):
            return None
    elsewhere = (noun for text in sentences for one in clauses_of(text) for noun in one.nouns)
    if any(_is_same(mine.agent, noun) for noun in elsewhere):
        return mine.agent.text, clause.agent.text
    return None


def _is_same(one: Noun, other: Noun) -> bool:
    return not one.forms.isdisjoint(other.forms)


def _may_be_same(one: Noun, other: Noun) -> bool:
    return any(
        may_say_the_same(mine.casefold(), theirs.casefold(), "de")
        for mine in one.text.split()
        for theirs in other.text.split()
    )


def _same_deed(mine: Sequence[str], theirs: Sequence[str], also_related: bool) -> bool:
    for one in mine:
        own = forms_of(one, "de")
        for other in theirs:
            their = forms_of(other, "de")
            if own.own & their.own or own.own & their.parts or own.parts & their.own:
                return True
            if also_related and any(synonyms_of(form, "de") & their.own for form in own.own):
                return True
    return False
