"""Batches of experiments: a file in, a folder of tidy results out.

design, checks, claims              an experiment file, read and checked, as design points
distributions, sampling, points     samples of uncertain parameters; points from a table
replications, stopping              how many worlds a point has
runner, store, verify               plays the parts; keeps them so that nothing is lost
provenance                          what plays: code, versions, processor
summary, sketch                     worlds to rates, means and medians with intervals
compare, effects, hypotheses        paired differences, and the claims they decide
sensitivity                         which parameters matter
estimate                            what a run would take
"""
