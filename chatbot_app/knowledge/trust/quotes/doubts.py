"""Whether what is quoted first may not answer, for what the quote itself lacks, although the documents have the question's words.

Of 17,634 questions of SQuAD 1.1 whose answer stands in the sentence 15 lack its type. Such quotes are shown with a doubt all the
same, in libraries of any size: the answer may stand in the next one.
"""

from __future__ import annotations

from collections.abc import Sequence

from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.answer_types import lacks_answer_type
from chatbot_app.knowledge.trust.quotes.dated_entries import are_of_other_times
from chatbot_app.knowledge.trust.quotes.other_rows import is_of_another_row
from chatbot_app.knowledge.trust.quotes.quote_candidates import Candidates


def lacks_what_is_asked(candidates: Candidates, quoted: Sequence[Sentence]) -> bool:
    """Whether the sentences of the first quote hold no answer of the type that is asked for, or are of something or some day else."""
    question, best = candidates.question.text, quoted[0]
    item = candidates.passage_of(best)
    own = item.passage.text[best.start : quoted[-1].end]
    if lacks_answer_type(question, "\n".join((own, *(one.text for one in quoted)))):
        return True
    if are_of_other_times(question, quoted, item):
        return True
    if not best.is_of_table:
        return False
    rows = (
        one.text
        for one in candidates.sentences
        if one.is_of_table and candidates.passage_of(one).passage.document_id == item.passage.document_id
    )
    above = " ".join((item.title, *item.passage.heading_path, item.passage.context.partition("\n")[0]))
    return is_of_another_row(question, best.text, rows, above)
