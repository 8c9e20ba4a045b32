"""Plans: what is done for each person in a matter, what was agreed and whether it is kept, and which step is fair."""
