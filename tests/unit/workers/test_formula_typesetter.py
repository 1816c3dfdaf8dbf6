"""Drawing LaTeX: the same pictures as ziamath's own, with work that does not double at each level."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
FORMULAS = [
    "x",
    r"\frac{-b\pm\sqrt{b^2-4ac}}{2a}",
    r"\int_0^\infty e^{-x^2}\,dx=\frac{\sqrt{\pi}}{2}",
    r"\begin{pmatrix}a&\frac{1}{2}\\\left(c\right)&d\end{pmatrix}",
    r"\left(\sum_{k=1}^n a_k b_k \right)^2 \leq \left( \sum_{k=1}^n a_k^2 \right)",
    r"a_0+\cfrac{1}{a_1+\cfrac{1}{a_2+\cfrac{1}{a_3}}}",
    r"f(x)=\begin{cases}\frac{1}{2} & \text{if } x>0\\ \sqrt{x^2+1} & \text{otherwise}\end{cases}",
    r"\overbrace{\underbrace{a+\left(\frac12\right)}_{x}}^{y}",
    r"\boxed{\phantom{x}\sqrt[3]{\frac{1}{x}}}",
    r"\left\{\frac{\sum_{i=1}^n \left|\frac{a}{b}\right|}{c}\middle|x\right.",
    r"\phantom{\frac{1}{2}}x\vphantom{\int}\hphantom{y}\smash{z}",
]
# Both in a process of their own: what ziamath knows of rows is the same for all that it draws.
_SVGS = """
import json, sys, warnings
warnings.simplefilter("ignore")
formulas = json.load(sys.stdin)
if sys.argv[1] == "ours":
    from chatbot_app.workers.formula_typesetter import typeset
    svgs = [typeset(tex, display=True, size=16, colour="#123456") for tex in formulas]
else:
    from ziamath.config import config
    from ziamath.zmath import Latex
    config.svg2 = False
    svgs = [Latex(tex, size=16, color="#123456").svg() for tex in formulas]
print(json.dumps(svgs))
"""
NESTED = {
    "fraction": (r"\frac{1}{", "}"),
    "sum of fractions": (r"1+\frac{1}{", "}"),
    "root": (r"\sqrt{1+", "}"),
    "brackets": (r"\left(x+", r"\right)"),
    "braces": ("{", "}"),
    "overbrace": (r"\overbrace{a+", "}"),
    "underbrace": (r"\underbrace{a+", "}_{b}"),
    "phantom": (r"\phantom{a+", "}"),
    "boxed": (r"\boxed{a+", "}"),
    "power": ("x^{", "}"),
    "index": ("x_{", "}"),
    "matrix": (r"\begin{pmatrix}a&", r"\\b&c\end{pmatrix}"),
    "cases": (r"\begin{cases}a&", r"\\b&c\end{cases}"),
    "colour": (r"\color{red}{a+", "}"),
}


def run(*arguments: str, given: str) -> str:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, cwd=ROOT, timeout=120, check=True
    ).stdout


def served(*requests: dict[str, Any]) -> list[dict[str, Any]]:
    given = "".join(json.dumps(request) + "\n" for request in requests)
    answers = [json.loads(line) for line in run("-m", "chatbot_app", "--formulas", given=given).splitlines()]
    assert answers[0]["ready"]
    return answers[1:]


def request(tex: str, limit: float = 30.0) -> dict[str, Any]:
    return {"tex": tex, "display": True, "size": 16, "colour": "#123456", "limit": limit}


def test_the_pictures_are_ziamaths_own() -> None:
    given = json.dumps(FORMULAS)
    assert json.loads(run("-c", _SVGS, "ours", given=given)) == json.loads(
        run("-c", _SVGS, "its own", given=given)
    )


def test_work_does_not_double_at_each_level() -> None:
    """ziamath itself takes 2^23 steps for 23 levels: hours. Ours stays within a limit that only a loop exceeds."""
    requests = [request(start * 23 + "x" + end * 23) for start, end in NESTED.values()]
    answers = served(*requests)
    refusals = {name: a["refusal"] for name, a in zip(NESTED, answers, strict=True) if "svg" not in a}
    assert set(refusals.values()) <= {"large"}, refusals  # the picture is, not the work


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1}{" * 200 + "x" + "}" * 200,
        r"\begin{cases}a&" * 60 + "x" + r"\end{cases}" * 60,
        "{" * 9_000,
        r"\left(" * 4_000,
        r"\binom{" * 3_000,
        "x" * 20_000,
        "\\" * 20_000,
        "x^" * 9_000,
        "_{^{" * 4_000,
        r"\begin{array}" * 1_000,
    ],
)
def test_what_takes_too_long_is_refused_and_the_next_is_drawn(tex: str) -> None:
    hostile, after = served(request(tex, limit=0.5), request("x^2"))
    assert "refusal" in hostile
    assert hostile["seconds"] < 0.5 * 3  # of computing time, not of the clock
    assert after["svg"].startswith("<svg")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_memory_is_limited() -> None:
    code = (
        "import resource\n"
        "from chatbot_app.workers.formula_child import MEMORY_BYTES, _limit_memory\n"
        "_limit_memory()\n"
        "print(resource.getrlimit(resource.RLIMIT_AS)[0] == MEMORY_BYTES)\n"
        "try:\n    bytearray(MEMORY_BYTES)\nexcept MemoryError:\n    print('refused')\n"
    )
    assert run("-c", code, given="").split() == ["True", "refused"]


def test_an_unknown_command_is_wrong() -> None:
    wrong, empty = served(request(r"\nosuchcommand{x}"), request(r"\frac{1"))
    assert wrong["refusal"] == "wrong"
    assert empty["refusal"] == "wrong"
