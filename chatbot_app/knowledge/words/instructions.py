"""Sentences of a question that only say how it is to be answered: "Answer in one sentence.", "Give the response in USD millions."

They are the model's, and no document says them: searched, they find what is not asked, and seem to be missing.
"""

from __future__ import annotations

import re

from chatbot_app.knowledge.words.sentence_ends import sentence_spans

_LONGEST = 2000  # characters that are looked at
# How it begins, and a word for the answer or for its form; in four languages.
_INSTRUCTION = re.compile(
    r"\s*(?:(?:please|kindly|and|but|also)[,\s]+)*"
    r"(?:answer|respond|reply|give|provide|state|write|express|present|round|base|rely|address|keep|be|make|calculate|compute|use|stick)\b.*"
    r"\b(?:answers?|answering|respon(?:se|d)|reply|question|judge?ments?|(?:milli|billi)ons?|thousands|decimals?|decimal\s+places?|percents|sentences?|words"
    r"|bullets?(?:\s+points?)?|brief(?:ly)?|short(?:ly)?|concise(?:ly)?|precise(?:ly)?|english|german|french|spanish|sources|citations?)\b.*"
    r"|\s*(?:bitte[,\s]+)*(?:antworte|antworten\s+sie|beantworte(?:n\s+sie)?|gib|geben\s+sie|runde|schreib(?:e|en\s+sie)?|sei|seien\s+sie|fass(?:e|en\s+sie)?|halte)\b.*"
    r"\b(?:antwort\w*|fragen?|satz|sätzen|worten|wörtern|kurz|knapp|deutsch|englisch|stichpunkten?|millionen|milliarden|prozent|nachkommastellen?|quellen?)\b.*"
    r"|\s*(?:réponds|répondez|donne[zs]?|indique[zs]?|sois|soyez|arrondi\w+)\b.*\b(?:réponses?|phrases?|mots|bref|brève\w*|français|anglais|millions|sources)\b.*"
    r"|\s*(?:responde|responda|da|dé|indica|indique|sé|sea|redondea)\b.*\b(?:respuestas?|frases?|palabras|breve\w*|español|inglés|millones|fuentes)\b.*",
    re.IGNORECASE | re.DOTALL,
)


# "(in USD millions)", "(in Mio. Euro)", "(in percent)"
_ASIDE = re.compile(
    r"\s*\(\s*(?:(?:answer|please)\s+)?(?:in|as|en)\s+(?:an?\s+)?(?:units?\s+of\s+)?(?:u\.?s\.?\s+)?"
    r"(?:(?:usd|eur|gbp|chf|us\$|[$€£]|dollars?|euros?|thousands?|millions?|billions?|mio|mrd|tsd|tausend|milliarden|millionen|percent(?:age|s)?|prozent|%|of|de)\.?\s*)+"
    r"(?:and\s+round[^()]{0,60})?\)",
    re.IGNORECASE,
)


def without_instructions(question: str) -> str:
    """Return a question without the sentences beside it, and what stands in parentheses, that say how it is to be answered.

    As it is, where none of it asks.
    """
    if len(question) > _LONGEST or "?" not in question:
        return question
    question = _ASIDE.sub("", question)
    spans = list(sentence_spans(question, 0, len(question)))
    asking = [question[start:end].rstrip().endswith("?") for start, end in spans]
    if len(spans) < 2 or not any(asking):
        return question
    kept = [
        question[start:end]
        for (start, end), asks in zip(spans, asking, strict=True)
        if asks or not _INSTRUCTION.fullmatch(question[start:end].strip())
    ]
    return " ".join(kept) if len(kept) < len(spans) else question
