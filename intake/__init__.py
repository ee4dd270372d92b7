"""Another program: it opens one file that a stranger sent, within hard limits, and says what is in it.

``python -m intake bundle`` reads a ZIP with one PDF and one .xlsx from its standard input, ``python -m intake sheet``
an .xlsx alone. It writes one line of JSON, ``{"rows": [[number, [cell, …]], …], "letter": {"name", "size"}}`` or
``{"refused": [Thai, English]}``, and after it the bytes of the PDF. Nothing is ever unpacked to a disk.

It imports nothing of ours and knows no secret, so that whatever a file does to it stays here.
"""
