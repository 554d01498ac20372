"""Automatic texts to requesters: which may be sent, and why one was withheld."""
