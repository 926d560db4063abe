"""Lead lists in any shape become rows, rows become sightings of leads or are rejected with a reason.

Who comes first: `inbox` keeps the files, `formats` reads one into rows, `headings` says what its columns are, `understanding`
says what a row means, and `reading` does all of it for many lists and keeps the books.
"""
