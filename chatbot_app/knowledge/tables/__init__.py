"""Tables: found on the pages of a PDF, read as Markdown rows, and each row described by its heads."""
