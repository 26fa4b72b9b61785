"""How many may listen: in all, and of one network, so that nobody takes all places."""

from typing import Final

# A household's tabs are a handful, a school behind one address some hundreds.
PER_NETWORK: Final = 256


class Places:
    """Counts who listens. Used on the event loop alone."""

    def __init__(self, *, total: int, per_network: int = PER_NETWORK) -> None:
        self.total = total
        self.per_network = per_network
        self.taken = 0
        self._of: dict[str, int] = {}

    def take(self, network: str, *, spare: bool = False) -> bool:
        """Take a place; False where there is none, in all or for this network.

        `spare`: one that others need less, of which half is kept free.
        """
        there = self._of.get(network, 0)
        share = 2 if spare else 1
        if self.taken >= self.total // share or there >= self.per_network // share:
            return False
        self.taken += 1
        self._of[network] = there + 1
        return True

    def leave(self, network: str) -> None:
        self.taken -= 1
        left = self._of[network] - 1
        if left:
            self._of[network] = left
        else:
            del self._of[network]
