"""What a policy says of emergency access to a site: whether, for how long, and for whom."""

from dataclasses import dataclass

from triagewire.policy.roster import Role
from triagewire.sane import require

MOST_MINUTES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyAccess:
    """Whether members of the group may open a site that is not theirs, for how many minutes at
    most, and who of them: those who have one of `roles` at any site.
    """

    enabled: bool = False
    minutes: int = MOST_MINUTES
    roles: tuple[Role, ...] = (Role.LEAD, Role.ADMINISTRATOR)

    def __post_init__(self) -> None:
        require(self.minutes >= 1, "minutes", "must be at least 1")
        require(self.minutes <= MOST_MINUTES, "minutes", f"must be at most {MOST_MINUTES}")
        named = bool(self.roles) or not self.enabled
        require(named, "roles", "needs at least one role, or nobody ever gets in")
        looks = Role.AUDITOR in self.roles
        require(not looks, "roles", "must not name auditor: it also works, and an auditor looks")
