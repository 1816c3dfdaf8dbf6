"""What the library `tokenizers` raises, as a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from chatbot_app.core.errors import AppError
from chatbot_app.core.model_errors import TokenizerUnusable

_PANIC = "PanicException"  # of Rust, as pyo3 raises it: no Exception, and its class cannot be imported
_LONGEST = 200  # characters of what it says


@contextmanager
def library_errors(name: str, what: str) -> Iterator[None]:
    """Raise TokenizerUnusable of `name` for any error of the library in the block; `what` could not be done."""
    try:
        yield
    except AppError:
        raise
    except Exception as exc:  # it raises nothing more special
        raise _said(name, what, exc) from exc
    except BaseException as exc:
        if type(exc).__name__ != _PANIC:
            raise
        raise _said(name, what, exc) from exc


def _said(name: str, what: str, exc: BaseException) -> TokenizerUnusable:
    reason = " ".join(str(exc).split())[:_LONGEST]
    return TokenizerUnusable(name=name, detail=f"{what}{f': {reason}' if reason else ''}.")
