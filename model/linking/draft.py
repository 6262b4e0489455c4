"""An event under construction: a trigger and the mentions that fill its roles so far."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from warwire.model.linking.layout import Mention
from warwire.model.linking.voice import Voice


@dataclass(slots=True)
class Draft:
    """Roles are filled by the rules in turn; a filler is entered once."""

    trigger: Mention
    voice: Voice
    roles: dict[str, list[Mention]] = field(default_factory=dict)
    status: str = "asserted"
    part_of: "Draft | None" = None

    @property
    def type(self) -> str:
        """The event type."""
        return self.trigger.label

    def fill(self, role: str, mentions: Sequence[Mention]) -> None:
        """Add fillers to a role, each once."""
        if not mentions:
            return
        fillers = self.roles.get(role)
        if fillers is None:
            self.roles[role] = list(mentions) if len(mentions) == 1 else list(dict.fromkeys(mentions))
        else:
            fillers += [m for m in dict.fromkeys(mentions) if m not in fillers]

    def has(self, role: str) -> bool:
        """Whether the role is filled."""
        return role in self.roles

    def of(self, role: str) -> list[Mention]:
        """The fillers of a role, empty where there is none."""
        return self.roles.get(role, [])

    def mentions(self) -> set[Mention]:
        """All fillers of all roles."""
        return {m for fillers in self.roles.values() for m in fillers}

    def twin(self) -> "Draft":
        """A second event of the same trigger with the same participants, to be given its own count and target."""
        copied = {role: list(fillers) for role, fillers in self.roles.items() if role not in {"target", "count"}}
        return Draft(self.trigger, self.voice, copied, self.status)
