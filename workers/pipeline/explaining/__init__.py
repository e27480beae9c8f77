"""Why a bundle answers as it does: the words that counted, and the rows for and against.

Everything is said of a *contrast*: a label's score less those that it is weighed against. Scores
alone mean nothing, since adding a number to all of them leaves the answer as it is.
"""
