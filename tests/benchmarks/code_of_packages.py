"""Code as documents, gathered at run time from permissively licensed packages that are installed here.

The docstrings are taken out of the modules and their first sentences are the questions: which passage has the
definition? Nothing of the packages is kept; the choice is fixed, so that a run with the same versions finds the same.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.reading import parse_file

PACKAGES = ("click", "h11", "more-itertools", "packaging")
PERMISSIVE = re.compile(r"\b(?:MIT|BSD|Apache|ISC|0BSD)\b", re.IGNORECASE)
OTHER = re.compile(r"GPL|MPL|Mozilla|EUPL|CC-BY-SA", re.IGNORECASE)
QUESTIONS = 200
WORDS = range(5, 26)  # of a first sentence that asks for something
LARGEST_MODULE = 80_000  # bytes; larger ones are tables

_SENTENCE = re.compile(r"(.+?[.!?])(?:\s|$)", re.DOTALL)
_DEFINITION = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True)
class CodeQuestion:
    """The first sentence of a docstring, and the offset of its definition's line in the text that is searched."""

    text: str
    start: int


@dataclass(frozen=True)
class Module:
    """A module without its docstrings."""

    document: ParsedDocument
    questions: Sequence[CodeQuestion]


def code_of_packages(packages: Sequence[str] = PACKAGES) -> Iterator[Module]:
    """Yield the modules of the packages that are installed and permissively licensed."""
    found: list[tuple[str, str, list[CodeQuestion]]] = []
    for name in packages:
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        if not is_permissive(package):
            raise ValueError(f"{name} is not permissively licensed")
        for path in sorted(_modules(package)):
            source = path.read_text("utf-8")
            text, questions = without_docstrings(source)
            if questions:
                name_of_module = path.name if path.name != "__init__.py" else f"{path.parent.name}.py"
                found.append((name_of_module, text, questions))
    asked = _chosen([question.text for _name, _text, questions in found for question in questions])
    with tempfile.TemporaryDirectory() as folder:
        for name, text, questions in found:
            place = Path(folder, name)
            place.write_text(text, "utf-8")
            document = parse_file(place)
            if document.text == text:
                yield Module(document, [question for question in questions if question.text in asked])


def is_permissive(package: Distribution) -> bool:
    """Whether the metadata of a package name a permissive licence and no other."""
    data = package.metadata
    said = [data.get("License-Expression") or "", data.get("License") or ""]
    said += [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
    text = "\n".join(said)[:2000]
    return bool(PERMISSIVE.search(text)) and not OTHER.search(text)


def without_docstrings(source: str) -> tuple[str, list[CodeQuestion]]:
    """Return a module without docstrings, and what those of its functions and classes ask for."""
    lines = source.split("\n")
    gone: dict[int, str] = {}  # number of a line: what stands there instead, "" for nothing
    asked: list[tuple[str, int]] = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, _DEFINITION | ast.Module) or ast.get_docstring(node) is None:
            continue
        statement = node.body[0]
        assert statement.end_lineno is not None
        if statement.lineno == getattr(node, "lineno", 0):
            continue  # on the line of its definition
        for number in range(statement.lineno, statement.end_lineno + 1):
            gone[number] = ""
        if len(node.body) == 1:
            gone[statement.lineno] = " " * statement.col_offset + "..."
        if isinstance(node, _DEFINITION):
            sentence = first_sentence(ast.get_docstring(node) or "")
            if len(sentence.split()) in WORDS:
                asked.append((sentence, node.lineno))
    kept, starts, position = [], {}, 0
    for number, line in enumerate(lines, 1):
        starts[number] = position
        if number in gone and not gone[number]:
            continue
        kept.append(gone.get(number, line))
        position += len(kept[-1]) + 1
    return "\n".join(kept), [CodeQuestion(text, starts[line]) for text, line in asked]


def first_sentence(docstring: str) -> str:
    """Return the first sentence of a docstring, without marks of its notation."""
    paragraph = docstring.strip().split("\n\n")[0]
    match = _SENTENCE.match(paragraph)
    words = " ".join((match.group(1) if match else paragraph).split())
    return re.sub(r":\w+:|[`*]", "", words)


def _chosen(texts: Sequence[str]) -> set[str]:
    """Return sentences that stand only once, always the same ones."""
    single = [text for text in texts if texts.count(text) == 1]
    return set(sorted(single, key=lambda text: hashlib.sha256(text.encode()).hexdigest())[:QUESTIONS])


def _modules(package: Distribution) -> Iterator[Path]:
    for file in package.files or ():
        path = Path(str(file.locate()))
        is_code = path.suffix == ".py" and not re.search(r"(?:^|[\\/])(?:tests?|_vendor)[\\/]", str(file))
        if is_code and path.is_file() and path.stat().st_size <= LARGEST_MODULE:
            yield path
