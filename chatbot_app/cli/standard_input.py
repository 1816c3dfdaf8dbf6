"""Texts that are longer than a command line may be."""

from __future__ import annotations

import sys


def text_of(argument: str) -> str:
    """Return the text of an argument; "-" means what stands on standard input."""
    return sys.stdin.read() if argument == "-" else argument
