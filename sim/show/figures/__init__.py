"""Figures that read without a manual: each is a function that returns a matplotlib Figure.

The words under a figure are its label, `figure.get_label()`, so that a page can repeat them. All
figures of a results folder stand in one table, `sim.show.figures.sources.FIGURES`.
"""
