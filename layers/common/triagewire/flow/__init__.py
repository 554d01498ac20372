"""The use cases, one file for each step of a ticket's way: they join the pure core with the
store.
"""
