"""Articles to events."""
