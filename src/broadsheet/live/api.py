"""Live's one door."""

from broadsheet.live.hub import Hub
from broadsheet.live.places import PER_NETWORK, Places
from broadsheet.live.topic import Listener
from broadsheet.live.wire import HEADERS, Told

__all__ = ["HEADERS", "PER_NETWORK", "Hub", "Listener", "Places", "Told"]
