"""What makes the conversation server run; what makes it yours lies beside this folder, at the root."""
