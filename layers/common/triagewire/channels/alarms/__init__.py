"""Notifications of SNS, and alerts of monitoring tools."""
