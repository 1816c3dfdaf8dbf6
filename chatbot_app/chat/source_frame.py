"""A passage stands in the prompt as data: nothing in it looks like a source, a heading or a speaker of ours."""

from __future__ import annotations

import re

from chatbot_app.core.markers import NUMBERS

# What a model could take for a marker of ours, or copy as one: plain, wide, and with a word.
_NUMBERS = rf"\s*(?:sources?\s*|source\s*#\s*|quelle\s*|#\s*)?({NUMBERS})\s*"
_MARKER_LIKE = re.compile(rf"[\[【［〔]{_NUMBERS}(?:†[^\]】］〕\n]*)?[\]】］〕]", re.IGNORECASE)
# In code `a[1]` and `x = [1, 2]` are what they say: only what begins a line, in a comment or not, is one.
_LINE_MARK = r"[ \t#/*\-+;%<!>|\"'`•]*"
_MARKER_IN_CODE = re.compile(
    rf"(?m:^)({_LINE_MARK})[\[【［〔]{_NUMBERS}[\]】］〕](?=[ \t]+[^\W\d_]|[ \t]*:|[ \t]*\r?$)",
    re.IGNORECASE | re.MULTILINE,
)

_PLACES = (
    r"sources?|documents?|context|passages?|references?|excerpts?|retrieved\s+\w+|quellen?|dokumente?|fuentes?|documentos?"
    r"|источники?|документы?|来源|资料|文档"
)
_SPEAKERS = (
    r"system|user|assistant|human|developer|instructions?|question|answer|prompt|nutzer|frage|antwort"
    r"|anweisung(?:en)?|système|utilisateur|réponse|sistema|usuario|pregunta|respuesta|система|пользователь"
    r"|вопрос|ответ|ассистент|系统|用户|助手|问题|回答"
)
_DECORATION = r"[#=*_\-<>\[\](){}|/~+;%!\"'`•【】 ]*"
_FRAME_LIKE = re.compile(
    rf"^{_DECORATION}(?:"
    rf"(?:(?:end|start|begin(?:ning)?|ende|anfang|fin|inicio|début|конец|начало)\s*(?:of|der|de|des|du|del|los)?\s*"
    rf"(?:the|numbered|my|your|all|les|los)?\s*)?(?:{_PLACES})\s*(?:no\.?|nr\.?|number|\#)?\s*\d{{0,3}}\s*"
    rf"(?:[:：].*|{_DECORATION}|(?:end|start|begin|结束|开始){_DECORATION})"
    rf"|(?:new\s+)?(?:{_SPEAKERS})\s*(?:message|prompt|turn|note|override)?\s*{_DECORATION}[:：].*"
    rf"|\#{{1,6}}\s*(?:new\s+)?(?:{_SPEAKERS})\s*(?:message|prompt|turn)?\s*{_DECORATION}"
    rf"|(?:answer\s+from\s+the\s+numbered\s+sources|using\s+the\s+sources\s+above|nothing\s+was\s+found\s+in\s+my).*"
    rf")$",
    re.IGNORECASE,
)
_LONGEST_LINE = 300  # a longer one is prose, whatever it begins with
_LONG_START = 60


def as_data(text: str, *, is_code: bool = False) -> str:
    """Return a passage as it may stand among the sources.

    Numbers in brackets, as footnotes and references have them, become "(3)", in code at the start of a line; lines
    that imitate the frame of the sources or another speaker are quoted with ">".
    """
    text = _MARKER_IN_CODE.sub(r"\1(\2)", text) if is_code else _MARKER_LIKE.sub(r"(\1)", text)
    return "\n".join(f"> {line}" if _imitates(line) else line for line in text.split("\n"))


def _imitates(line: str) -> bool:
    line = " ".join(line.split())
    if len(line) > _LONGEST_LINE:
        line = line[:_LONG_START]
    return _FRAME_LIKE.match(line) is not None
