"""Walk 4: what another tool saw comes in as a row; a touchpoint in the CRM and words for the voice go out.
`intake.py` is the door."""
