"""Texts with places to fill: {{name}}, {{name=default}}, {{tone:formal|friendly}}, {{clipboard}}, {{date}}.

What is no such place stays as it is written, and a backslash in front of one keeps it literally. What is filled in
is never looked through for places again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

LONGEST_VARIABLE = 60  # characters of a variable's name
CLIPBOARD, DATE, EXAMPLES = "clipboard", "date", "examples"
BUILT_IN = frozenset({CLIPBOARD, DATE, EXAMPLES})

_PLACE = re.compile(
    rf"(?P<kept>\\)?\{{\{{[ \t]*(?P<name>[^\W\d][\w \t-]{{0,{LONGEST_VARIABLE - 1}}})"
    r"(?:(?P<sign>[=:])(?P<rest>(?:(?!\{\{|\}\}).)*))?\}\}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Variable:
    """Something to be asked for. With `choices` it is one of them, the first where nothing is chosen."""

    name: str
    default: str = ""
    choices: tuple[str, ...] = ()

    @property
    def first_value(self) -> str:
        """What it is filled with where the person leaves it."""
        return self.choices[0] if self.choices else self.default


def variables(text: str) -> tuple[Variable, ...]:
    """Return what is to be asked for, each name once, in the order of the text.

    The first default of a name counts, and its first choices, wherever in the text they stand.
    """
    found: dict[str, Variable] = {}
    for piece in _pieces(text):
        if isinstance(piece, str) or _is_built_in(piece):
            continue
        known = found.setdefault(piece.name, piece)
        found[piece.name] = replace(
            known, default=known.default or piece.default, choices=known.choices or piece.choices
        )
    return tuple(found.values())


def uses(text: str, built_in: str) -> bool:
    """Whether a text has a place for the clipboard, the date or the examples."""
    return any(
        isinstance(piece, Variable) and _is_built_in(piece) and piece.name.casefold() == built_in
        for piece in _pieces(text)
    )


def put_at(text: str, built_in: str, words: str) -> str:
    """Return the template with `words` in the place of one that is built in; every other place stays one."""
    return "".join(
        words
        if isinstance(piece, Variable) and _is_built_in(piece) and piece.name.casefold() == built_in
        else written
        for written, piece in _matches(text)
    )


def fill(text: str, values: Mapping[str, str], built_in: Mapping[str, Callable[[], str]]) -> str:
    """Return the text with each place filled.

    A variable without a value takes its default. `built_in` gives, by `CLIPBOARD` and `DATE`, what stands there; one
    that is not given is left as it is written.
    """
    asked = {variable.name: variable for variable in variables(text)}

    def filled() -> Iterator[str]:
        for written, piece in _matches(text):
            if isinstance(piece, str):
                yield piece
            elif _is_built_in(piece):
                give = built_in.get(piece.name.casefold())
                yield give() if give is not None else written
            else:
                yield values.get(piece.name, asked[piece.name].first_value)

    return "".join(filled())


def _is_built_in(variable: Variable) -> bool:
    is_bare = not variable.default and not variable.choices
    return is_bare and variable.name.casefold() in BUILT_IN


def _pieces(text: str) -> Iterator[str | Variable]:
    return (piece for _written, piece in _matches(text))


def _matches(text: str) -> Iterator[tuple[str, str | Variable]]:
    """Yield each part as it is written, with what it is: literal text or a place."""
    end = 0
    for match in _PLACE.finditer(text):
        yield text[end : match.start()], text[end : match.start()]
        end = match.end()
        written = match[0]
        yield written, written[1:] if match["kept"] else _variable(match)
    yield text[end:], text[end:]


def _variable(match: re.Match[str]) -> Variable:
    name = " ".join(match["name"].split())
    rest = match["rest"] or ""
    if match["sign"] == ":":
        return Variable(name, choices=_choices(rest.split("|")))
    return Variable(name, default=rest.strip())


def _choices(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip()))
