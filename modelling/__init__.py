"""How the second opinion is made and measured (`make model`). Never packaged into a function.

Standard library only, no randomness, and only + - * / and square roots: the same file comes out on
every machine.
"""
