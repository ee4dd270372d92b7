"""Papers in Thai: shaped letters that can be read, searched and copied, lines that break between words.

reportlab draws; what it lacks for Thai is here: ``fonts`` shapes with HarfBuzz and keeps the text extractable,
``words`` says where a line may break, ``flowables`` and ``page`` are what a paper is made of. The same content gives
the same bytes.
"""
