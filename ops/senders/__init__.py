"""Signs requests as each sender does: for `triagewire source test`, the demo and the tests.

One file an adapter, under the adapter's own name. Each has

    sample(letter)            the request of one short message
    signed(letter, payload)   any payload as this sender would send and sign it
    new_secret()              a new secret, where it is ours to make (else the sender gives it)
"""
