"""How this program runs parts of itself in processes of their own; what they do is said where it belongs."""
