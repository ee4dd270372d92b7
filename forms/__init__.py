"""What a person fills in: form-js schemas turned into checked answers.

``builder.build`` binds a schema to the variables of a case and to what was posted; the bound form tells a page what to
draw (``rows``), checks on the server whoever calls (``validate``, ``errors``) and gives the answers. ``from_json`` does
the same for callers of the REST API. ``docs/form-language.md`` lists the part of form-js that is understood.
"""
