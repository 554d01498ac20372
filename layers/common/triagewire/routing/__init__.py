"""From a verdict to a route: which queue, which member, whose duplicate; always with a reason."""
