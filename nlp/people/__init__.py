"""Who is named in a mail: who signs, who is greeted, who is talked about."""
