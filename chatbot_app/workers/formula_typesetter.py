"""LaTeX to SVG with ziamath. Runs in the child process only: what a stranger wrote may break any library."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from ziamath.config import config
from ziamath.nodes.mrow import Merror, Mrow
from ziamath.nodes.mspace import Mpadded, Mphantom
from ziamath.zmath import Latex

from chatbot_app.workers.formulas import Refusal

SVG_MOST = 160_000  # characters; the window reads and paints these in about 10 ms


class FormulaRefused(Exception):
    """The formula is not drawn; `reason` says why."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


# ziamath builds what stands in a row once to learn how tall it is (brackets stretch to it) and once more to
# place it: twice as often for each level of nesting. A height that was measured is kept here, so the work grows
# with the square of the depth at most, and the pictures stay the same to the last character.
_measured: dict[tuple[Any, ...], tuple[float, float]] = {}


class _Measured(Mrow, tag="measured-row"):  # type: ignore[call-arg]  # ziamath's `__init_subclass__` is untyped
    def _get_height_nostretch(self, line: list[ET.Element], **kwargs: Any) -> tuple[float, float]:
        settings = {name: value for name, value in kwargs.items() if not name.startswith("row")}
        key = (
            tuple(ET.tostring(element) for element in line),
            self.mtag,
            self.parent.mtag,
            repr(self.style),
            self.glyphsize,
            self.size,
            repr(sorted(settings.items())),
        )
        if key not in _measured:
            _measured[key] = super()._get_height_nostretch(line, **kwargs)
        return _measured[key]


class _Row(_Measured, Mrow, tag="mrow"):  # type: ignore[call-arg]  # ziamath's `__init_subclass__` is untyped
    pass


class _Error(_Measured, Merror, tag="merror"):  # type: ignore[call-arg]  # ziamath's `__init_subclass__` is untyped
    pass


class _Padded(_Measured, Mpadded, tag="mpadded"):  # type: ignore[call-arg]  # ziamath's `__init_subclass__` is untyped
    pass


class _Phantom(_Measured, Mphantom, tag="mphantom"):  # type: ignore[call-arg]  # ziamath's `__init_subclass__` is untyped
    pass


def typeset(tex: str, *, display: bool, size: float, colour: str) -> str:
    """Return a formula as SVG whose paths need no font. Raises FormulaRefused, also where nothing can be drawn."""
    config.svg2 = False  # QtSvg knows paths, not SVG 2's symbols
    _measured.clear()
    try:
        drawn = Latex(tex, size=size, color=colour, inline=not display)
        # An unknown command comes through as a word that begins with a backslash.
        if "\\" in drawn.mathmlstr():
            raise FormulaRefused(Refusal.WRONG)
        svg: str = drawn.svg()
    except FormulaRefused:
        raise
    except (RecursionError, MemoryError):
        raise FormulaRefused(Refusal.DEEP) from None
    except Exception as exc:  # latex2mathml and ziamath raise KeyError, IndexError, ParseError…
        raise FormulaRefused(Refusal.WRONG) from exc
    finally:
        _measured.clear()
    if len(svg) > SVG_MOST:
        raise FormulaRefused(Refusal.LARGE)
    return svg
