"""A scenario played through the real decisions in memory: no AWS, no network, no waiting."""
