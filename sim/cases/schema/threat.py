"""What is threatened, and who believes it."""

from typing import Annotated

from sim.inputs.parameter import Number, Section, Whole, parameter


class Threat(Section):
    """What the governor says will happen without a deal, and who believes it."""

    layoffs: Annotated[
        Number,
        parameter(
            text="layoffs announced for the case of failure",
            unit="persons",
            source="CT Mirror, 10 May 2011: 4,742 notices ordered",
            symbol="threat",
            low=0,
            plausible=(0, 20_000),
            start_here=True,
        ),
    ]
    layoffs_after_rejection: Annotated[
        Number,
        parameter(
            text="layoffs announced after members rejected an agreement; replaces the first number",
            unit="persons",
            source="Boston Globe, 29 June 2011: 6,466 with vacancies; 14 July: 6,560",
            symbol="threat2",
            low=0,
            plausible=(0, 20_000),
        ),
    ]
    bumping: Annotated[
        Number,
        parameter(
            text="how unpredictable it is who is laid off: 0 is strict inverse seniority",
            unit="width in seniority (0 to 1)",
            source="Grossman 1983; several layers of bumping reported in 2011; size assumed",
            symbol="tau_s",
            low=0,
            high=100,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    credibility_members: Annotated[
        Number,
        parameter(
            text="probability members give to the threat being carried out, behind closed doors",
            unit="probability",
            source="Schelling 1960; size assumed",
            symbol="rho0",
            low=0,
            high=1,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    credibility_leaders: Annotated[
        Number,
        parameter(
            text="probability union leaders give to it, having faced the governor",
            unit="probability",
            source="Ashenfelter and Johnson 1969; size assumed",
            symbol="rho_L",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ]
    size_doubt: Annotated[
        Number,
        parameter(
            text="how fast belief falls once the threat exceeds what Plan B would need",
            unit="per multiple of the Plan B optimum",
            source="Schelling 1960: announcements above the optimum are bluff; off by default",
            symbol="d",
            low=0,
            high=100,
            plausible=(0, 2),
        ),
    ] = 0.0
    bluff_likelihood: Annotated[
        Number,
        parameter(
            text="probability that a bluffing governor would issue a notice all the same",
            unit="probability",
            source="Bayes' rule; size assumed",
            symbol="bluff_b",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 1.0
    notices: Annotated[
        Whole,
        parameter(
            text="rounds of layoff notices between the ballots",
            unit="rounds",
            source="CT News Junkie, 13 July to 3 August 2011: three waves of notices",
            symbol="n_notices",
            low=0,
            high=1000,
            plausible=(0, 8),
        ),
    ] = 0
