"""Files as they come: what is read, by whom, and why a file is refused."""
