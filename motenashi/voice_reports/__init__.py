"""What customers say, counted: tones over time, keywords, competitors, promoters, NPS, and what goes before a loss.

Everything is aggregated in the database. `tables.py` and `keep_up.py` hold what was heard in a narrow form that can be
counted fast; one file a report; `intervals.py`, `matched_risk.py` and `false_discoveries.py` are the statistics.
"""
