"""No text that somebody types leads the client's secret to another host."""

import pytest

from journeys.tenant import BadAddress, Client, Credentials, check_practice_url, check_subdomain
from journeys.tenant.address import Addresses, addresses, check_domain, follow

REAL = Addresses(
    "https://mc1.auth.marketingcloudapis.com",
    "https://mc1.rest.marketingcloudapis.com",
    "marketingcloudapis.com",
)

HOSTILE = """evil.example/ evil.example# evil.example? a@b a@evil.example/
127.0.0.1:6379 127.0.0.1:6379/ mc\\@evil.com
evil.com:443\\ x.y
xn--a XN--a mc. .mc -mc mc- mc/ mc%2f mc_1 mс1 ｍｃ １ mc&#47; [::1] ab--c mc:80""".split()


@pytest.mark.parametrize(
    "text", [*HOSTILE, "", " mc1", "mc1 ", "mc1\n", "\nmc1", "mc\r\nx", "m c", "mc\0", "a" * 64]
)
def test_it_refuses_a_subdomain_that_is_more_than_one(text):
    with pytest.raises(BadAddress) as caught:
        check_subdomain(text)
    assert caught.value.flaw.startswith("subdomain-")


@pytest.mark.parametrize("text", ["mc1", "MC1", "a", "a-b", "mc" + "x" * 26, "a" * 63])
def test_it_takes_a_plain_subdomain_in_lower_case(text):
    assert check_subdomain(text) == text.lower()


def test_it_builds_both_addresses():
    assert addresses("MC1") == REAL


def test_a_client_refuses_a_hostile_subdomain_before_anything_is_tried():
    with pytest.raises(BadAddress):
        Client(Credentials("evil.example/", "package", "s3cret-value"))


@pytest.mark.parametrize(
    "text",
    ["localhost", "evil.example/", "1.2.3.4", "xn--a.com", "a..b", "", "a.b:80", "a@b.c", "a.b\n"],
)
def test_it_refuses_an_allowed_domain_that_is_not_a_plain_name(text):
    with pytest.raises(BadAddress):
        check_domain(text)


@pytest.mark.parametrize(
    "text",
    ["http://127.0.0.1:8025", "http://localhost:8025", "http://[::1]:8025", "http://127.9.9.9"],
)
def test_it_takes_a_practice_url_on_this_machine(text):
    assert check_practice_url(text + "/") == text


@pytest.mark.parametrize(
    "text",
    "https://127.0.0.1:1 http://10.0.0.1:1 http://127.0.0.1.evil.example http://evil.example"
    " http://a@127.0.0.1:1 http://127.0.0.1:1@evil.example http://127.0.0.1:0"
    " http://127.0.0.1:70000 http://127.0.0.1:1/x http://127.0.0.1:1?x"
    " http://localhost.evil.example http://127.0.0.999:1 ftp://127.0.0.1 http://127.0.0.1:1\\@e.x".split()
    + ["", "http://127.0.0.1:1\n"],
)
def test_it_refuses_a_practice_url_elsewhere(text):
    with pytest.raises(BadAddress):
        check_practice_url(text)


@pytest.mark.parametrize(
    ("named", "followed"),
    [
        ("https://mc1.rest.marketingcloudapis.com/", "https://mc1.rest.marketingcloudapis.com"),
        ("https://OTHER.rest.marketingcloudapis.com", "https://other.rest.marketingcloudapis.com"),
        ("http://mc1.rest.marketingcloudapis.com/", None),
        ("https://marketingcloudapis.com/", None),
        ("https://evilmarketingcloudapis.com/", None),
        ("https://mc1.rest.marketingcloudapis.com.evil.example/", None),
        ("https://evil.example/.marketingcloudapis.com", None),
        ("https://evil.example#.marketingcloudapis.com", None),
        ("https://a@mc1.rest.marketingcloudapis.com/", None),
        ("https://evil.example\\.marketingcloudapis.com", None),
        ("https://mc1.rest.marketingcloudapis.com:8443/", None),
        ("https://mc1.rest.marketingcloudapis.com/path/", None),
        ("https://mc1.rest.marketingcloudapis.com//", None),
        ("https://xn--a.marketingcloudapis.com/", None),
        ("", None),
        (None, None),
        (17, None),
        ("https://" + "a" * 400 + ".marketingcloudapis.com", None),
    ],
)
def test_it_follows_the_address_of_a_token_only_under_the_allowed_domain(named, followed):
    assert follow(named, REAL) == followed


@pytest.mark.parametrize(
    ("named", "is_followed"), [("http://127.0.0.1:1/", True), ("http://127.0.0.1:2/", False)]
)
def test_a_practice_token_leads_to_the_very_same_origin_or_nowhere(named, is_followed):
    known = addresses("", practice_url="http://127.0.0.1:1")
    assert follow(named, known) == ("http://127.0.0.1:1" if is_followed else None)
