"""What the tickets of a week say should change: findings, and the policy changes they suggest."""
