"""From a passage to its place in a file: where its words stand now, on which page, and what is around it."""
