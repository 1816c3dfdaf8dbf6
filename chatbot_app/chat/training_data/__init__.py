"""Data sets for training, made of conversations: what is chosen, and one file for each format."""
