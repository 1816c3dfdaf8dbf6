"""How the house is built: rooms without circles, and files that one can read."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import grimp

import chatbot_app

ROOT = Path(chatbot_app.__file__).parent
LINES_MOST, LINES_MOST_OF_UI = 350, 300  # of a file
LONGER = "One file although it is long: "  # begins the sentence that says why a file is


@cache
def imports() -> dict[str, set[str]]:
    graph = grimp.build_graph("chatbot_app", cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def below(module: str) -> set[str]:
    """Return everything that a module imports, directly or not."""
    found: set[str] = set()
    waiting = [module]
    while waiting:
        for imported in imports()[waiting.pop()] - found:
            found.add(imported)
            waiting.append(imported)
    return found


def test_no_files_import_each_other_in_a_circle() -> None:
    assert [module for module in imports() if module in below(module)] == []


def test_a_file_is_short_or_says_why_not() -> None:
    texts = {path.relative_to(ROOT): path.read_text("utf-8") for path in ROOT.rglob("*.py")}
    most = {path: LINES_MOST_OF_UI if path.parts[0] == "ui" else LINES_MOST for path in texts}
    long = {str(path) for path, text in texts.items() if text.count("\n") > most[path] and LONGER not in text}
    assert long == set()


def test_whoever_scrolls_past_a_field_changes_nothing_unseen() -> None:
    """Lists, numbers and sliders of the window are those of `ui/calm_fields.py` and `ui/combo_box.py`."""
    qts_own = re.compile(
        r"(?<![.\w])(?:QSpinBox|QDoubleSpinBox|QSlider|QComboBox)\(|class \w+\(Q(?:Double)?SpinBox\)"
    )
    calm = {ROOT / "ui" / "calm_fields.py", ROOT / "ui" / "combo_box.py"}
    files = set((ROOT / "ui").rglob("*.py")) - calm
    assert [str(path.relative_to(ROOT)) for path in files if qts_own.search(path.read_text("utf-8"))] == []


def test_the_window_waits_for_no_dialog() -> None:
    """Dialogs are opened, and say by a signal what was chosen: nothing else stands still meanwhile."""
    waiting = re.compile(
        r"\.exec\(|QFileDialog\.(?:get|save)\w+\(|QInputDialog\.get|QColorDialog\.get|QFontDialog\.get"
        r"|QMessageBox\.(?:about|critical|information|question|warning)\w*\("
    )
    before_a_window = {ROOT / "ui" / "launch_problem.py"}  # there is none that could stand still
    files = set((ROOT / "ui").rglob("*.py")) - before_a_window
    assert [str(path.relative_to(ROOT)) for path in files if waiting.search(path.read_text("utf-8"))] == []


def test_what_a_checker_is_told_to_pass_over_has_its_reason() -> None:
    """Behind "type: ignore[…]" and "noqa: …" stands why."""
    unexplained = re.compile(r"# (?:type: ignore|noqa)(?:\[[\w, -]*\]|: [A-Z]+\d+(?:, ?[A-Z]+\d+)*)?\s*$")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sorted(ROOT.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if unexplained.search(line)
    ]
    assert found == []


# What Python itself gives no other name.
PYTHONS_OWN = frozenset({"os._exit", "sys._current_frames"})


def test_tests_ask_through_the_public_door() -> None:
    """What begins with an underscore is nobody's but its module's or its object's own."""

    def is_private(name: str) -> bool:
        return name.startswith("_") and not name.startswith("__")

    found: list[str] = []
    for path in sorted((ROOT.parent / "tests").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                found += [f"{path.name}: {alias.name}" for alias in node.names if is_private(alias.name)]
            elif isinstance(node, ast.Attribute) and is_private(node.attr):
                written = ast.unparse(node)
                is_own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
                if not is_own and written not in PYTHONS_OWN:
                    found.append(f"{path.name}: {written}")
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("setattr"):
                named = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
                patched = [str(name).rpartition(".")[2] for name in named]
                found += [f"{path.name}: {name}" for name in patched if is_private(name)]
    assert found == []


def test_the_files_that_the_drawing_names_are_there() -> None:
    words = (ROOT / "README.md").read_text("utf-8").replace("(", " ").replace(")", " ").split("`")[1::2]
    named = [
        word
        for word in words
        if "/" in word and " " not in word and not word.startswith(("/", "tests/", "logs/"))
    ]
    missing = [
        word
        for word in named
        if not any((ROOT / f"{word.removesuffix('.py').rstrip('/')}{end}").exists() for end in ("", ".py"))
    ]
    assert missing == []
