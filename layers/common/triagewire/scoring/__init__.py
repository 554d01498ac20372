"""Text and context → verdict: rules over concepts, each mention with its own scope, every score
with its reasons.
"""
