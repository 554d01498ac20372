"""What a webhook of ours may reach: the public internet by https, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triagewire.replies.reach import Receiver, is_public, receiver_of

INSIDE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",  # noqa: S104  nothing is bound to it
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.0.1",
    "192.168.255.255",
    "169.254.169.254",
    "169.254.170.2",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.1",
    "192.0.0.170",
    "192.0.2.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fc00::1",
    "fd00:ec2::254",
    "fd12:3456::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::1",
    "2002:a00:1::1",
    "100::1",
    "2001:10::1",
    "3fff::1",
    "5f00::1",
]
SPELLED = [
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "2130706433",
    "017700000001",
    "127.1",
    "127.0.1",
    "0",
    "010.0.0.1",
    "192.168.1",
    "::ffff:0x7f.1",
    "localhost",
]
"""Ways to write an address that some resolver takes for one inside."""


@pytest.mark.parametrize("address", [*INSIDE, *SPELLED, "", "8.8.8.8 ", "8.8.8.8/32"])
def test_what_is_inside_somebodys_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "93.184.215.14", "2606:4700:4700::1111", "2a00:1450:4001::1"]
)
def test_what_belongs_to_everybody_is(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", [*(each for each in INSIDE if "%" not in each), *SPELLED])
def test_no_address_of_a_policy_leads_inside(host: str) -> None:
    written = f"[{host}]" if ":" in host else host

    with pytest.raises(ValueError, match=r"public host|cannot be read"):
        receiver_of(f"https://{written}/hook")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://ehr.example.com/hook", "https"),
        ("ftp://ehr.example.com", "https"),
        ("//ehr.example.com", "https"),
        ("https://user:pass@ehr.example.com/", "user"),
        ("https://@ehr.example.com/", "user"),
        ("https://ehr.example.com@127.0.0.1/", "user"),
        ("https://ehr.example.com/#x", "#"),
        ("https://ehr.example.com:0/", "port"),
        ("https://ehr.example.com:99999/", "read"),
        ("https://ehr.example.com\\@evil.example/", "ASCII"),
        ("https://ehr.example.com/\r\nHost: evil", "ASCII"),
        ("https://ehr.example.com/a b", "ASCII"),
        ("https://ⓔhr.example.com/", "ASCII"),
        ("https://127。0。0。1/", "ASCII"),
        ("https://", "public host"),
        ("https:///hook", "public host"),
        ("https://localhost/hook", "public host"),
        ("https://intranet/hook", "public host"),
        ("https://ehr.local./hook", "public host"),
        ("https://[::1]/hook", "public host"),
        ("https://1.2.3.256/hook", "public host"),
        ("https://a..example.com/", "public host"),
        ("https://-a.example.com/", "public host"),
        ("https://ehr.example.com/" + "x" * 2_000, "ASCII"),
    ],
)
def test_an_address_of_a_policy_that_is_none(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        receiver_of(url)


def test_a_good_address_is_taken_apart() -> None:
    found = receiver_of("https://EHR.Example.com:8443/hooks/reply?tenant=7")

    assert found == Receiver("ehr.example.com", 8443, "/hooks/reply?tenant=7")
    assert receiver_of("https://ehr.example.com").path == "/"
    assert receiver_of("https://ehr.example.com").port == 443


@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="127.0.0.0/8"))
def test_no_private_address_is_public_however_it_is_wrapped(address: object) -> None:
    assert not is_public(str(address))
    assert not is_public(f"::ffff:{address}")


@given(st.text(max_size=60))
def test_whatever_is_written_is_an_address_or_refused(text: str) -> None:
    try:
        receiver_of(f"https://{text}")
    except ValueError:
        return
