"""`/alerts`: the rules in use, what they said lately, and a trial of each."""
