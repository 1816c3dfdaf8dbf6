"""The verdict on each sentence of an answer: how much of it the sources say, and whether one of them contradicts it."""
