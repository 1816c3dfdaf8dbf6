"""Data sets that a model makes of documents: what it is asked for each kind, how replies are checked, and files."""
