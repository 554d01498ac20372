"""The embedded stack: the real template on an emulator of the AWS APIs, on this machine only."""
