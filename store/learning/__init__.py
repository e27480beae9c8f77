"""How models get better by use: corrections, drift, labelling, trials of fixes."""
