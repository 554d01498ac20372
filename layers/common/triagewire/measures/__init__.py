"""What the ledger says of how the desk does: one life for each ticket, and the measures of many."""
