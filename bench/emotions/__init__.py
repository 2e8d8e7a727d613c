"""How often the emotion of a text is told rightly, beside what the tone alone would tell."""
