"""Logit choice, of one person and averaged over a group.

The share of a group that says yes when each member's reasons are shifted by one common shift is a smooth
function of the shift. It is asked for at many shifts of few groups, so it is expanded once around the
nodes of a fixed grid that the shocks come near (Taylor, to rounding error) and read off there.
"""

import math

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, distinct, stretch

NODES_A_UNIT = 4  # grid nodes per unit of the logit scale: no shift is further than 1/8 from one
FARTHEST = 2.0**38  # beyond this a shift is as good as infinite
BITS_OF_A_NODE = 42  # the nodes of a group are numbered from -2**40 to 2**40
FARTHEST_CODE = np.iinfo(np.int64).max  # beyond that of any case
TERMS = 10  # at 1/8 the first term left out is below 1e-14


def logistic(z: Array) -> Array:
    """1 / (1 + exp(-z)), right at both ends."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def average_logistic(
    reasons: Float[Array, "groups members"],
    group: Int[Array, " asked"],
    shift: Float[Array, " asked"],
) -> Float[Array, " asked"]:
    """Mean over the members of a group of logistic(reason + shift), for each shift asked of a group."""
    return Expansion(reasons).at(group, shift)


class Expansion:
    """The same for whoever asks again: what one call has worked out around a node serves the next."""

    def __init__(self, reasons: Float[Array, "groups members"]):
        self._reasons = reasons
        self._codes = np.empty(0, dtype=np.int64)
        self._terms = np.empty((TERMS, 0))

    def at(
        self, group: Int[Array, " asked"], shift: Float[Array, " asked"]
    ) -> Float[Array, " asked"]:
        """Mean over the members of a group of logistic(reason + shift), for each shift asked."""
        shift = np.clip(shift, -FARTHEST, FARTHEST)
        node = np.rint(shift * NODES_A_UNIT)
        cases, case = distinct(group, node.astype(np.int64))
        terms = self._terms_of(*cases)
        away = shift - node / NODES_A_UNIT
        total = terms[-1].take(case)
        for n in range(TERMS - 2, -1, -1):
            total *= away
            total += terms[n].take(case)
        return total

    def _terms_of(
        self, group: Int[Array, " cases"], node: Int[Array, " cases"]
    ) -> Float[Array, "terms cases"]:
        """The terms of cases in ascending order; those not met before are worked out and kept."""
        code = (group.astype(np.int64) << BITS_OF_A_NODE) + node
        place = np.searchsorted(self._codes, code)
        new = np.append(self._codes, FARTHEST_CODE)[place] != code
        if new.any():
            at_node = self._reasons[group[new]] + stretch(node[new]) / NODES_A_UNIT
            terms = _taylor_terms(logistic(at_node)).T
            self._codes = np.insert(self._codes, place[new], code[new])
            self._terms = np.insert(self._terms, place[new], terms, axis=1)
            place = np.searchsorted(self._codes, code)
        return self._terms[:, place]


def _taylor_terms(p: Float[Array, "cases members"]) -> Float[Array, "cases terms"]:
    """The mean over members of the n-th derivative of the logistic over n!, where it is p.

    Every derivative of the logistic is a polynomial in p, so the means of the powers of p give all.
    """
    means = np.empty((len(p), TERMS))
    power = p.copy()
    for n in range(TERMS):
        means[:, n] = power.sum(-1) / p.shape[-1]
        power *= p
    return (means[:, None, :] * _DERIVATIVES).sum(-1)


def _derivatives() -> Float[Array, "terms terms"]:
    """Row n: the n-th derivative over n! as weights of p, p^2, ...: the logistic has p' = p - p^2."""
    row, rows = [1.0], np.zeros((TERMS, TERMS))
    for n in range(TERMS):
        rows[n, : n + 1] = np.array(row) / math.factorial(n)
        longer = [0.0] * (len(row) + 1)
        for k, weight in enumerate(row, start=1):  # (p^k)' = k p^k - k p^(k + 1)
            longer[k - 1] += k * weight
            longer[k] -= k * weight
        row = longer
    return rows


_DERIVATIVES = _derivatives()
