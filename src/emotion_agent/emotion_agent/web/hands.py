# Copyright 2026 The emotion_agent authors
# SPDX-License-Identifier: Apache-2.0
"""What browsers hold by hand: a person whom one of them plays, the mouth and the gaze."""

from emotion_agent.panels.plane import Affect


class Hands:
    """
    Remembers which browser holds what, as all of it ends with the connection of the browser.

    Only one plays the person, until it ends it. Mouth and gaze follow the browser that moved them
    last.

    Attributes:
        person: that is played; None = nobody is.
        mouth: how far it is open, [0, 1]; None = it is left alone.
        gaze: to the right and down, [-1, 1]; None = it is left alone.
    """

    def __init__(self) -> None:
        self.person: Affect | None = None
        self.mouth: float | None = None
        self.gaze: tuple[float, float] | None = None
        self._holders: dict[str, int] = {}  # what -> number of the browser
        self._player = ''

    @property
    def is_idle(self) -> bool:
        """Whether nothing is held."""
        return not self._holders

    def play(self, number: int, who: str, person: Affect | None) -> str:
        """
        Let a browser play the person.

        Args:
            number: of the browser.
            who: the browser, in words.
            person: valence and arousal; None = it ends.

        Returns:
            Why it may not, in a line; '' = it may.
        """
        holder = self._holders.get('person', number)
        if holder != number:
            return f'{self._player} plays the person: one at a time' if person else ''
        self._hold('person', number, person is not None)
        self.person, self._player = person, who if person else ''
        return ''

    def open_mouth(self, number: int, opening: float | None) -> None:
        """Let a browser open the mouth; None = leave it alone."""
        self.mouth = opening
        self._hold('mouth', number, opening is not None)

    def look(self, number: int, gaze: tuple[float, float] | None) -> None:
        """Let a browser turn the gaze; None = leave it alone."""
        self.gaze = gaze
        self._hold('gaze', number, gaze is not None)

    def leave(self, number: int) -> None:
        """A browser is gone, and with it what it held."""
        for what, holder in list(self._holders.items()):
            if holder == number:
                del self._holders[what]
                setattr(self, what, None)

    def player_line(self, number: int) -> str:
        """Return who plays the person, as one browser is told; '' = nobody does."""
        holder = self._holders.get('person')
        if holder is None:
            return ''
        who = 'you play' if holder == number else f'{self._player} plays'
        return f'{who} the person'

    def _hold(self, what: str, number: int, is_held: bool) -> None:
        if is_held:
            self._holders[what] = number
        else:
            self._holders.pop(what, None)
