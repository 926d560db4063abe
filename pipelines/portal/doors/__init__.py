"""The doors of the page: who gets in, what of a request is let through, what every answer says, what is written down.

Here: users, sessions, tokens against forged requests, headers, limits, the journal of downloads, and the server itself.
Elsewhere: everything a page shows and a download holds (`pipelines.portal`).
"""
