"""The main job from a file to a served model, through the public GraphQL API and nothing else."""
