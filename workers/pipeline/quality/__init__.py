"""What may be wrong with a version's rows: suspicions, each with the rows that show why."""
