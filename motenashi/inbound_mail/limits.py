"""How much of one mail we read. What is beyond is said in `problems`; the raw mail keeps it."""

MOST_BYTES = 25 * 1024 * 1024
MOST_PARTS = 1000
MOST_DEPTH = 20  # multiparts and mails within each other
MOST_HEADERS = 2000  # of one part
MOST_OF_ONE_NAME = 100  # To, Received and the like, of one mail
LONGEST_HEADER = 64 * 1024  # bytes of one value
LONGEST_HEADER_BLOCK = 1024 * 1024  # bytes of all headers of one part
LONGEST_TEXT = 1_000_000  # characters of plain text
LONGEST_HTML = 4_000_000
# Bytes of one part of text or HTML that are decoded: as many characters as above take up in quoted-printable, mostly.
LONGEST_TEXT_PART = 4_000_000
LONGEST_HTML_PART = 10_000_000
MOST_ADDRESSES = 2000
MOST_REFERENCES = 500
MOST_PROBLEMS = 50
MOST_CALENDARS = 20  # calendar parts
MOST_EVENTS = 100  # of all calendar parts together
MOST_TNEF = 5  # winmail.dat
LONGEST_CALENDAR = 300_000  # characters, after pictures and the like are taken out
MOST_RECEIVED = 50  # hops; more is a loop
