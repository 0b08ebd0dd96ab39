"""The members: what a package is worth to them, and how unions differ."""

from typing import Annotated, Any

from pydantic import Field, StrictStr, create_model
from pydantic.fields import FieldInfo

from sim.inputs.parameter import SHARE, Number, Section, Whole, parameter


class Tastes(Section):
    """What a package is worth to a member; a union may override any of these."""

    wage_pain: Annotated[
        Number,
        parameter(
            text="loss to a member from the full wage ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pw",
            low=0,
            high=10,
            plausible=(0.01, 0.12),
        ),
    ]
    health_pain: Annotated[
        Number,
        parameter(
            text="loss to a member from the full ask on health and operations",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="ph",
            low=0,
            high=10,
            plausible=(0.01, 0.12),
        ),
    ]
    pension_pain: Annotated[
        Number,
        parameter(
            text="loss to the most junior member from the full pension ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pp0",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    pension_pain_by_seniority: Annotated[
        Number,
        parameter(
            text="how much more the most senior member loses from the full pension ask",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="pp1",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    convexity: Annotated[
        Number,
        parameter(
            text="0: pain is linear in the ask; 1: quadratic, the easy dollars come first",
            unit=SHARE,
            source="assumption",
            symbol="eta",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ]
    layoff_loss: Annotated[
        Number,
        parameter(
            text="loss to a member who is laid off",
            unit="share of annual pay over the biennium",
            source="Oswald 1993; size assumed",
            symbol="Lam",
            low=0,
            high=10,
            plausible=(0.3, 1.5),
        ),
    ]
    job_security_value: Annotated[
        Number,
        parameter(
            text="worth of four years of job security to the most junior member",
            unit="share of annual pay over the biennium",
            source="Cappelli and Sterling 1988; size assumed",
            symbol="vj0",
            low=0,
            high=10,
            plausible=(0, 0.2),
        ),
    ]
    job_security_by_seniority: Annotated[
        Number,
        parameter(
            text="how much less job security is worth to the most senior member",
            unit="share of annual pay over the biennium",
            source="Cappelli and Sterling 1988; size assumed",
            symbol="vj1",
            low=0,
            high=10,
            plausible=(0, 0.2),
        ),
    ]
    cost_of_rejection: Annotated[
        Number,
        parameter(
            text="what a No costs a member besides layoffs: politics, arbitration, services",
            unit="share of annual pay over the biennium",
            source="assumption, chosen on the 2011 record",
            symbol="c_rej",
            low=0,
            high=10,
            plausible=(0, 0.12),
        ),
    ]
    fairness: Annotated[
        Number,
        parameter(
            text="weight on sacrifice beyond what is tolerated",
            unit="none",
            source="Fehr and Schmidt 1999, in the form of the unions' complaint of March 2011",
            symbol="phi",
            low=0,
            high=100,
            plausible=(0, 1),
            start_here=True,
        ),
    ]
    tolerated_sacrifice: Annotated[
        Number,
        parameter(
            text="sacrifice that is not felt as unfair",
            unit="share of annual pay",
            source="assumption",
            symbol="c_ref",
            low=0,
            high=10,
            plausible=(0, 0.1),
        ),
    ]
    shared_tax_excuse: Annotated[
        Number,
        parameter(
            text="how much sacrifice a tax on the wealthy excuses",
            unit="share of annual pay per share of the gap",
            source="assumption",
            symbol="psi",
            low=0,
            high=100,
            plausible=(0, 1),
        ),
    ]
    noise: Annotated[
        Number,
        parameter(
            text="spread of members' reasons that the model does not see (logit scale)",
            unit="share of annual pay",
            source="McKelvey and Palfrey 1995; size chosen on the 2011 record",
            symbol="s_eps",
            above=0,
            high=10,
            plausible=(0.02, 0.2),
        ),
    ]
    ideas_pain: Annotated[
        Number,
        parameter(
            text="loss to a member from all of the savings that the unions propose themselves",
            unit="share of annual pay over the biennium",
            source="assumption: little, since they are the unions' own ideas",
            low=0,
            high=10,
            plausible=(0, 0.02),
        ),
    ] = 0.0


class Members(Tastes):
    """The membership: how finely seniority is cut, and what members feel."""

    strata: Annotated[
        Whole,
        parameter(
            text="equal slices of seniority in which members are counted",
            unit="slices",
            source="numerical resolution",
            symbol="M",
            low=1,
            high=10_001,
        ),
    ]
    workforce: Annotated[
        Whole,
        parameter(
            text="state employees from whom layoffs are taken: the base of every layoff share",
            unit="persons",
            source="CT News Junkie, 3 March 2011: 45,000 unionized state workers",
            symbol="N",
            low=1,
        ),
    ]


class Unions(Section):
    """How unions differ from each other, and what moves them together."""

    militancy_sd: Annotated[
        Number,
        parameter(
            text="spread of militancy between unions",
            unit="share of annual pay",
            source="assumption, chosen on the spread of the June 2011 votes",
            symbol="sig_u",
            low=0,
            high=10,
            plausible=(0, 0.15),
        ),
    ]
    common_shock_sd: Annotated[
        Number,
        parameter(
            text="spread of the mood shared by all unions",
            unit="share of annual pay",
            source="assumption",
            symbol="sig_c",
            low=0,
            high=10,
            plausible=(0, 0.03),
        ),
    ]
    exposure_weight: Annotated[
        Number,
        parameter(
            text="how much of the unions' own layoff exposure counts: 0 all run the same risk",
            unit=SHARE,
            source="assumption",
            low=0,
            high=1,
            plausible=(0, 1),
        ),
    ] = 1.0


class _UnionOfItsOwn(Section):
    """One union of the coalition."""

    name: Annotated[StrictStr, Field(min_length=1)]
    members: Annotated[Whole, Field(ge=1, description="members of this union (persons)")]
    source: Annotated[StrictStr, Field(min_length=1, description="where the size comes from")]
    offset: Annotated[
        Number,
        Field(ge=-10, le=10, description="how much milder than the average union (share of pay)"),
    ] = 0.0
    layoff_exposure: Annotated[
        Number, Field(ge=0, le=100, description="layoff risk relative to the average union")
    ] = 1.0


def _override(field: FieldInfo) -> tuple[Any, FieldInfo]:
    """Make a member parameter one that a union may state for itself, within the same bounds."""
    bounded = Annotated[field.annotation, *field.metadata]
    return bounded | None, Field(default=None, description=field.description)


Union = create_model(
    "Union",
    __base__=_UnionOfItsOwn,
    __doc__="One union of the coalition, with any member parameter overridden.",
    **{name: _override(field) for name, field in Tastes.model_fields.items()},
)
