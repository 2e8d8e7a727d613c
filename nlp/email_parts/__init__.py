"""What a mail's text is made of, one idea a file; nlp/email_text.py is the door."""
