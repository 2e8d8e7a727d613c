"""`/embed/…`: the advice as a small page inside the CRM's own page."""
