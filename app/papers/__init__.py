"""Papers that people sign, keep or hand on: each a function from plain values to the bytes of a PDF."""
