"""Measurements as ratios: each run stands beside a reference run on the same machine."""
