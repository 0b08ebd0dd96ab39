"""Who must say yes to an agreement besides the members of unions: voters, parliaments, boards."""

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictStr

from sim.inputs.parameter import Levels, Number, Section, Whole

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


class RatifierSettings(Section):
    """Somebody who must say yes to an agreement before it holds (Putnam 1988).

    A `referendum` is decided by voters whose tastes are spread; a `legislature` by seats, in one chamber or
    more, all of which must agree; a `board` by a few people, whose tastes are drawn in each world.
    """

    name: Name
    title: StrictStr
    source: Annotated[StrictStr, Field(min_length=1, description="where its rule comes from")]
    side: Annotated[
        Literal["governor", "coalition"],
        Field(description="which side of the table has to win its consent"),
    ]
    kind: Literal["referendum", "legislature", "board"]
    order: Annotated[
        Whole,
        Field(
            ge=1,
            le=100,
            description="when it votes: those of one number at the same time, later ones only on what "
            "passed before",
        ),
    ] = 1
    worth: Annotated[
        Literal["governor", "coalition", "own", "position"],
        Field(
            description="what a package is worth to it: what it is to a side (0 no agreement, 1 the best), "
            "its own `points`, or how near its `position` is to each member's ideal point"
        ),
    ]
    points: Annotated[
        dict[StrictStr, Levels],
        Field(
            description="its own points of each level, by issue; issues left out are nothing to it"
        ),
    ] = {}
    otherwise: Annotated[
        Number, Field(description="what it takes to happen otherwise to be worth, in the same unit")
    ] = 0.0
    required: Required = 0.5
    offset: Annotated[
        Number, Field(description="how much milder it is than that worth says (same unit)")
    ] = 0.0
    spread: Annotated[
        Number,
        Field(
            ge=0,
            description="spread of tastes (same unit): logistic among voters, normal among members of a "
            "legislature or board",
        ),
    ] = 0.0
    mood_sd: Annotated[
        Number,
        Field(ge=0, description="spread of a mood that moves all of them alike (same unit)"),
    ] = 0.0
    seats: Annotated[
        Whole | None,
        Field(
            ge=1, le=10_000, description="members of a board, or of a legislature of one chamber"
        ),
    ] = None
    ideal_points: Annotated[
        Levels | None,
        Field(description="where each member of its only chamber would like the outcome to stand"),
    ] = None
    casting_vote: Annotated[
        StrictBool,
        Field(description="whether a chair of average taste decides where votes are equal"),
    ] = False
    chamber: Annotated[
        list[ChamberSettings],
        Field(description="chambers of a legislature, all of which must agree"),
    ] = []
    position: Annotated[
        dict[StrictStr, Number],
        Field(
            description="where a package stands on a line: how far a unit of each issue moves it"
        ),
    ] = {}
    status_quo: Annotated[Number, Field(description="where no agreement stands on that line")] = 0.0
    misperceived: Annotated[
        Number,
        Field(
            ge=0,
            description="how much worse it takes a package to be after talks behind closed doors (same unit)",
        ),
    ] = 0.0
    told_by: Annotated[
        Literal["nobody", "governor", "coalition"],
        Field(description="whose advice it hears; a side advises Yes where it gains"),
    ] = "nobody"
    advice: Annotated[
        Number, Field(ge=0, description="how much that advice moves it (same unit)")
    ] = 0.0

    @property
    def bodies(self) -> list[str]:
        """Who votes in it: its chambers, or itself."""
        return [chamber.name for chamber in self.chamber] or [self.name]

    def column_of(self, body: str) -> str:
        """The column of the outcome that holds the share of Yes in one of its bodies."""
        return f"yes_share_{self.name}" if body == self.name else f"yes_share_{self.name}_{body}"

    @property
    def columns(self) -> list[str]:
        """The columns that tell of its vote: the share of Yes in each body, and whether all of it passed."""
        return [*map(self.column_of, self.bodies), f"passed_{self.name}"]
