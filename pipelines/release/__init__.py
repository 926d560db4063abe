"""What leaves the house: snapshot, files, layouts for other tools, dictionary, report."""
