"""The pages: they ask the study for a value, show it, and turn a click into a decision."""
