"""What every adapter reads with: fields by path, raw bodies, identities, record context, HTML."""
