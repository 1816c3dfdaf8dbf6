"""Numbers, amounts, units and dates of a text as values, however they are written, and what follows from them."""
