"""One attempt at a job: its course, its folders, its log, what it leaves."""
