"""The members: what a package is worth to them, and how unions differ."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, StrictStr, create_model
from pydantic.fields import FieldInfo

from sim.inputs.parameter import MORE, SHARE, Number, Section, Whole, parameter


class Tastes(Section):
    """What a package is worth to a member; a union may override any of these."""

    # fmt: off
    # What an issue costs or is worth must be stated where that issue is on the agenda (`sim.cases.checks`).
    wage_pain: Number = parameter("loss to a member from the full wage ask",
        "share of annual pay over the biennium", default=0.0, symbol="pw", low=0, high=10,
        plausible=(0.01, 0.12), source="assumption, chosen on the 2011 record",
        acts=({"issue": ("wages",)},))
    health_pain: Number = parameter("loss to a member from the full ask on health and operations",
        "share of annual pay over the biennium", default=0.0, symbol="ph", low=0, high=10,
        plausible=(0.01, 0.12), source="assumption, chosen on the 2011 record",
        acts=({"issue": ("health",)},))
    pension_pain: Number = parameter("loss to the most junior member from the full pension ask",
        "share of annual pay over the biennium", default=0.0, symbol="pp0", low=0, high=10,
        plausible=(0, 0.1), source="assumption, chosen on the 2011 record",
        acts=({"issue": ("pensions",)},))
    pension_pain_by_seniority: Number = parameter(
        "how much more the most senior member loses from the full pension ask",
        "share of annual pay over the biennium", symbol="pp1", low=0, high=10, plausible=(0, 0.1),
        source="assumption, chosen on the 2011 record",
        acts=({"issue": ("pensions",)},))
    convexity: Number = parameter("0: pain is linear in the ask; 1: quadratic, the easy dollars come first",
        SHARE, symbol="eta", low=0, high=1, plausible=(0, 1), source="assumption")
    layoff_loss: Number = parameter("loss to a member who is laid off",
        "share of annual pay over the biennium", symbol="Lam", low=0, high=10, plausible=(0.3, 1.5),
        source="Oswald 1993; size assumed")
    job_security_value: Number = parameter("worth of four years of job security to the most junior member",
        "share of annual pay over the biennium", default=0.0, symbol="vj0", low=0, high=10,
        plausible=(0, 0.2),
        source="Cappelli and Sterling 1988; size assumed",
        acts=({"issue": ("job_security",)},))
    job_security_by_seniority: Number = parameter(
        "how much less job security is worth to the most senior member",
        "share of annual pay over the biennium", symbol="vj1", low=0, high=10, plausible=(0, 0.2),
        source="Cappelli and Sterling 1988; size assumed",
        acts=({"issue": ("job_security",)},))
    cost_of_rejection: Number = parameter(
        "what a rejection costs a member besides layoffs: politics, arbitration, services",
        "share of annual pay over the biennium", symbol="c_rej", low=0, high=10, plausible=(0, 0.12),
        source="assumption, chosen on the 2011 record")
    fairness: Number = parameter("weight on sacrifice beyond what is tolerated", "none", symbol="phi",
        low=0, high=100, plausible=(0, 1), start_here=True,
        source="Fehr and Schmidt 1999, in the form of the unions' complaint of March 2011")
    tolerated_sacrifice: Number = parameter("sacrifice that is not felt as unfair", "share of annual pay",
        symbol="c_ref", low=0, high=10, plausible=(0, 0.1), source="assumption",
        acts=({"fairness": MORE},))
    shared_tax_excuse: Number = parameter("how much sacrifice a tax on the wealthy excuses",
        "share of annual pay per share of the gap", symbol="psi", low=0, high=100, plausible=(0, 1),
        source="assumption",
        acts=({"fairness": MORE, "issue": ("tax_share",)},))
    noise: Number = parameter("spread of members' reasons that the model does not see (logit scale)",
        "share of annual pay", symbol="s_eps", above=0, high=10, plausible=(0.02, 0.2),
        source="McKelvey and Palfrey 1995; size chosen on the 2011 record")
    ideas_pain: Number = parameter(
        "loss to a member from all of the savings that the unions propose themselves",
        "share of annual pay over the biennium", default=0.0, low=0, high=10, plausible=(0, 0.02),
        source="assumption: little, since they are the unions' own ideas",
        acts=({"issue": ("ideas",)},))
    # fmt: on


class MembersSettings(Tastes):
    """The membership: how finely seniority is cut, and what members feel."""

    # fmt: off
    strata: Whole = parameter("equal slices of seniority in which members are counted", "slices",
        symbol="M", low=1, high=10_001, source="numerical resolution")
    workforce: Whole = parameter(
        "state employees from whom layoffs are taken: the base of every layoff share", "persons",
        symbol="N", low=1, source="CT News Junkie, 3 March 2011: 45,000 unionized state workers")
    # fmt: on


class UnionsSettings(Section):
    """How unions differ from each other, and what moves them together."""

    # fmt: off
    militancy_sd: Number = parameter("spread of militancy between unions", "share of annual pay",
        symbol="sig_u", low=0, high=10, plausible=(0, 0.15),
        source="assumption, chosen on the spread of the June 2011 votes")
    common_shock_sd: Number = parameter("spread of the mood shared by all unions", "share of annual pay",
        symbol="sig_c", low=0, high=10, plausible=(0, 0.03), source="assumption")
    exposure_weight: Number = parameter(
        "how much of the unions' own layoff exposure counts: 0 all run the same risk", SHARE, default=1.0,
        low=0, high=1, plausible=(0, 1), source="assumption")
    # fmt: on


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
    advises: Annotated[
        Literal["rule", "yes", "no", "nothing"],
        Field(
            description="how its leader tells members to vote: by the rule of [recommendation], or always so"
        ),
    ] = "rule"


def _override(field: FieldInfo) -> Any:
    """Make a member parameter one that a union may state for itself, within the same bounds."""
    bounded: Any = Annotated[(field.annotation, *field.metadata)]
    return bounded | None, Field(default=None, description=field.description)


if TYPE_CHECKING:

    class UnionSettings(_UnionOfItsOwn):
        """One union of the coalition, with any member parameter overridden."""

else:
    UnionSettings = create_model(
        "UnionSettings",
        __base__=_UnionOfItsOwn,
        __module__=__name__,
        __doc__="One union of the coalition, with any member parameter overridden.",
        **{name: _override(field) for name, field in Tastes.model_fields.items()},
    )
