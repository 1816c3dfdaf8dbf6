"""What a person may believe: quotes, checked sentences, refusal and circles. Pure; no model writes here."""
