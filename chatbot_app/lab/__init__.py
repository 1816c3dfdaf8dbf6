"""How a language model works, in code that one can read: tokens, probabilities, vectors, attention, training.

Knows no Qt, no store and no server. Each module is the reference of one method, names where it was published, and says
the shape and unit of every array.
"""
