"""`/mail`: mails that came in and what was understood of each; a place to try one out and to correct a reading."""
