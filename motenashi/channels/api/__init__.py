"""`/api/…`: what a CRM or any tool may ask and do with suggestions and best times, in JSON, with a key."""
