"""The page: what is published, to be looked at, filtered and taken away.

Here: the pages and the downloads. Elsewhere: who may see them (`doors`), what they show (sql/mart), how files are written
(`release`).
"""
