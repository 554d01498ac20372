"""Whether somebody is on call in the days to come: a policy that had no gap when it was published
has one when the leave comes near that its members took months ahead.
"""

from datetime import timedelta

from triagewire.escalation.coverage import gaps, shifts
from triagewire.flow.context import Context

SOON = timedelta(days=7)
"""Time enough to find who takes over, and no cause to look at what may still be planned."""


def gaps_soon(context: Context) -> int:
    """How many times there are, at all sites, in which nobody is on call within a week."""
    sites = context.policy.policy.sites.values()
    return sum(len(gaps(shifts(site, context.now, context.now + SOON))) for site in sites)
