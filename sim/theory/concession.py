"""When two time-dependent concession tactics meet, and at what price, with one linear issue.

The issue is the coalition's share of a pie of size 1. `reservation_governor` is the largest share
the governor would grant, `reservation_coalition` the smallest the coalition would take. Time is the
elapsed share of the time until the deadline. Each side has conceded alpha(t) = t ** (1 / beta) of
its way from its best outcome to its reservation at time t: the polynomial tactic that concedes
nothing at the start. beta < 1 is Boulware (concede late), beta > 1 Conceder.

Both functions are derived here from the tactics of Faratin, Sierra and Jennings (1998), with offers
that both sides revise continuously.
"""

from scipy.optimize import brentq


def crossing_time(zone: float, beta: float) -> float:
    """Give the time at which the offers of two sides with the same exponent `beta` meet.

    `zone` is the width of the ZOPA, the governor's reservation less the coalition's, as a share of
    the pie. Returns a share of the time until the deadline.

    Raises ValueError for a negative zone (the offers never meet) or an exponent that is not
    positive. Source: after Faratin, Sierra and Jennings (1998).
    """
    if zone < 0:
        raise ValueError(f"zone is {zone}: below 0 there is no ZOPA and the offers never meet")
    _check_exponent("beta", beta)
    return (1 + zone) ** -beta


def crossing(
    reservation_governor: float,
    reservation_coalition: float,
    beta_governor: float,
    beta_coalition: float,
) -> tuple[float, float] | None:
    """Give the time at which the two sides' offers meet, and the coalition's share when they do.

    Reservations are shares of the pie in [0, 1], the time is a share of the time until the
    deadline. Returns None if the coalition needs more than the governor would grant.

    Raises ValueError for a reservation outside [0, 1] or an exponent that is not positive.
    Source: after Faratin, Sierra and Jennings (1998).
    """
    _check_share("reservation_governor", reservation_governor)
    _check_share("reservation_coalition", reservation_coalition)
    _check_exponent("beta_governor", beta_governor)
    _check_exponent("beta_coalition", beta_coalition)
    if reservation_governor < reservation_coalition:
        return None

    def governor_offers(time):
        return reservation_governor * time ** (1 / beta_governor)

    def coalition_asks(time):
        conceded = time ** (1 / beta_coalition)
        # 1 - (1 - reservation) * conceded, written so that it is exactly the reservation at the end
        return (1 - conceded) + reservation_coalition * conceded

    time = brentq(lambda time: governor_offers(time) - coalition_asks(time), 0.0, 1.0, xtol=1e-14)
    return time, governor_offers(time)


def _check_exponent(name, value):
    if not value > 0:
        raise ValueError(f"{name} is {value}: the exponent of a concession tactic is above 0")


def _check_share(name, value):
    if not 0 <= value <= 1:
        raise ValueError(f"{name} is {value}: a reservation is a share of the pie, from 0 to 1")
