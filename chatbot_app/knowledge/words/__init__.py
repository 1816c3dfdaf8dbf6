"""What is known of words, names and languages, whatever text they stand in: stems, forms, synonyms, opposites, where sentences end."""
