"""What a new installation begins with: regions, the catalogue of systems and roles, texts, and fictional demo people.

Everything here is plain data. People, units and numbers are invented: citizen IDs begin with 0 (a block no person has),
units with 99, addresses end in example.org. The administration replaces texts and catalogue with its own.
"""
