"""Quotes: which sentences of the documents answer a question, and whether any does."""
