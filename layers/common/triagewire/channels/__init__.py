"""Ways in: one module an adapter (verify raw bytes, then parse); `receiving.receive` joins them."""
