"""Whom to tell when a ticket needs it: pages, reminders, breaches and ladders, decided from values
alone.
"""
