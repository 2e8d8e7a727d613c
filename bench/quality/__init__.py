"""`make quality`: how well mail is read, on what was written for this project and on mails left out of the training."""
