"""One clinic day, replayed on the embedded stack through the real template."""
