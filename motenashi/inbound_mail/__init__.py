"""Mail that comes in: raw bytes taken apart (mime_reading.py), and kept as they came."""
