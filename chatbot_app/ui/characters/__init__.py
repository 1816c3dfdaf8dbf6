"""Characters in the window: kept, chosen for a conversation, and told apart from what was changed since."""
