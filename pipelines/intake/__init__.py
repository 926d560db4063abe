"""Lead lists in any shape become rows, rows become sightings of leads or are rejected with a reason."""
