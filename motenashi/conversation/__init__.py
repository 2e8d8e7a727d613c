"""The words of a talk: who speaks, what they send, what we answer, and where a conversation stands."""
