"""What is threatened, and who believes it."""

from sim.inputs.parameter import MORE, Number, Section, Whole, parameter


class ThreatSettings(Section):
    """What the governor says will happen without a deal, and who believes it."""

    # fmt: off
    layoffs: Number = parameter("layoffs announced for the case of failure", "persons", symbol="threat",
        low=0, plausible=(0, 20_000), start_here=True,
        source="CT Mirror, 10 May 2011: 4,742 notices ordered")
    layoffs_after_rejection: Number = parameter(
        "layoffs announced after members rejected an agreement; replaces the first number", "persons",
        symbol="threat2", low=0, plausible=(0, 20_000),
        source="Boston Globe, 29 June 2011: 6,466 with vacancies; 14 July: 6,560")
    bumping: Number = parameter("how unpredictable it is who is laid off: 0 is strict inverse seniority",
        "width in seniority (0 to 1)", symbol="tau_s", low=0, high=100, plausible=(0, 1), start_here=True,
        source="Grossman 1983; several layers of bumping reported in 2011; size assumed")
    credibility_members: Number = parameter(
        "probability members give to the threat being carried out, in confidential talks", "probability",
        symbol="rho0", low=0, high=1, plausible=(0, 1), start_here=True,
        source="Schelling 1960; size assumed")
    credibility_leaders: Number = parameter(
        "probability union leaders give to it, having faced the governor", "probability", symbol="rho_L",
        low=0, high=1, plausible=(0, 1), source="Ashenfelter and Johnson 1969; size assumed")
    size_doubt: Number = parameter("how fast belief falls once the threat exceeds what Plan B would need",
        "per multiple of the Plan B optimum", default=0.0, symbol="d", low=0, high=100, plausible=(0, 2),
        source="Schelling 1960: announcements above the optimum are bluff; off by default")
    bluff_likelihood: Number = parameter(
        "probability that a bluffing governor would issue a notice all the same", "probability",
        default=1.0, symbol="bluff_b", low=0, high=1, plausible=(0, 1), source="Bayes' rule; size assumed",
        acts=({"ratification.second_vote": (True,), "notices": MORE},))
    notices: Whole = parameter("rounds of layoff notices between the ballots", "rounds", default=0,
        symbol="n_notices", low=0, high=1000, plausible=(0, 8),
        source="CT News Junkie, 13 July to 3 August 2011: three waves of notices",
        acts=({"ratification.second_vote": (True,)},))
    # fmt: on
