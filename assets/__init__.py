"""The graph: the only code that knows Dagster, and thin."""
