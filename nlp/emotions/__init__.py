"""What a customer feels, as far as words show it: one of eight emotions for a text and its tone."""
