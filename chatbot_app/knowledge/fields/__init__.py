"""The fields of documents: read from their names and first pages, asked for by questions, matched.

This module is light; the others compile many expressions and are imported when they are needed.
"""

# What is raised when reading is made better: documents read by an earlier one are read again.
READER_VERSION = 10
