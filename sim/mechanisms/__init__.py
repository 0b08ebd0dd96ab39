"""What the case of 2011 had besides one table and one ballot: a room for each mechanism.

A room holds the table of the scenario file that switches the mechanism on (`on = true`), with its
parameters, and its rules: arrays in, arrays out. What happens when is in `stages`. Off, which is
the default, a mechanism changes nothing, to the last bit.
"""
