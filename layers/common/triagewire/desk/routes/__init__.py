"""What the desk API serves: one file a story, and the table of all of them."""
