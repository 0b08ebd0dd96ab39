"""What the two sides of the table are called."""

from typing import Annotated

from pydantic import Field, StrictStr

from sim.inputs.parameter import Section

Name = Annotated[StrictStr, Field(min_length=1, max_length=60)]


class SidesSettings(Section):
    """The names of the two sides, as they stand inside a sentence: "the firm", "Ruritania"."""

    governor: Name = Field(default="the governor", description="who asks for something")
    coalition: Name = Field(default="the union leaders", description="of whom it is asked")

    def name(self, side: str) -> str:
        """A side as it is called inside a sentence."""
        return self.coalition if side == "coalition" else self.governor

    def at_the_start(self, side: str) -> str:
        """A side as it is called at the start of a sentence."""
        name = self.name(side)
        return name[:1].upper() + name[1:]
