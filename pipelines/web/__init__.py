"""The only socket of the house: who may be asked, who wants to be asked, what came back, where it is kept."""
