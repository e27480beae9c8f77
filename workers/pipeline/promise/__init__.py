"""When a model answers, and when it had better not.

`rules` and `novelty` serve: numpy only. `control`, `sets` and `judging` choose and judge them.
"""
