"""What a mail wants: 24 intents, several at once, each with the sentence that gave it."""
