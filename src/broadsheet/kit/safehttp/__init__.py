"""The one way out: fetching what an address names that somebody else wrote.

An address in an import, a feed or a form may point at this machine, its neighbours, or the cloud's
metadata service. So the name is resolved here, every address it has must be public, the connection
goes to the address that was checked (a second answer of the name server changes nothing), and each
redirect begins anew. Proxies named in the environment are not used: they would resolve again.
"""

from broadsheet.kit.safehttp.deadlines import FetchError
from broadsheet.kit.safehttp.fetching import MAX_REDIRECTS, Fetched, fetch
from broadsheet.kit.safehttp.targets import INTERNET, Address, Network, is_public

__all__ = [
    "INTERNET",
    "MAX_REDIRECTS",
    "Address",
    "FetchError",
    "Fetched",
    "Network",
    "fetch",
    "is_public",
]
