"""Triagewire: the triage desk that a clinic group runs in its own AWS account."""
