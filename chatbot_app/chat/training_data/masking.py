"""Masks what tells who somebody is: e-mail and web addresses, telephone and account numbers, names that are given.

Patterns find what is written in a usual form; they cannot promise that nothing personal is left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

# Each begins at a boundary or has a longest length, so that a megabyte without spaces costs one pass.
_WEB = re.compile(r"(?<![\w])(?:(?:https?|ftp)://|www\.)[^\s<>\"'\])}]+", re.IGNORECASE)
_MAIL = re.compile(r"(?<![\w.+%-])(?:mailto:)?[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,40}")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,3})?(?!\w)")
_CARD = re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-])")
_SOCIAL = re.compile(r"(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])")  # the form of a US social security number
_IP = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d)")
_PHONE = re.compile(
    r"(?<![\w.,+-])(?:\+\d|00\d|\(0?\d|0\d)(?:[ ./()-]{0,3}\d){5,14}(?!\w)"  # with a prefix of a country or an area
    r"|(?<![\w.,+-])(?:1[ .-])?\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])"  # as in North America
)
_LONG_NUMBER = re.compile(r"(?<![\w.,])\d{9,34}(?![\w.,]\d|\w)")
_NO_PHONE = re.compile(r"0[.]\d+|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")  # a fraction, a date

Mask = Callable[[str], str]


def masker(names: Sequence[str] = ()) -> Mask:
    """Return what masks a text; `names` are masked wherever they stand as whole words, in any case."""
    wanted = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    pattern = re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(name) for name in wanted) + r")(?!\w)", re.IGNORECASE
    )

    def mask(text: str) -> str:
        text = _WEB.sub("[URL]", text)
        text = _MAIL.sub("[EMAIL]", text)
        text = _IBAN.sub(lambda found: _without_iban(found[0]), text)
        text = _CARD.sub(lambda found: "[ACCOUNT]" if _is_card(found[0]) else found[0], text)
        text = _SOCIAL.sub("[ACCOUNT]", text)
        text = _IP.sub("[IP]", text)
        text = _PHONE.sub(lambda found: found[0] if _NO_PHONE.fullmatch(found[0]) else "[PHONE]", text)
        text = _LONG_NUMBER.sub("[ACCOUNT]", text)
        return pattern.sub("[NAME]", text) if wanted else text

    return mask


def _without_iban(text: str) -> str:
    """Return a text that begins like an IBAN without it; capitals that follow may be words."""
    parts = text.split(" ")
    for count in range(len(parts), 0, -1):
        if _is_iban(" ".join(parts[:count])):
            return " ".join(["[ACCOUNT]", *parts[count:]])
    return text


def _is_iban(text: str) -> bool:
    """Whether the check digits are right (ISO 13616: modulo 97)."""
    plain = text.replace(" ", "").upper()
    if not 15 <= len(plain) <= 34:
        return False
    digits = "".join(str(int(character, 36)) for character in plain[4:] + plain[:4])
    return int(digits) % 97 == 1


def _is_card(text: str) -> bool:
    """Whether the check digit is right (ISO/IEC 7812: Luhn)."""
    digits = [int(character) for character in text if character.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
