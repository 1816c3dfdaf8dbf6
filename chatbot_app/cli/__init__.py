"""The program from a terminal: one file a command."""
