"""Arguments of the commands on models."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

_MODEL = "name of a model of the list (see: models list)"
_HUB = (
    "a recommended name, “owner/name”, “owner/name:Q4_K_M”, or the address of a model or file on the hub "
    "(HF_ENDPOINT, else huggingface.co)"
)


def add_model_commands(commands: Any, common: argparse.ArgumentParser) -> None:
    """Add `models` with its actions; `commands` is what argparse's `add_subparsers` returns."""
    models = commands.add_parser("models", parents=[common], help="the models that run on this computer")
    actions = models.add_subparsers(dest="action", required=True, metavar="ACTION")

    listed = actions.add_parser(
        "list",
        parents=[common],
        help="print the built-in files and whether they are whole, and the other models",
    )
    which = listed.add_mutually_exclusive_group()
    which.add_argument("--recommended", action="store_true", help="print models that are worth a download")
    which.add_argument("--search", metavar="WORDS", help="look for models on the hub, GGUF and ONNX")
    listed.add_argument("--json", action="store_true", help="print one JSON object")

    info = actions.add_parser(
        "info", parents=[common], help="print what is known of a model, or what a repository offers"
    )
    info.add_argument("model", metavar="MODEL", help=f"{_MODEL}, or {_HUB}")
    _add_token(info)
    info.add_argument("--json", action="store_true", help="print one JSON object")

    add = actions.add_parser("add", parents=[common], help="use a GGUF or ONNX file where it lies")
    add.add_argument(
        "file",
        type=Path,
        metavar="FILE",
        help="the file or the folder of it; of a split model any of its parts",
    )
    add.add_argument("--name", metavar="NAME", default="", help="what to call it")
    add.add_argument("--default", action="store_true", help="make it the default")
    add.add_argument("--json", action="store_true", help="print one JSON object")

    fetch = actions.add_parser(
        "fetch", parents=[common], help="download a model; without MODEL what the built-in one lacks"
    )
    fetch.add_argument("model", metavar="MODEL", nargs="?", help=_HUB)
    fetch.add_argument(
        "--file", metavar="FILE", default="", help="which file of the repository, or which quantisation"
    )
    fetch.add_argument("--default", action="store_true", help="make it the default")
    _add_token(fetch)
    fetch.add_argument("--quiet", action="store_true", help="say nothing where nothing is missing")
    fetch.add_argument("--json", action="store_true", help="print one JSON object at the end")

    remove = actions.add_parser(
        "remove",
        parents=[common],
        help="forget a model, or a download that was begun; downloaded files are deleted",
    )
    remove.add_argument("model", metavar="MODEL", help=_MODEL)
    remove.add_argument("--json", action="store_true", help="print one JSON object")

    default = actions.add_parser("default", parents=[common], help="print the default model, or choose it")
    default.add_argument("model", metavar="MODEL", nargs="?", help=_MODEL)
    default.add_argument("--json", action="store_true", help="print one JSON object")


def _add_token(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--token-env",
        metavar="VAR",
        help="take the hub's token from this environment variable and keep it in the keychain",
    )
