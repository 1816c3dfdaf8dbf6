"""A question as it is put to the document that it names: of "Which law governs the reseller agreement between A and B?" it asks
"Which law governs this agreement?".

Kind and parties stand in the title, where an agreement begins and at its signatures, and those passages are what such words find.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatbot_app.core.late_pattern import LatePattern
from chatbot_app.knowledge.words.names import name_form

_ENGLISH = frozenset("the this that our my your their a an".split())
_OWN = "this"
_DETERMINER = r"the|this|that|our|my|your|their|an?|der|die|das|dem|den|des|dieser|diesem|diesen|unser\w{0,2}|le|la|les|du|notre|el|los|las|del|nuestro|il|lo|del|della"
_NOUN = r"agreements?|contracts?|leases?|(?:\w{1,30})?(?:vertrag|vertrags|vertrages|vertrage|vereinbarung)|contrats?|contratos?|acuerdos?|contratt[oi]|accord"
_OF_KIND = r"(?:\s(?:de|di)\s[a-zà-ÿ]+){0,2}"  # "contrat de distribution"
_WORD = r"[\w&.'’/+-]{0,40}[\w+]"  # bounded: a row of dots else takes the square of its length
_NAMED = LatePattern(
    rf"(?<!\w)(?P<article>(?:{_DETERMINER})\s+|{_WORD}['’]s?\s+)(?P<head>(?:(?!(?:{_DETERMINER})\s){_WORD},?\s+){{0,12}}?)(?P<noun>{_NOUN})(?!\w){_OF_KIND}",
    re.IGNORECASE,
)
_LONGEST = 2000  # characters: a pasted page is no question about an agreement
_TAIL = re.compile(
    r"\s+(?:between|with|of|from|zwischen|mit|von|entre|avec|de|con|tra|d['’])\s+", re.IGNORECASE
)
_TOKEN = re.compile(rf",?\s*(?P<token>(?:[A-Z]\.){{1,4}}|{_WORD}|&)")  # "A.B. Watley"
_PARTS = re.compile(r"[^\W_]+")
_JOINS = frozenset("and & of the for und der die das von et de la le les du y e el con".split())


def addressed_to_document(question: str, names: Iterable[str]) -> str:
    """Return a question with the agreement that it names, by its kind and parties, as "this agreement"; "" where it names none so.

    `names` are the words of its parties' names, as names are compared.
    """
    if len(question) > _LONGEST:
        return ""
    known = frozenset(names)
    for found in _NAMED.finditer(question):
        article = found["article"].strip()
        is_owner = article.endswith(("'", "’", "'s", "’s"))
        end = _end_of_names(question, found.end(), known)
        own = f"{article} {found['head']}" if is_owner else found["head"]
        if _has_name(own + question[found.end() : end], known):
            said = _OWN if is_owner or article.casefold() in _ENGLISH else article
            return f"{question[: found.start()]}{said} {found['noun']}{question[end:]}"
    return ""


def _end_of_names(question: str, start: int, known: frozenset[str]) -> int:
    """Return where the names end that follow an agreement: "between A, Inc. and the B of C"; `start` where none follow."""
    tail = _TAIL.match(question, start)
    if tail is None:
        return start
    end, place = start, tail.end()
    while (found := _TOKEN.match(question, place)) is not None:
        token = found["token"]
        is_name = token[:1].isupper() or token[:1].isdigit() or _has_name(token, known)
        if not is_name and token.casefold() not in _JOINS:
            break
        place = found.end()
        end = place if is_name else end
    return end


def _has_name(text: str, known: frozenset[str]) -> bool:
    return any(name_form(part) in known for part in _PARTS.findall(text))
