"""From candidates to organizations: names taken apart, likelihood, and which of them are one."""
