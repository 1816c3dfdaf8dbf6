"""Lines above a mail: who wrote to whom, when and of what. They have the words of a question, and seldom its answer.

"Which system does Priya prefer?" has its words in "Subject: Re: New timing system" and "From: Priya Raman"; the mail below says it.
Who wrote, and when, is asked of these lines alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features
from chatbot_app.knowledge.words.questions import Asked, asked_for

OF_A_HEAD = 6.0  # that such a line has less than what the mail says
OF_A_SUBJECT = 2.0  # it may name what is asked for: "Your booking K7XQ2M"
OF_THE_WRITER = 3.0  # that the line has more which says who wrote, or when, where that is asked
# As the mail reader writes them (`formats/mail_headers.py`).
_HEAD = re.compile(r"(?:(?:Subject|From|To|CC|Date|Attachments): [^\n]*(?:\n|\Z))+")
_FEWEST_LINES = 2
# Who asks for a mail as such wants to know who wrote it, when, or of what.
_OF_MAILS = re.compile(
    r"@|\b(?:e-?mails?|mails?|messages?|subject|sen[dt]s?|sender|recipients?|wr(?:i|o)tes?|written|writing|repl(?:y|ies|ied)|attach(?:ed|ments?)"
    r"|nachrichten?|betreff|absender(?:in)?|empfänger(?:in)?|schr(?:eib|ieb|ift)\w*|geschrieben|gesendet|geschickt|antwort\w*|anh[aä]ng\w*"
    r"|courriels?|messages?|objet|expéditeur|destinataire|écri\w*|envoy\w*|répon\w*"
    r"|correos?|mensajes?|asunto|remitente|destinatario|escri\w*|envi\w*|mand[óa]\w*)\b|письм|написа|отправ|邮件|信",
    re.IGNORECASE,
)


def by_mail_heads(question: str, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> Features:
    """Return what is added to the scores of lines above mails, shape (sentences,): 0 for all other sentences.

    `evidence` are the passages that the sentences are from. They lose where neither a person nor a mail itself is asked for.
    """
    added = np.zeros(len(sentences), np.float32)
    ends = [_end_of_head(item.passage.text) for item in evidence]
    if not any(ends):
        return added
    asked, of_mails = asked_for(question), _OF_MAILS.search(question) is not None
    told = {Asked.PERSON: "From", Asked.DATE: "Date"}.get(asked, "") if of_mails else ""
    for number, sentence in enumerate(sentences):
        if sentence.end > ends[sentence.source]:
            continue
        if asked is not Asked.PERSON and not of_mails:
            added[number] = -OF_A_SUBJECT if sentence.label == "Subject" else -OF_A_HEAD
        elif told and sentence.label == told:
            added[number] = OF_THE_WRITER
    return added


def _end_of_head(text: str) -> int:
    """Return where the lines above a mail end that a passage begins with, 0 where it begins with none."""
    found = _HEAD.match(text)
    return found.end() if found is not None and found[0].count(": ") >= _FEWEST_LINES else 0
