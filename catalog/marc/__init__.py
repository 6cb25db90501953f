"""Records of other catalogues coming in: MARC 21 as ISO 2709 or MARCXML (SPEC D8).

A file goes through five rooms, each of which knows only the ones before::

    files.source     a file, gzip or zip → raw records, one at a time (iso2709, marcxml), found again after a broken one
    files.parsed     a raw record → a pymarc record in Unicode (charset), with what was wrong about it
    meaning.script   a record's fields → what is written, its yomi, how it is romanised (880 in both habits)
    meaning.facts    a record → TitleFacts, the columns of a Title; copies come from holdings, the type from rules
    loading          batches of facts → rows, in one transaction each, with the record as it came

Nothing here raises because of what a file holds: trouble is a ``Problem`` and goes into the report.
"""
