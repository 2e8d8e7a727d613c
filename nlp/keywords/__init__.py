"""What a text is about: the noun phrases that matter, who said them, and in what tone."""
