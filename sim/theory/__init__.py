"""Closed forms and solvers of negotiation theory: predictions are code, for tests and lessons.

Every function takes arrays and numbers and returns arrays and numbers. Nothing here knows an agent,
a clock, a generator of random numbers or a scenario.
"""
