"""The sentences of answers and of their sources, and what one says: clauses, facts, denials, offices."""
