"""Servers of others that the demo plays: the EHR with its records, and a language model."""
