"""Texts in twenty scripts, made at random: what a tokenizer has to agree about."""

from __future__ import annotations

import random

# First and last letter of ranges that hold assigned letters, and marks where a script writes with them.
SCRIPTS: dict[str, tuple[tuple[int, int], ...]] = {
    "Latin": ((0x41, 0x5A), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x17F)),
    "Greek": ((0x3B1, 0x3C9), (0x391, 0x3A1)),
    "Cyrillic": ((0x410, 0x44F),),
    "Armenian": ((0x531, 0x556), (0x561, 0x586)),
    "Hebrew": ((0x5D0, 0x5EA), (0x5B0, 0x5BC)),
    "Arabic": ((0x621, 0x63A), (0x641, 0x652)),
    "Devanagari": ((0x905, 0x939), (0x93E, 0x94D)),
    "Bengali": ((0x995, 0x9A8), (0x9BE, 0x9C4)),
    "Gurmukhi": ((0xA15, 0xA28), (0xA3E, 0xA42)),
    "Tamil": ((0xB95, 0xB95), (0xBA3, 0xBA4), (0xBAE, 0xBB9), (0xBBE, 0xBC2)),
    "Telugu": ((0xC15, 0xC28), (0xC3E, 0xC44)),
    "Thai": ((0xE01, 0xE3A), (0xE40, 0xE4E)),
    "Georgian": ((0x10D0, 0x10F0),),
    "Hangul": ((0xAC00, 0xD7A3),),
    "Ethiopic": ((0x1200, 0x1246),),
    "Cherokee": ((0x13A0, 0x13F4),),
    "Khmer": ((0x1780, 0x17B3), (0x17B6, 0x17C5)),
    "Hiragana": ((0x3041, 0x3096),),
    "Katakana": ((0x30A1, 0x30FA),),
    "Han": ((0x4E00, 0x9FA5),),
}
_BETWEEN = (
    " ",
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "'s ",
    " - ",
    "?! ",
    " (",
    ") ",
    "\r\n",
    "",
    "—",
)
_WORDS = (
    "123",
    "2026",
    "3.14",
    "😀",
    "👩‍👩‍👧",
    "e=mc²",
    "a_b",
    "x+=1;",
    "naïve",
    "don't",
    "I'LL",
    "½",
    "№5",
    "→",
    "©",
    "１２",
)


def texts_in_scripts(count: int, seed: int = 17) -> list[str]:
    """Return texts of up to 30 words, the scripts in turn; every fifth mixes two."""
    draw = random.Random(seed)
    names = list(SCRIPTS)
    texts = []
    for number in range(count):
        scripts = [names[number % len(names)]]
        if number % 5 == 4:
            scripts.append(draw.choice(names))
        parts: list[str] = []
        for _ in range(draw.randint(0 if number < 40 else 1, 30)):
            if draw.random() < 0.15:
                parts.append(draw.choice(_WORDS))
            else:
                ranges = SCRIPTS[draw.choice(scripts)]
                parts += [chr(draw.randint(*draw.choice(ranges))) for _ in range(draw.randint(1, 9))]
            parts.append(draw.choice(_BETWEEN))
        texts.append("".join(parts))
    return texts
