"""What pages of other rooms need in order to show the meter."""

from typing import Any

from broadsheet.funding import queries
from broadsheet.kit.clock import utcnow


def meter_context() -> dict[str, Any]:
    """Return `meter` for the fragments `funding/meter.html` and `funding/masthead_meter.html`.

    It is None where there is no campaign, and the fragments then draw nothing. Two queries.
    """
    return {"meter": queries.meter(now=utcnow())}
