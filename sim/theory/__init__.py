"""Closed forms and solvers of negotiation theory: predictions are code, for lessons, rules and tests.

Everything here takes arrays and numbers and gives arrays and numbers. Nothing knows an agent, a clock,
a generator of random numbers or a scenario.
"""
