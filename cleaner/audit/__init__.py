"""Audits: what a run took, from whom, by which rule; reads ledgers, never cleans.

::

    runs        the folder of a run: its identity, its ledger files, its clean documents
    store       DuckDB over the ledgers: tables for the report, views for questions of one's own
    summary     totals and tables of a run
    sampling    seeded samples, and their documents restored
    excerpts    a text and spans in it -> short marked pieces
    report      a run as the data of a page
    changes     what two runs did differently to one document
    comparison  two runs as the data of a page
    terminal    a comparison as lines for a terminal
    single      one document as the data of a page
    query       questions in SQL, recipes, forms of an answer
    page        data -> one self-contained file
"""
