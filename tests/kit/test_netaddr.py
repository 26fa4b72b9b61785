import pytest

from broadsheet.kit.netaddr import client_address, network_prefix, parse_networks

PROXIES = parse_networks(["10.0.0.0/8", "127.0.0.1/32", "fd00::/8"])


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9:5000", "", "203.0.113.9"),
        # A stranger's word about itself.
        ("203.0.113.9:5000", "198.51.100.1", "203.0.113.9"),
        ("127.0.0.1:5000", "", "127.0.0.1"),
        ("127.0.0.1:5000", "198.51.100.1", "198.51.100.1"),
        # What stands before the address that our proxy appended was sent by the client.
        ("127.0.0.1:5000", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1:5000", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1:5000", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
        ("127.0.0.1:5000", "198.51.100.1, nonsense", "127.0.0.1"),
        ("127.0.0.1:5000", "198.51.100.1, nonsense, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1:5000", ", ,", "127.0.0.1"),
        ("127.0.0.1:5000", "198.51.100.1:4711", "198.51.100.1"),
        ("127.0.0.1:5000", '"[2001:db8::7]:4711"', "2001:db8::7"),
        ("[::ffff:127.0.0.1]:5000", "::ffff:198.51.100.1", "198.51.100.1"),
        ("[fd00::1]:5000", "2001:db8::7", "2001:db8::7"),
        ("[2001:db8::1%eth0]:5000", "", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_only_our_own_proxies_say_who_the_client_is(peer: str, forwarded: str, client: str) -> None:
    assert client_address(peer, forwarded, PROXIES) == client


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("", ""),
        ("not an address", ""),
    ],
)
def test_limits_are_counted_by_network(address: str, network: str) -> None:
    assert network_prefix(address) == network


def test_a_network_must_be_one() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        parse_networks(["everybody"])
