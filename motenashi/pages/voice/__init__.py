"""The pages about the voice of the customer: /voice with its six sections, and the responses behind every number."""
