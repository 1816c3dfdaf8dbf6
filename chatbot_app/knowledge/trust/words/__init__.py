"""What is known of words and names, whatever sentence they stand in: languages, forms, synonyms, opposites, abbreviations."""
