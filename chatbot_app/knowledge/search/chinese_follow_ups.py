"""Follow-ups in Chinese: what they say that is different, and what of the question before it stands for.

Without spaces no word begins anywhere: what a question is about stands first in it, before a time, a verb or 的.
"""

from __future__ import annotations

import re

from chatbot_app.knowledge.fields.terms import amounts_named, unspaced_amounts

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WEEKDAY = re.compile(r"(?:星期|周|礼拜)[一二三四五六日天末](?:至(?:星期|周|礼拜)?[一二三四五六日天])?")
_TOPIC = re.compile(
    r"^\s*(?:请问)?(?P<topic>[\u3400-\u9fff]{2,10}?(?:公司|集团|股份)?)"
    r"(?=\s*(?:19|20)\d\d|[在于的是有可能要会需每多几什怎哪何为上去今明]|星期|周|礼拜|第[一二三四]|应该|通常|一共|总共)"
)


def replaced_in_chinese(told: str, earlier: str) -> list[tuple[int, int]]:
    """Return where the question before has what a follow-up tells instead: a day of the week, an amount, or what it is about."""
    if not _CHINESE.search(told):
        return []
    if _WEEKDAY.search(told):
        return [match.span() for match in _WEEKDAY.finditer(earlier)]
    if amounts_named(told):
        return unspaced_amounts(earlier)
    topic = _TOPIC.match(earlier)
    return [] if topic is None or topic["topic"] in told else [topic.span("topic")]
