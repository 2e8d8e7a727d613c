"""The timeline of a person: every touch in all channels, milestones, gaps and silences."""
