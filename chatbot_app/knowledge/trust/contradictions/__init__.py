"""What a sentence of a source says against a statement that has most of its words, a rule a file."""
