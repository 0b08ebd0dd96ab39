"""Batches of experiments: a file in, a folder of tidy results out.

design.py reads an experiment file into design points: a grid, a sample (sampling.py, from what
distributions.py believes) or a table (points.py), its settings checked in checks.py; runner.py plays
them in parts; store.py keeps the parts and reads them back; summary.py turns worlds into rates and
means with intervals.
"""
