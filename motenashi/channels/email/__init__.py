"""The ways in for mail: a signed POST (door.py), IMAP mailboxes (imap_poller.py), and archives (import_files.py)."""
