"""The engine layer: everything the product does, below the web.

The nouns, once each; a new noun enters here first.

==============  ==================================================================================================
Diagram         a ``.bpmn``, ``.dmn`` or ``.form`` file under version control
Definition      a deployed, numbered, unchangeable copy of a diagram
Case            one running instance of a definition, with a case number, a snapshot and a revision
Snapshot        the engine's saved state of a case: a small compressed, sealed blob
Work item       one open human task, a row in the inbox
Answers         what a person submitted for a work item
Operator        the Python function behind a service task type (``account.create``, ``notice.send``)
Command         one verb that changes a case or a definition: one class, one file, one transaction
Outcome         everything one engine run produced
Message         something to do or send after the commit; a row in the outbox
Incident        a case that cannot go on until someone mends it
Actor           who acts: id, groups, organisation; a person, a visitor or ``system:clock``
Round           a batch of grants with a cut-off, a list and an effective day
Line            a case in a round, and what became of it there
Reading         what an enrolled card bridge read from one card, signed
==============  ==================================================================================================
"""
