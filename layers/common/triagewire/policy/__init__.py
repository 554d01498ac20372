"""All that a group may change, versioned: rules, teams, rosters, hours, targets, ladders, articles,
templates.
"""
