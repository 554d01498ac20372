"""The edge of the desk API: what staff may send, what they are shown, how a refusal reads."""
