"""How far what a model is asked is from what it learnt, day by day, and where it learnt nothing."""
