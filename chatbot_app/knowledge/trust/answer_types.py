"""The expected answer type of a question (Li & Roth 2002), where its form is plain: a price, an address, a phone number …

Told by a question's words, in any of the languages whose question words are known. What may be meant otherwise has none: "What
will the mistake cost him?", "What do the authors want to address?", "How long should a password be?", "the address of the
server". What a sentence holds of a type is `answer_values`.
"""

from __future__ import annotations

import re
from enum import StrEnum

from chatbot_app.core.late_pattern import LatePattern


class AnswerType(StrEnum):
    """What an answer has to hold, more closely than `questions.Asked`."""

    PRICE = "price"  # of a thing, a service: not what is made with it
    SALARY = "salary"
    EARNED = "earned"  # by somebody, or by a company: what flows through its books counts
    ADDRESS = "address"
    PHONE = "phone"
    EMAIL = "email"
    DURATION = "duration"


_IS = r"\b(?:what(?:['’]?s| is| are| was| were)|tell me|give me|find)\b "
_SOME = r"(?:(?!of\b)[\w'’.-]+ ){0,5}?"  # words of one noun phrase
# Before an address that is a thing: a deed ("want to address", "would address") or another kind of address has none of these.
_OTHER_ADDRESSES = (
    r"(?<!\bip )(?<!\bmac )(?<!\bweb )(?<!inaugural )(?<!gettysburg )(?<!farewell )(?<!keynote )(?<!opening )(?<!memory )(?<!bitcoin )(?<!wallet )"
    r"(?<!base )(?<!start )(?<!return )(?<!gateway )(?<!network )(?<!internet )"
)
_NO_DEED = r"(?:(?!\b(?:to|would|will|should|could|can|may|might|must|do|does|did|that|which|who|they|we|you|not)\b)[^\d_]){0,80}?"
# What computers have addresses of, in any language.
_OF_COMPUTERS = LatePattern(
    r"\b(?:ip|mac|url|api|dns|http|smtp|vpn|lan|wlan|wi-?fi|bitcoin|wallet|blockchain|memory|buffer|pointer|stack|heap|register|segment|offset|byte|gateway|subnet"
    r"|router|modem|switch|host|hostname|localhost|endpoint|server|serveur|servidor|servers|database|datenbank|registry|repository|web ?site|web ?page|homepage"
    r"|webseite|internetseite|netzwerk\w*|site web|sitio web|página web|сервер\w*|сайт\w*)\b|服务器|网站|网址|数据库",
    re.IGNORECASE,
)
# The first that matches counts. English, German, French, Spanish, Russian, Chinese.
_ASKED = tuple(
    (kind, LatePattern(form, re.IGNORECASE))
    for kind, form in (
        (
            AnswerType.EMAIL,
            r"\be-?mail[ -]?(?:address(?:es)?|adressen?)\b|(?:['’]s|\byour|\bhis|\bher|\btheir) e-?mail\W*$|\badresse (?:e-?mail|électronique)"
            r"|\b(?:cuál es|dirección de)\b.{0,30}\bcorreo electrónico\b|\bадрес электронной почты\b|(?:邮箱|电子邮件地址)",
        ),
        (
            AnswerType.PHONE,
            r"\b(?:tele)?phone numbers?\b|\b(?:mobile|cell|fax|hotline) numbers?\b|\b(?:telefon|handy|fax|ruf|mobil)nummer\w*"
            r"|\bnuméro de téléphone\b|\bnúmero de teléfono\b|\bcuál es el teléfono\b|\bномер\w* телефона\b|电话号码|电话是多少",
        ),
        (
            AnswerType.ADDRESS,
            rf"{_IS}{_NO_DEED}{_OTHER_ADDRESSES}\baddress(?:es)?(?: (?:of|for) [^\d_]+)?\W*$|^[^\d_]{{1,60}}['’]s (?!(?:to|would|will|should)\b)(?:\w+ )?{_OTHER_ADDRESSES}address\W*$"
            r"|^\W*(?:postal |street )?address(?: of [^\d_]+)?\W*$|\banschrift\b|\b(?:welche|wie (?:ist|lautet)|was ist)\b.{0,30}\badresse\b"
            r"|\bquelle est l['’]adresse\b|\bcuál es la dirección\b|\bпочтовый адрес\b|\bкакой (?:\w+ )?адрес\b|地址",
        ),
        (
            AnswerType.SALARY,
            rf"(?:{_IS}|\bhow (?:much|high|large) (?:is|are|was|were) |\bwhat ){_SOME}(?:salary|salaries|wages?)\b|\b(?:wie hoch|welches)\b.{{0,30}}\bgehalt\b(?! an\b)"
            r"|\bquel (?:est|était) .{0,30}\bsalaire\b|\bcuál (?:es|era) .{0,30}\b(?:sueldo|salario)\b|\bкакая .{0,30}\bзарплата\b|(?:工资|薪水)(?:是)?多少",
        ),
        (
            AnswerType.EARNED,
            r"\b(?:how much|what) (?:does|do|did|will) (?:(?! to ).){1,60}? (?:earn|get paid)(?= (?:a|an|per|each|every|in|as|for|at|from|when|while|by|now|today)\b|\W*$)|\b(?:was|wie ?viel) verdien\w+\b|\bcombien gagne\b"
            r"|\bcuánto gana\b|\bсколько зарабатывает\b",
        ),
        (
            AnswerType.PRICE,
            r"\bhow much (?:does|do|did|will|would|might) .{1,80}? costs?\b"
            r"|\bwhat (?:does|do|did|will|would|might) .{1,80}? costs?(?= (?:to|in|at|for|per|from|on|if|when|with|without|during|now|today|altogether)\b(?! (?:lives|time|terms)\b)| (?:a|an|each|every) (?:night|day|week|month|year|hour|piece|person|head)\b|\W*$)|\bhow much (?:is|are|was|were) (?:a|an|one)\b|\bhow expensive\b"
            rf"|{_IS}{_SOME}prices? (?:of|for)\b|^\W*prices? (?:of|for)\b|\bhow much (?:do|does|did|must|will|would) (?:i|we|you|one) (?:have to )?pay for\b"
            r"|\bwas (?:kostet|kosten)\b|\bwie ?viel (?:kostet|kosten)\b|\bwie teuer\b|\bwie hoch ist der preis\b|\bcombien coûten?t?\b|\bquel est le prix\b"
            r"|\bcuánto (?:cuesta|vale)n?\b|\bcuál es el precio\b|\bсколько сто[ия]\w+|\bкакова цена\b|多少钱|价格是多少",
        ),
        (
            AnswerType.DURATION,
            r"\bhow (?:long|many (?:minutes|hours|days|weeks|months|years)) (?:does|do|did|will|would|must|should|can|may) .{1,80}?"
            r" (?:take|last|run|stay|remain|wait|keep|need|go on|continue|be (?:kept|stored|valid|retained|held|open|closed|away|insured))\b|\bhow long (?:is|are|was|were) .{1,80}? (?:kept|stored|valid|retained|held|open)\b"
            r"|\bwie lange (?:dauer\w+|gilt|gelten|läuft|brauch\w+)|\bcombien de temps\b|\bcuánto (?:tiempo )?(?:dura|tarda)\w*\b|\bкак долго\b|多久|多长时间",
        ),
    )
)
# What the features of quotes see nothing of: values of these have no unit.
UNSEEN = frozenset({AnswerType.ADDRESS, AnswerType.PHONE, AnswerType.EMAIL})
# The words of a question that only say its type: what is asked about are the others.
TYPE_WORDS = frozenset(
    """much cost costs costing price prices priced pay paid expensive salary salaries wage wages earn earns earned address addresses postal street
    home mailing headquarters phone telephone number numbers mobile cell fax email mail e long take takes last lasts run runs stay kept keep
    does do did is are was were tell give me find please called currently today now
    was kostet kosten wieviel viel teuer preis verdient verdienen gehalt anschrift läuft brauchen braucht adresse telefonnummer handynummer rufnummer nummer faxnummer lange dauert dauern gilt gelten
    combien coûte coûtent coûter prix salaire gagne numéro téléphone adresse temps dure cuánto cuesta cuestan precio sueldo gana número teléfono dirección tiempo dura
    сколько стоит стоят стоить цена цены длится зарабатывает зарплата адрес телефон номер долго""".split()
)
# Those of them that a sentence says, too, which answers in whatever words: "lasts a single harvest".
DEED_WORDS = TYPE_WORDS - frozenset(
    "much e long does do did is are was were tell me give find please called currently today now home street number numbers viel lange"
    " nummer combien temps cuánto tiempo сколько долго номер".split()
)
_LONGEST = 2000  # characters of a question that are looked at


def answer_type(question: str) -> AnswerType | None:
    """Return what a question asks for, None where its form does not tell."""
    question = question[:_LONGEST]
    kind = next((kind for kind, form in _ASKED if form.search(question)), None)
    is_of_computers = kind is AnswerType.ADDRESS and _OF_COMPUTERS.search(question) is not None
    return None if is_of_computers else kind
