"""Batches of experiments: a file in, a folder of tidy results out.

design.py reads an experiment file into design points; runner.py plays them in parts; store.py keeps
the parts and reads them back; summary.py turns worlds into rates and means with intervals.
"""
