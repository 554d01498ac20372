"""What runs Triagewire on one machine without an AWS account."""
