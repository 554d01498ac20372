"""The safety gate's parts: its tickets, what they must cover, the run, the figures, the release."""
