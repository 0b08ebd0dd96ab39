"""Wages and employment that a union and an employer agree on.

Labour L brings in the revenue intercept x L - slope x L ** 2 / 2, so that demand for labour at a
wage is (intercept - wage) / slope. Members without this job earn `alternative_wage`; a union's rent
is employment x (wage - alternative_wage). `union_power` is the union's weight in the Nash product,
from 0 to 1; the employer's gain is profit, 0 without an agreement. Wages are in one unit, employment in
another; slope is wage per unit of employment. Numbers or arrays that broadcast.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.special import exprel

Number = float | Float[np.ndarray, "..."]


class Contract(NamedTuple):
    """A wage and the employment that goes with it."""

    wage: Number
    employment: Number


def labour_demand(wage: Number, intercept: Number, slope: Number) -> Number:
    """Give the employment that makes profit largest at a given wage: revenue's slope is the wage.

    Source: Nickell and Andrews (1983), with linear demand.
    """
    return (intercept - wage) / slope


def right_to_manage(
    intercept: Number, slope: Number, alternative_wage: Number, union_power: Number
) -> Contract:
    """Give the outcome if the two bargain over the wage and the employer then chooses employment.

    With `union_power` 1 it is the monopoly union, which sets the wage alone.

    Raises ValueError for a power outside 0 to 1 or an alternative wage above the intercept.
    Source: Nickell and Andrews (1983).
    """
    wage = _bargained_wage(intercept, alternative_wage, union_power)
    return Contract(wage, labour_demand(wage, intercept, slope))


def efficient_bargain(
    intercept: Number, slope: Number, alternative_wage: Number, union_power: Number
) -> Contract:
    """Give the outcome if the two bargain over wage and employment at once.

    Employment is as if labour cost the alternative wage, whatever the union's power, which decides
    how the surplus is shared. With linear demand the wage is that of `right_to_manage`: the same
    wage, more jobs.

    Raises ValueError for a power outside 0 to 1 or an alternative wage above the intercept.
    Source: McDonald and Solow (1981).
    """
    wage = _bargained_wage(intercept, alternative_wage, union_power)
    return Contract(wage, labour_demand(alternative_wage, intercept, slope))


def contract_curve(
    wage: Number,
    intercept: Number,
    slope: Number,
    alternative_wage: Number,
    risk_aversion: Number = 0.0,
) -> Number:
    """Give the employment with which a wage is efficient: no other contract is better for both.

    Members' utility of a wage has the constant absolute `risk_aversion` gamma, per unit of wage. On
    the curve (u(wage) - u(alternative)) / u'(wage) is the wage less what labour brings in at the
    margin. Without risk aversion the curve is vertical; with it, higher wages go with more jobs.

    Source: McDonald and Solow (1981).
    """
    premium = wage - alternative_wage
    worth = premium * exprel(risk_aversion * premium)
    return labour_demand(wage - worth, intercept, slope)


def stone_geary_union(
    intercept: Number,
    slope: Number,
    least_wage: Number,
    least_employment: Number,
    wage_weight: Number,
) -> Contract:
    """Give the contract that a Stone-Geary union chooses if employment follows labour demand.

    The union maximises (wage - least_wage) ** theta * (employment - least_employment) ** (1 -
    theta), where theta is `wage_weight`: how much it prefers wages to jobs.

    Raises ValueError for a weight outside 0 to 1, or minima that demand cannot meet.
    Source: Dertouzos and Pencavel (1981).
    """
    _check_share("wage_weight", wage_weight)
    room = intercept - slope * least_employment - least_wage
    if np.any(np.less(room, 0)):
        raise ValueError(
            f"least_wage is {least_wage} and least_employment is {least_employment}: "
            "at that wage there is no demand for that employment"
        )
    wage = least_wage + wage_weight * room
    return Contract(wage, labour_demand(wage, intercept, slope))


def _bargained_wage(intercept, alternative_wage, union_power):
    _check_share("union_power", union_power)
    if np.any(np.greater(alternative_wage, intercept)):
        raise ValueError(
            f"alternative_wage is {alternative_wage}: above {intercept}, the intercept, nobody "
            "is employed"
        )
    return alternative_wage + union_power * (intercept - alternative_wage) / 2


def _check_share(name, value):
    if not np.all(np.greater_equal(value, 0) & np.less_equal(value, 1)):
        raise ValueError(f"{name} is {value}: it is from 0 to 1")
