"""How sure a share is: what a finding must show before it is one."""

from math import sqrt

LEAST = 5
"""Tickets that a finding needs: from three nobody can tell a habit from a bad day."""
SURE_Z = 1.96
"""39 of 40 such intervals begin below the true share (two-sided 95 %)."""


def sure(n: int, of: int) -> float:
    """The lower bound of a share of `n` in `of`, 0 to 1, by the score interval of E. B. Wilson,
    J Am Stat Assoc 1927;22:209-212. Without anything counted it is 0.
    """
    if of <= 0 or n <= 0:
        return 0.0
    share, squared = n / of, SURE_Z**2
    middle = share + squared / (2 * of)
    margin = SURE_Z * sqrt(share * (1 - share) / of + squared / (4 * of**2))
    return max(0.0, (middle - margin) / (1 + squared / of))


def holds(n: int, of: int, more_than: float) -> bool:
    """Whether enough tickets show, surely enough, more than such a share (0 to 1)."""
    return n >= LEAST and sure(n, of) > more_than
