"""Where what runs comes from: its parts, their licences, and that a build is the same twice.

Run by `make`, not by `triagewire`: these work on this repository and on no deployed stack.
"""
