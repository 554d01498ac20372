"""Calls and text messages, as the phone systems share them."""
