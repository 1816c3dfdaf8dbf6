"""Processes of their own: what a stranger's file may break, and the model that makes vectors."""
