"""Answers that no person writes and small models in a loop do: a seeded grammar of Markdown gone wrong.

Each kind is a rule that takes a source of chance and a size in characters. `mixture` joins kinds, nests them and
cuts them anywhere. The same seed gives the same answer.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

Rule = Callable[[random.Random, int], str]


def _repeated(*pieces: str) -> Rule:
    """Return the rule that repeats one of the pieces up to the size."""

    def rule(chance: random.Random, size: int) -> str:
        piece = chance.choice(pieces)
        return (piece * (size // len(piece) + 1))[:size]

    return rule


def _once(before: str, piece: str, after: str = "") -> Rule:
    """Return the rule that puts something before and after the repeated piece."""

    def rule(chance: random.Random, size: int) -> str:
        return before + piece * (max(size - len(before) - len(after), 0) // len(piece)) + after

    return rule


def _deep_list(chance: random.Random, size: int) -> str:
    """Each item one level deeper, as deep as the size allows: indents make it grow with the square."""
    mark = chance.choice(("- ", "* ", "1. "))
    lines, used, depth = [], 0, 0
    while used < size:
        line = " " * (len(mark) * depth) + mark + "x"
        lines.append(line)
        used += len(line) + 1
        depth += 1
    return "\n".join(lines)


def _deep_on_a_line(chance: random.Random, size: int) -> str:
    return chance.choice(("- ", "> ", "1. ", "* > ", "> - ")) * (size // 3) + "x"


def _deep_quote(chance: random.Random, size: int) -> str:
    """Quotes that deepen line by line, and many of the same depth."""
    depth = min(size // 4, 5_000)
    line = ">" * depth + " x\n"
    return line * max(size // len(line), 2)


def _wide_table(chance: random.Random, size: int) -> str:
    columns = size // 8
    return "|a" * columns + "|\n" + "|-" * columns + "|\n" + "|b" * columns + "|\n" * 3


def _long_table(chance: random.Random, size: int) -> str:
    columns = chance.choice((1, 2, 7, 40, 64))
    row = (
        "|"
        + "|".join(chance.choice(("a", "`b`", "**c**", "$d$", "https://e.org")) for _ in range(columns))
        + "|\n"
    )
    head = "|" + "h|" * columns + "\n|" + "-|" * columns + "\n"
    return head + row * (size // len(row))


def _table_rows_uneven(chance: random.Random, size: int) -> str:
    return "|a|b|\n|-|-|\n" + "".join("|" * chance.randrange(1, 400) + "\n" for _ in range(size // 200))


def _one_cell(chance: random.Random, size: int) -> str:
    return "|a|b|\n|-|-|\n|" + chance.choice(("x", "*", "`", "[", "$")) * size + "|y|\n"


def _combining(chance: random.Random, size: int) -> str:
    return "a" + "".join(chance.choice("\u0300\u0301\u0323\u0489\u20dd\u0316") for _ in range(size))


def _right_to_left(chance: random.Random, size: int) -> str:
    words = ("שלום", "مرحبا", "\u202eabc", "\u2067x\u2069", "\u202b1 2 3", "hello", "\u200f")
    return chance.choice(("", " ")).join(chance.choice(words) for _ in range(size // 6))


def _references(chance: random.Random, size: int) -> str:
    return "".join(f"[r{n}]: https://e.org/{n}\n" for n in range(size // 50)) + "[r1][r2] " * (size // 20)


def _footnotes(chance: random.Random, size: int) -> str:
    return (
        "".join(f"x[^{n}] " for n in range(size // 20))
        + "\n\n"
        + "".join(f"[^{n}]: y\n" for n in range(size // 20))
    )


def _unclosed_fences(chance: random.Random, size: int) -> str:
    return "".join("`" * (3 + n % 9) + chance.choice(("", "py", " x y")) + "\n" for n in range(size // 8))


def _long_code(chance: random.Random, size: int) -> str:
    language = chance.choice(("python", "json", "html", "cpp", "", "nonsense"))
    line = chance.choice(("x = 1\n", "{[(" * 20 + "\n", "'" * 70 + "\n", "\n", "\t" * 30 + "y\n"))
    return f"```{language}\n" + line * (size // len(line))


def _one_line_of_code(chance: random.Random, size: int) -> str:
    return (
        f"```{chance.choice(('python', 'json', ''))}\n"
        + chance.choice(("x", "(", "ש", "字", "\t", "{}")) * size
    )


def _code_in_a_list(chance: random.Random, size: int) -> str:
    return "- ```\n  x\n  ```\n" * (size // 14)


def _tables_in_a_list(chance: random.Random, size: int) -> str:
    return "- |a|b|\n  |-|-|\n  |c|d|\n" * (size // 24)


def _links(chance: random.Random, size: int) -> str:
    piece = chance.choice(
        ("[a](https://e.org/b) ", "https://e.org/abc ", "<https://e.org> ", "[a](", "[a](<b", "[](x)")
    )
    return piece * (size // len(piece))


def _words(chance: random.Random, size: int) -> str:
    return "word " * (size // 5)


KINDS: dict[str, Rule] = {
    "fences, empty": _repeated("```\n", "~~~\n", "```\n```\n", "```\n\n"),
    "fences, growing": _unclosed_fences,
    "back-ticks": _repeated("`", "``", "` ", "`a", "a`` ``` "),
    "list, deep": _deep_list,
    "deep on one line": _deep_on_a_line,
    "list, long": _repeated("- x\n", "1. x\n", "* a\n* b\n", "-\n", "- [ ] t\n", "- x\n\n"),
    "quotes, deep": _deep_quote,
    "quotes, long": _repeated("> x\n", ">\n", "> a\n\n", "> - a\n"),
    "hard breaks": _repeated("x  \n", "x\\\n", "  \n", "a<br>\n"),
    "soft breaks": _repeated("x\n", "xy zw\n"),
    "paragraphs": _repeated("x\n\n", "**x**\n\n"),
    "dollars": _repeated("$", "$$", "$a", "$a$", "$a$ ", "$$\n", "$$a$$\n\n", "\\(", "\\(a\\) ", "\\[\n"),
    "images": _repeated("![", "![a](b)", "![](", "![a][", "!["),
    "brackets": _repeated("[", "]", "[]", "[a", "[[a]", "(", "[1] "),
    "rules": _repeated("---\n", "***\n\n", "- - -\n", "___\n", "=\n", "a\n=\n"),
    "headings": _repeated("# x\n", "###### \n", "#\n", "x\n-\n"),
    "emphasis": _repeated("*", "_", "**", "*a", "*a*", "***a** ", "_a*", "~~", "~~a", "**a _b "),
    "links": _links,
    "references": _references,
    "footnotes": _footnotes,
    "entities": _repeated("&amp;", "&", "&#x41;", "&#", "&nosuch;"),
    "escapes": _repeated("\\", "\\*", "\\\\"),
    "tags": _repeated("<b>", "<", "<a ", "<details>\n", "<!--", "</", "<div>\n\n", "<br>"),
    "table, wide": _wide_table,
    "table, long": _long_table,
    "table, uneven": _table_rows_uneven,
    "table, one cell": _one_cell,
    "code, long": _long_code,
    "code, one line": _one_line_of_code,
    "code, indented": _repeated("    x\n", "\tx\n", "    x\n\n"),
    "code in a list": _code_in_a_list,
    "tables in a list": _tables_in_a_list,
    "one word": _repeated("x", "字", "ש", "ab"),
    "words": _words,
    "combining": _combining,
    "right to left": _right_to_left,
    "blank": _repeated("\n", " ", "\t", " \n", "\u00a0", "\u2028", "\r", "\u200b"),
    "emoji": _repeated("👩‍👩‍👧‍👦", "🏳️‍🌈", "🇩🇪"),
    "astral": _repeated("𝔘", "𓀀", "\U000e0041"),
    "controls": _repeated("\x00", "\x1b[31m", "\u202e", "\ufffc", "\ufffd"),
}


def hostile(kind: str, seed: int, size: int) -> str:
    """Return the answer of a kind, about `size` characters."""
    return KINDS[kind](random.Random(f"{kind}:{seed}"), size)


def mixture(seed: int, size: int) -> str:
    """Return kinds joined, prefixed, interrupted and cut anywhere, at most `size` characters."""
    chance = random.Random(seed)
    parts: list[str] = []
    left = size
    while left > 0:
        kind = chance.choice(sorted(KINDS))
        length = min(left, int(size * chance.random() ** 2) + 10)
        part = KINDS[kind](chance, length)[:length]
        if chance.random() < 0.3:
            prefix = chance.choice(("> ", "- ", "  ", "    ", "1. ", "| ", "# "))
            part = "\n".join(prefix + line for line in part.split("\n"))[:length]
        if chance.random() < 0.2:
            cut = chance.randrange(len(part) + 1)
            part = (
                part[:cut] + chance.choice(("\n\n", "\n```\n", "\n|a|\n|-|\n", "$$", "`", "**")) + part[cut:]
            )
        parts.append(part)
        left -= len(part) or 1
        parts.append(chance.choice(("", "\n", "\n\n")))
    return "".join(parts)[:size]


def generated(count: int, seed: int, sizes: tuple[int, ...]) -> Iterator[tuple[str, str]]:
    """Yield `count` answers with what they are: every kind in turn, then mixtures."""
    chance = random.Random(seed)
    kinds = list(KINDS)
    for number in range(count):
        size = chance.choice(sizes)
        if number < len(kinds) * 2:
            kind = kinds[number % len(kinds)]
            yield kind, hostile(kind, seed + number, size)
        else:
            yield "mixture", mixture(seed + number, size)
