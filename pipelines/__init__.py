"""Reading the world: typed Python that knows neither Dagster nor scores."""
