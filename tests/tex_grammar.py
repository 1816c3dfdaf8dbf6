"""Strings of TeX for tests: fractions, roots, braces, environments, unbalanced and unknown, up to a length."""

from __future__ import annotations

from hypothesis import strategies as st

LONGEST = 20_000  # characters

LEAVES = [
    *["x", "1", "y_1", "z^2", "\\alpha", "\\infty", "\\sum", "\\int_0^1", "\\to", "a+b", ",", "=", "&", "\\\\"],
    *["é", "中", "𝔸", "\u202e", "e\u0301", "\u200b", "👩‍👧", "\u0000", "%", "#", "~", "'", '"', "<", ">"],
    *["\\nosuchcommand", "\\", "{", "}", "^", "_", "\\left", "\\right", "\\left(", "\\right.", "\\begin{", "\\end"],
    *["\\begin{matrix}", "\\end{array}", "\\limits", "\\nolimits", "\\tag{1}", "\\tag{2}", "\\middle|", "\\color{red}"],
    *["\\hspace{9999em}", "\\rule{9cm}{9cm}", "\\kern-9em", "\\def\\a{\\a\\a}\\a", "\\newcommand{\\b}{\\b}", "\\input{/etc/passwd}"],
]  # fmt: skip
WRAPPERS = [
    ("{", "}"),
    ("\\frac{1}{", "}"),
    ("\\frac{", "}{2}"),
    ("\\cfrac{1}{a+", "}"),
    ("\\sqrt{", "}"),
    ("\\sqrt[3]{", "}"),
    ("\\left(", "\\right)"),
    ("\\left\\{x+", "\\right."),
    ("\\overbrace{", "}^{n}"),
    ("\\underbrace{", "}_{n}"),
    ("\\overline{", "}"),
    ("\\widehat{", "}"),
    ("\\phantom{", "}"),
    ("\\smash{", "}"),
    ("\\boxed{", "}"),
    ("\\color{red}{", "}"),
    ("\\textcolor{#ff0000}{", "}"),
    ("\\text{", "}"),
    ("\\mathrm{", "}"),
    ("\\mathbb{", "}"),
    ("\\operatorname{", "}"),
    ("x^{", "}"),
    ("x_{", "}"),
    ("\\binom{n}{", "}"),
    ("\\stackrel{", "}{=}"),
    ("\\xrightarrow{", "}"),
    ("\\substack{a\\\\", "}"),
    ("\\begin{pmatrix}a&", "\\\\c&d\\end{pmatrix}"),
    ("\\begin{cases}a&", "\\\\c&d\\end{cases}"),
    ("\\begin{aligned}a&", "\\end{aligned}"),
    ("\\begin{array}{cc}", "\\end{array}"),
    ("\\nosuch{", "}"),
    ("{", ""),
    ("", "}"),
    ("\\left(", ""),
    ("\\begin{matrix}", ""),
]
SURROUNDINGS = [
    ("$", "$"),
    ("$$", "$$"),
    ("\\(", "\\)"),
    ("\\[", "\\]"),
    ("$$\n", "\n$$"),
    ("\\[\n", "\n\\]"),
]


@st.composite
def tex(draw: st.DrawFn) -> str:
    """Return TeX without its dollars: a few kinds of nesting around leaves, from shallow to hundreds deep."""
    text = "".join(draw(st.lists(st.sampled_from(LEAVES), min_size=1, max_size=6)))
    for _ in range(draw(st.integers(0, 4))):
        start, end = draw(st.sampled_from(WRAPPERS))
        times = draw(st.sampled_from([1, 1, 2, 5, 12, 23, 40, 300]))
        text = start * times + text + end * times
        text += "".join(draw(st.lists(st.sampled_from(LEAVES), max_size=2)))
    return (text * draw(st.sampled_from([1, 1, 1, 3, 50])))[:LONGEST]


@st.composite
def messages(draw: st.DrawFn) -> str:
    """Return a message of formulas and words, up to 20,000 characters: few large formulas or very many."""
    parts: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        start, end = draw(st.sampled_from(SURROUNDINGS))
        formula = start + draw(tex()) + (end if draw(st.integers(0, 9)) else "")
        between = draw(st.sampled_from([" ", "\n\n", " words ", "\n- ", "\n> ", " | "]))
        for number in range(draw(st.sampled_from([1, 1, 2, 60, 2_000]))):
            # Each another one: equal formulas are drawn once.
            parts.append(formula.replace("x", f"x_{{{number}}}", 1) + between)
            if sum(map(len, parts[-50:])) > LONGEST:
                break
    return "".join(parts)[:LONGEST]
