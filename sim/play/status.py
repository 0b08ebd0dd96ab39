"""How a world ended."""

from enum import StrEnum


class Status(StrEnum):
    """How a world ended; `sentence` says it in full."""

    RATIFIED_FIRST = "ratified_first"
    RATIFIED_SECOND = "ratified_second"
    AGREED = "agreed"
    REJECTED = "rejected"
    IMPASSE = "impasse"
    AWARDED = "awarded"

    @property
    def sentence(self) -> str:
        """The status as a sentence."""
        return {
            Status.RATIFIED_FIRST: "The members ratified the agreement on the first ballot.",
            Status.RATIFIED_SECOND: (
                "The members rejected the agreement on the first ballot and ratified it on the second."
            ),
            Status.AGREED: "The parties agreed; this scenario has no ballot.",
            Status.REJECTED: "The members rejected the agreement, and Plan B was carried out.",
            Status.IMPASSE: "The talks ended without an agreement.",
            Status.AWARDED: "An arbitrator decided, where no agreement had been reached and ratified.",
        }[self]
