"""`/touchpoints`: what other tools told us, what waits for its person, what was refused, and how to connect a tool."""
