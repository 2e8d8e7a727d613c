"""The parts of the spaCy pipelines, one file each. Each puts what it found at `doc._.<its name>`."""
