"""From a vector and its text to calibrated probabilities.

`head` and what it imports serve answers with numpy alone; `fitting` learns with scikit-learn.
"""
