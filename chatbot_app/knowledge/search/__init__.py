"""From a question to passages, and from a passage to its place in a file."""
