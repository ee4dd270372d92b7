"""The card bridge: a program for the clinic's PC that reads a smart card and signs what it read.

It shares nothing with the server but the signed reading; see ``docs/adr/0010-the-card-bridge-is-another-program.md``.
"""

__version__ = "1.0.0"
