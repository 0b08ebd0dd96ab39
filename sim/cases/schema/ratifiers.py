"""Who must say yes to an agreement besides the members of unions: voters, parliaments, boards."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.parameter import Levels, Number, Section, Whole, parameter

Name = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Required = Annotated[
    Number,
    Field(
        ge=0.5,
        le=1,
        description="share of the votes that must be for it; 0.5 asks for more than half",
    ),
]


class ChamberSettings(Section):
    """One chamber of a legislature: its seats, and where they stand."""

    name: Name
    seats: Annotated[Whole, Field(ge=1, le=10_000, description="members who vote")]
    required: Required = 0.5
    offset: Annotated[
        Number,
        Field(ge=-100, le=100, description="how much milder than the whole legislature (utility)"),
    ] = 0.0
    ideal_points: Annotated[
        Levels | None,
        Field(
            description="where each member would like the outcome to stand on the line of `position`"
        ),
    ] = None


_WORTH = "utility, or points where they are its own"


class RatifierSettings(Section):
    """Somebody who must say yes to an agreement before it holds (Putnam 1988).

    A `referendum` is decided by voters whose tastes are spread; a `legislature` by seats, in one chamber or
    more, all of which must agree; a `board` by a few people, whose tastes are drawn in each world.
    """

    # fmt: off
    name: Name
    title: StrictStr
    source: Annotated[StrictStr, Field(min_length=1, description="where its rule comes from")]
    side: Literal["governor", "coalition"] = parameter(
        "which side of the table has to win its consent", "none", source="Putnam 1988")
    kind: Literal["referendum", "legislature", "board"] = parameter(
        "who votes: very many voters, members of a legislature, or a few people", "none",
        source="Putnam 1988")
    order: Whole = parameter(
        "when it votes: those of one number at the same time, later ones only on what passed before", "none",
        default=1, low=1, high=100, source="assumption")
    worth: Literal["governor", "coalition", "own", "position"] = parameter(
        "what a package is worth to it: what it is to a side (0 no agreement, 1 the best), its own `points`, "
        "or how near its `position` is to each member's ideal point", "none",
        source="Putnam 1988; Black 1948")
    points: Annotated[
        dict[StrictStr, Levels],
        Field(description="its own points of each level, by issue; issues left out are nothing to it")] = {}
    otherwise: Number = parameter("what it takes to happen otherwise to be worth", _WORTH, default=0.0,
        plausible=(0, 0.5), source="Putnam 1988: the cost of no agreement")
    required: Number = parameter("votes that must be for it; 0.5 asks for more than half",
        "share of the votes", default=0.5, low=0.5, high=1, plausible=(0.5, 0.8), source="its own rule")
    offset: Number = parameter("how much milder it is than that worth says", _WORTH, default=0.0,
        plausible=(-0.2, 0.2), source="assumption")
    spread: Number = parameter(
        "spread of tastes: logistic among voters, normal among members of a legislature or board", _WORTH,
        default=0.0, low=0, plausible=(0.05, 0.5), source="McKelvey and Palfrey 1995; size assumed")
    mood_sd: Number = parameter("spread of a mood that moves all of them alike", _WORTH, default=0.0, low=0,
        plausible=(0, 0.2), source="assumption")
    seats: Annotated[
        Whole | None,
        Field(ge=1, le=10_000, description="members of a board, or of a legislature of one chamber")] = None
    ideal_points: Annotated[
        Levels | None,
        Field(description="where each member of its only chamber would like the outcome to stand")] = None
    casting_vote: StrictBool = parameter("whether a chair of average taste decides where votes are equal",
        "none", default=False, source="its own rule")
    chamber: Annotated[
        list[ChamberSettings],
        Field(description="chambers of a legislature, all of which must agree")] = []
    position: Annotated[
        dict[StrictStr, Number],
        Field(description="where a package stands on a line: how far a unit of each issue moves it")] = {}
    status_quo: Number = parameter("where no agreement stands on the line of `position`",
        "as `position` has it", default=0.0, source="Black 1948")
    misperceived: Number = parameter(
        "how much worse it takes a package to be after talks behind closed doors", _WORTH, default=0.0, low=0,
        plausible=(0, 0.2), source="assumption")
    told_by: Literal["nobody", "governor", "coalition"] = parameter(
        "whose advice it hears; a side advises Yes where it gains", "none", default="nobody",
        source="assumption")
    advice: Number = parameter("how much that advice moves it", _WORTH, default=0.0, low=0,
        plausible=(0, 0.2), source="assumption")
    # fmt: on

    @property
    def bodies(self) -> list[str]:
        """Who votes in it: its chambers, or itself."""
        return [chamber.name for chamber in self.chamber] or [self.name]

    @property
    def rules(self) -> list[tuple[str, int | None, float]]:
        """Its bodies by name ("" for itself), their seats (None: very many voters), what each requires."""
        if self.chamber:
            return [(each.name, each.seats, each.required) for each in self.chamber]
        return [("", self.seats, self.required)]

    def column_of(self, body: str) -> str:
        """The column of the outcome that holds the share of Yes in one of its bodies."""
        return f"yes_share_{self.name}" if body == self.name else f"yes_share_{self.name}_{body}"

    @property
    def columns(self) -> list[str]:
        """The columns that tell of its vote: the share of Yes in each body, and whether all of it passed."""
        return [*map(self.column_of, self.bodies), f"passed_{self.name}"]
