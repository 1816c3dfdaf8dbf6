"""From files to a searchable library: which files, in which order, and what became of each."""
