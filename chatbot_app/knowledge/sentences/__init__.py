"""The sentences of answers and of documents, and what one says: clauses, facts, denials, offices; which can be quoted."""
