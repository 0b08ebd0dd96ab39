"""What a package is worth to a member of a union, by seniority."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float, Int

from sim.arrays.axes import Array, beside_packages, read_only, stretch, take, wide
from sim.arrays.logit import Expansion, logistic
from sim.preferences.agenda import Agenda

SACRIFICES = ("wages", "health", "pensions", "ideas")
NO_PAIN, AVERAGE = read_only(np.zeros(1)), read_only(np.ones((1, 1)))
ByWorld = Float[Array, "*#unions #worlds"]
Parts = tuple[tuple[int, Float[Array, "#worlds _ members"], Int[Array, " packages"]], ...]
STRICT_SENIORITY = 1e-6  # below this much bumping, layoffs follow seniority strictly


def pain(ask: Array, convexity: Array) -> Array:
    """Pain of a share of the full ask: linear at convexity 0, quadratic at 1 (easy dollars first)."""
    return (1 - convexity) * ask + convexity * ask * ask


def layoff_risk(seniority: Array, share: Array, bumping: Array) -> Array:
    """Probability of being laid off at a seniority (0 junior, 1 senior) when a share of the workforce is.

    A logistic in seniority whose mean over [0, 1] is exactly the share; `bumping` is its width, and
    0 is strict inverse seniority (Grossman 1983; Oswald 1993). Arguments broadcast.
    """
    share = np.clip(share, 0, 1)
    width = np.maximum(bumping, STRICT_SENIORITY)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        middle = share + width * (
            np.log(-np.expm1(-share / width)) - np.log(-np.expm1(-(1 - share) / width))
        )
        spread = logistic((middle - seniority) / width)
    strict = (seniority < share).astype(float)
    risk = np.where(bumping < STRICT_SENIORITY, strict, spread)
    return np.where(share <= 0, 0.0, np.where(share >= 1, 1.0, risk))


@dataclass(frozen=True, eq=False)
class Gain:
    """What every package gains the members of a union, as a sum of parts.

    A part depends on some issues only: it has a sign, a value for each kind of package that these
    tell apart (#worlds, kinds, members), and the kind of each package. What is linear in members (a mean, one
    member) is taken of the parts, which are far fewer than the packages.
    """

    parts: Parts

    def mean_member(self) -> Float[Array, "#worlds packages"]:
        """What members gain on average."""
        return self._of_parts(lambda part: part.mean(-1))

    def middle_member(self) -> Float[Array, "#worlds packages"]:
        """What the member of median seniority gains."""
        return self._of_parts(lambda part: part[..., part.shape[-1] // 2])

    def worst_member(self) -> Float[Array, "#worlds packages"]:
        """What the member gains who gains least."""
        return self._of_parts(lambda part: part).min(-1)

    def median_member(self) -> Float[Array, "#worlds packages"]:
        """The median of what members gain."""
        return np.median(self._of_parts(lambda part: part), axis=-1)

    def _of_parts(self, linear: Callable[[Array], Array]) -> Array:
        parts = (sign * linear(part)[:, kind] for sign, part, kind in self.parts)
        return sum(parts, start=np.zeros((1, 1)))


@dataclass(frozen=True, eq=False)
class MemberUtility:
    """What a member gains from a Yes, by seniority, in shares of annual pay.

    `seniority` (members) runs from 0 junior to 1 senior; `workforce` is the base of layoff shares;
    `layoff_exposure` scales the risk for one union (1 = average); `relative_pay` (1 = average) makes
    what costs everybody the same dollars weigh more on the lower paid; `pension_stake` is how much of
    the pension pain falls on whom. All other fields are the parameters of the same name. An axis of unions
    comes first where several unions are asked together (`of_unions`). `row` is which entry of these fields a
    world has, where worlds of one scenario share theirs.
    """

    seniority: Float[Array, " members"]
    workforce: ByWorld
    wage_pain: ByWorld
    health_pain: ByWorld
    pension_pain: ByWorld
    pension_pain_by_seniority: ByWorld
    convexity: ByWorld
    layoff_loss: ByWorld
    job_security_value: ByWorld
    job_security_by_seniority: ByWorld
    cost_of_rejection: ByWorld
    fairness: ByWorld
    tolerated_sacrifice: ByWorld
    shared_tax_excuse: ByWorld
    noise: ByWorld
    bumping: ByWorld
    layoff_exposure: ByWorld
    ideas_pain: ByWorld = field(default_factory=lambda: NO_PAIN)
    relative_pay: Float[Array, "*#unions #worlds #members"] = field(default_factory=lambda: AVERAGE)
    pension_stake: Float[Array, "*#unions #worlds #members"] = field(
        default_factory=lambda: AVERAGE
    )
    row: Int[Array, " of_all"] | None = None

    @classmethod
    def of_unions(cls, members: Sequence["MemberUtility"]) -> "MemberUtility":
        """The utility of the members of several unions: what they do not share has an axis of unions.

        Raises:
            ValueError: when members are told apart by seniority in one union as they are not in another.
        """
        seniority = members[0].seniority
        if not all(np.array_equal(member.seniority, seniority) for member in members[1:]):
            raise ValueError("unions that vote together must have the same slices of seniority")
        together = {}
        for name in members[0]._by_world():
            first, *others = (getattr(member, name) for member in members)
            if any(other is not first for other in others):
                first = np.stack(np.broadcast_arrays(first, *others))
            together[name] = first
        return cls(seniority, **together)

    def gain(
        self,
        agenda: Agenda,
        package: Int[Array, "#worlds packages"],
        belief: Float[Array, "#worlds"],
        threat: Float[Array, "#worlds"],
    ) -> Float[Array, "*unions worlds packages members"]:
        """Yes minus No for a member of each seniority.

        A Yes costs the sacrifice and what feels unfair about it, risks the negotiated layoffs and
        brings job security; a No risks the threatened layoffs, as far as the threat is believed,
        and other costs.
        """
        sacrifice = self._sacrifice(agenda, package)
        return (
            -sacrifice
            - self._unfairness(agenda, package, sacrifice)
            + self._jobs(agenda, package)
            + self._cost_of_a_no(belief, threat)
        )

    def gain_on_coalition_ballot(
        self,
        agenda: Agenda,
        package: Int[Array, "#worlds packages"],
        belief: Float[Array, "#worlds"],
        threat: Float[Array, "#worlds"],
    ) -> Float[Array, "*unions worlds packages members"]:
        """Yes minus No on what binds everybody, for a member of each seniority.

        He takes it that his unit will decide on its wages as he would.
        """
        accepting = self.gain(agenda, package, belief, threat)
        return np.maximum(accepting, self._gain_of_refusing(agenda, package))

    def gain_on_unit_ballot(
        self,
        agenda: Agenda,
        package: Int[Array, "#worlds packages"],
        belief: Float[Array, "#worlds"],
        threat: Float[Array, "#worlds"],
    ) -> Float[Array, "*unions worlds packages members"]:
        """Yes minus No on the wages of one's own unit, once health and pensions are settled.

        A Yes costs the raises, and brings job security where a No would risk the threatened layoffs.
        """
        accepting = self.gain(agenda, package, belief, threat)
        return accepting - self._gain_of_refusing(agenda, package)

    def _gain_of_refusing(self, agenda: Agenda, package: Array) -> Array:
        """What the coalition's Yes gains a member whose unit refuses: he keeps his raises and his risk."""
        paid = replace(self, wage_pain=np.zeros(1))
        sacrifice = paid._sacrifice(agenda, package)
        pain_and_anger = sacrifice + paid._unfairness(agenda, package, sacrifice)
        return wide(self.cost_of_rejection) - pain_and_anger

    def gain_by_kind(
        self,
        agenda: Agenda,
        belief: Float[Array, "#worlds"],
        threat: Float[Array, "#worlds"],
        borne: Parts | None = None,
    ) -> Gain:
        """The same for every package of the agenda, each part worked out once a kind of package.

        `borne` is what `borne_by_kind` gives, where it is known from a union that differs in layoff
        exposure only.
        """
        parts = self.borne_by_kind(agenda) if borne is None else borne
        packages, kind = agenda.kinds(("negotiated_layoffs", "job_security"))
        jobs = (1, self._jobs(agenda, packages[None]), kind)
        anything = np.zeros(len(agenda), dtype=np.intp)
        return Gain((*parts, jobs, (1, self._cost_of_a_no(belief, threat), anything)))

    def borne_by_kind(self, agenda: Agenda) -> Parts:
        """What a Yes takes from members, sacrifice and what is unfair about it, by kind of package."""
        sacrifices, sacrifice = agenda.kinds(SACRIFICES)
        unfair, unfairness = agenda.kinds((*SACRIFICES, "tax_share"))
        sacrificed = self._sacrifice(agenda, sacrifices[None])
        felt = self._unfairness(agenda, unfair[None], sacrificed.take(sacrifice[unfair], axis=1))
        return (-1, sacrificed, sacrifice), (-1, felt, unfairness)

    @cached_property
    def shared(self) -> bool:
        """Whether all worlds share this utility."""
        return all(len(value) == 1 for value in self._by_world().values())

    def _by_world(self) -> dict[str, Array]:
        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if f.name not in ("seniority", "row")
        }

    def of(self, worlds: Int[Array, " chosen"]) -> "MemberUtility":
        """The utility in some worlds; what all worlds share stays shared."""
        if self.shared:
            return self
        rows, by_row = self.rows(worlds), self._by_world()
        of_worlds = {name: take(value, rows) for name, value in by_row.items()}
        return replace(self, **of_worlds, row=None)

    def rows(self, worlds: Int[Array, " chosen"]) -> Int[Array, " chosen"]:
        """Numbers that worlds have in common only if they share this utility."""
        if self.shared:
            return np.zeros_like(worlds)
        return worlds if self.row is None else self.row[worlds]

    def yes_share(
        self,
        gain: Float[Array, "deals members"],
        deal: Int[Array, " voting"],
        shift: Float[Array, " voting"],
    ) -> Float[Array, " voting"]:
        """Share of members who vote Yes when a shift (share of pay) is added to what a deal gains them.

        `noise` is one for all deals, or each world has its deal and its noise. Members of one
        seniority differ by logistic noise (McKelvey and Palfrey 1995).
        """
        return self.choices(gain).at(deal, shift / self.noise)

    def choices(self, gain: Float[Array, "deals members"]) -> Expansion:
        """The choices of members whom each deal gains so much, to be asked at shocks over noise."""
        return Expansion(gain / stretch(self.noise))

    def _sacrifice(self, agenda: Agenda, package: Array) -> Array:
        wages, health, pensions = (
            stretch(pain(agenda.levels_on(issue, package), stretch(self.convexity)))
            for issue in ("wages", "health", "pensions")
        )
        by_seniority = (
            wide(self.pension_pain) + wide(self.pension_pain_by_seniority) * self.seniority
        ) * beside_packages(self.pension_stake)
        premium = wide(self.health_pain) * health / beside_packages(self.relative_pay)
        for_all = wide(self.wage_pain) * wages + premium
        if "ideas" in agenda.names:
            ideas = stretch(agenda.levels_on("ideas", package))
            for_all = for_all + wide(self.ideas_pain) * ideas
        return by_seniority * pensions + for_all

    def _unfairness(self, agenda: Agenda, package: Array, sacrifice: Array) -> Array:
        """What feels unfair: sacrifice beyond what is tolerated, or excused by taxes on the wealthy."""
        taxes = stretch(agenda.levels_on("tax_share", package))
        excused = wide(self.tolerated_sacrifice) + wide(self.shared_tax_excuse) * taxes
        beyond = sacrifice - excused
        np.maximum(beyond, 0, out=beyond)  # in place: there are no larger arrays
        return wide(self.fairness) * beyond

    def _jobs(self, agenda: Agenda, package: Array) -> Array:
        """What a Yes does to jobs: the negotiated layoffs, and job security."""
        risks = self._risk(agenda.levels_of("negotiated_layoffs")[None])
        laid_off = agenda.by_level("negotiated_layoffs", risks, package)
        secure = stretch(agenda.levels_on("job_security", package))
        security = (
            wide(self.job_security_value) - wide(self.job_security_by_seniority) * self.seniority
        )
        return secure * security - laid_off * wide(self.layoff_loss)

    def _cost_of_a_no(self, belief: Array, threat: Array) -> Array:
        """What a No costs: the threatened layoffs, as far as they are believed, and the rest."""
        threatened = self._risk(stretch(threat))
        return wide(belief) * threatened * wide(self.layoff_loss) + wide(self.cost_of_rejection)

    def _risk(self, layoffs: Array) -> Array:
        share = stretch(self.layoff_exposure) * layoffs / stretch(self.workforce)
        return layoff_risk(self.seniority, stretch(share), wide(self.bumping))
