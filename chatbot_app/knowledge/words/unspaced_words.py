"""Words of a question in a script without spaces that no passage has: "停车费" of "图书馆的停车费是多少".

Such a script is searched by pairs of characters, and a pair that nothing has mostly spans the border of two words. Between the words
by which a question is asked, characters that no known pair has are a word of their own.
"""

from __future__ import annotations

import re
from collections.abc import Set

from chatbot_app.knowledge.words.words import pairs_of

# How it is asked, in Chinese, longer words first; single characters of them begin or end hardly any word that says something.
_ASKING = re.compile(
    "为什么|什么时候|多长时间|什么样|怎么样|有没有|是不是|能不能|可不可以|什么|多少钱|多少|多久|多长|多大|多高|多远|多重|几[个次点年月天岁号种位名家层本部]?|哪[一些个里儿年天位种家]*|谁"
    "|怎[么样]*|如何|为何|何[时处地种人]|是否|能否|可否|可以|能够|需要|应该|应当|必须|请问|关于|对于|根据|按照|由于|因为|所以|如果|或者|以及|并且|但是|还是"
    "|我们|你们|他们|她们|它们|自己|这[个些里]?|那[个些里么]?|其[中他它]?|之[前后一间]|时候|期间|意思|含义|意味|当时|目前|现在|一共|总共|一个|一种|叫做|称为|名字|大约|左右"
    "|[的了着过吗呢吧啊呀嘛么是在有和与或及也都就还又很最更被把给对从到向由以于用让使将并而但若则我你他她它您请每第各个次年月日号点时上下中里内外前后会要能可不没无来去做"
    "一二三四五六七八九十百千两]"
)
# What is done is said in many words ("重置" for "恢复"); it stands behind these, or first, before a code: "显示C5是什么意思".
_DONE = re.compile(r"(?:怎[么样]*|如何|为什么|为何|可以|能够|能|会|要|需要|应该|必须|被|来|去|不|没)$")
_CODE_BEHIND = re.compile(r"[A-Za-z0-9]")
_LONGEST_BEFORE = 3  # characters
_HAN = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]+|[\u30a1-\u30ff]+"
)  # and katakana: the words of Japanese that are no small ones
_SHORTEST = 2  # characters of a word
_MOST = 6  # words of a question


def missing_words(question: str, known: Set[str]) -> list[str]:
    """Return the runs of at least two characters of a question that belong to none of the `known` pairs, but for how it is asked and what is done."""
    found: list[str] = []
    for match_of_run in _HAN.finditer(question):
        run = match_of_run[0]
        covered = bytearray(len(run))
        for place, pair in enumerate(pairs_of(run)):
            if pair in known:
                covered[place : place + 2] = b"\1\1"
        for match in _ASKING.finditer(run):
            covered[match.start() : match.end()] = b"\1" * (match.end() - match.start())
        start = 0
        for end in range(len(run) + 1):
            if end == len(run) or covered[end]:
                behind = question[match_of_run.end() : match_of_run.end() + 1] if end == len(run) else ""
                is_done = _DONE.search(run[max(0, start - _LONGEST_BEFORE) : start]) or (
                    start == 0 and _CODE_BEHIND.match(behind)
                )
                if end - start >= _SHORTEST and not is_done:
                    found.append(run[start:end])
                start = end + 1
    return list(dict.fromkeys(found))[:_MOST]
