"""An option for every setting of a conversation, made from its declaration."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from chatbot_app.core.escapes import unescaped
from chatbot_app.core.generation import GENERATION_SETTINGS
from chatbot_app.core.setting import REFUSED, Setting


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add the options to a command; what is not given is None, and left to the default."""
    group = command.add_argument_group("settings of the answer")
    for setting in GENERATION_SETTINGS:
        option = "--" + (setting.option or setting.name).replace("_", "-")
        details: dict[str, Any] = {"dest": setting.name, "help": _help(setting)}
        if setting.choices:
            details["choices"] = [one.value.value for one in setting.choices if one.value is not None]
        elif setting.type is bool:
            details.update(action="store_const", const=True)
        elif setting.type is tuple:
            details.update(action="append", type=unescaped, metavar="TEXT")
        elif setting.type is str:
            details["metavar"] = "TEXT"
        else:
            details.update(type=_number_of(setting), metavar="N" if setting.type is int else "X")
        group.add_argument(option, **details)


def chosen_settings(options: argparse.Namespace) -> dict[str, Any]:
    """Return what the options say, by the names of the settings; only what was given."""
    given = ((setting, getattr(options, setting.name)) for setting in GENERATION_SETTINGS)
    return {setting.name: setting.read(value) for setting, value in given if value is not None}


def _number_of(setting: Setting) -> Callable[[str], float | int]:
    def number(text: str) -> float | int:
        value: float | int = setting.type(text)
        if setting.read(value) is REFUSED or not setting.accepts(value):
            raise argparse.ArgumentTypeError(f"{text} is not between {setting.minimum} and {setting.maximum}")
        return value

    number.__name__ = setting.type.__name__  # argparse names it in "invalid int value"
    return number


def _help(setting: Setting) -> str:
    text = setting.explanation
    if setting.minimum is not None:
        text += f" ({setting.minimum} to {setting.maximum})"
    elif setting.choices:
        default = next(one for one in setting.choices if one.value == setting.default)
        text += f" (default: {default.value.value if default.value is not None else default.title.lower()})"
    return text.replace("%", "%%")
