"""The append-only audit events. Every measure is computed from them; none of them holds PHI."""
