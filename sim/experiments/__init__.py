"""Batches of experiments: a file in, a folder of tidy results out. Read it from the bottom up.

statistics    worlds to rates, means, medians and paired differences, with intervals
sketch, summary, paired
design        what a file asks for, read and checked: design points, and claims about them
distributions, written, factors       what is believed of uncertain parameters
unit_cube, sampling, points           samples of them; points from a table
replications, claims, waiting         how many worlds; what is claimed of them beforehand
file, checks, questions, experiment   the experiment file, its checks, its points
resolved, shipped                     as its results folder has it; where a name finds its file
tournament, calibration               files that ask for more than one experiment
running       plays it, so that nothing is lost
files, provenance, journal, folder    what is written, by what, and what is done
results, manifest, verify             read back; what ends a run; whether all is as written
plan, parts, workers                  a design cut into parts; a part played; by whom
stopping, runner                      who goes on; all of it together
tournament, calibration, estimate     all against all; fitted to the record; what a run takes
analysis      what results say
effects, one_by_one, counterfactual   what a change does
sensitivity, discovery                which parameters matter, and where
precision                             whether replications are enough
verdicts, hypotheses                  the claims that paired differences decide
"""
