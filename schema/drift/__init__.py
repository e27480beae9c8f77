"""What models are asked now beside what they learnt."""
