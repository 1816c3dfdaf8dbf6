"""Conversations on their way out into files, and in from files of this and other programs; knows no Qt."""
