"""A second opinion by the words together: trained on labelled messages, shipped as one small file.

It may send a verdict below 5 to a person, and choose between two office teams that the rules hold
for nearly equal. It never lowers, never pages, and its absence changes nothing else.
"""
