"""The map of the open conversation's branches, and two of them side by side."""
