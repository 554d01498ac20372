"""Who may pass the gateway without a Cognito token, and that nothing else does."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.authorize import handler
from tests.builders import MONDAY_MORNING, minutes
from tests.template import resources
from triagewire.authorizing import NOWHERE, Gate, answer_to, networks_of
from triagewire.escalation.feed_tokens import MOST_FEEDS, feed_token
from triagewire.escalation.links import acknowledge_token
from triagewire.ids import ticket_id
from triagewire.replies.automation import CallbackLink, callback_token
from triagewire.replies.feedback_tokens import Asks, FeedbackLink, feedback_token

KEY = b"k" * 64
TICKET = ticket_id("north", "portal", "evt-1")
AT = MONDAY_MORNING
STAGE = "arn:aws:execute-api:us-east-1:000000000000:a1b2c3/prod"


def tokens(key: bytes = KEY) -> dict[str, str]:
    """One genuine token of each purpose."""
    callback = CallbackLink(ticket_id=TICKET, requested_at=AT, type="password_reset")
    asked = FeedbackLink(asks=Asks.SURVEY, ticket_id=TICKET, asked_at=AT)
    return {
        "acknowledge": acknowledge_token(key, TICKET, "dr-okafor", AT + minutes(60)),
        "feedback": feedback_token(key, asked),
        "automation": callback_token(key, callback),
        "on-call": feed_token(key, "north", 1),
    }


PATHS = {
    "acknowledge": "/acknowledge/{token}",
    "feedback": "/feedback/{token}",
    "automation": "/automation/{token}",
    "on-call": "/on-call/{site}/{token}",
}
PAIRS = [(purpose, route) for purpose in PATHS for route in PATHS]


def a_gate(*networks: str) -> Gate:
    """A deployment whose console opens from these networks, or from everywhere."""
    return Gate(key=lambda: KEY, networks=lambda: networks_of(" ".join(networks)))


def a_request(resource: str, method: str = "GET", /, **changes: object) -> dict[str, Any]:
    """A request as API Gateway shows it to an authorizer."""
    parts, path = changes.get("pathParameters"), resource
    for name, value in parts.items() if isinstance(parts, dict) else ():
        path = path.replace(f"{{{name}}}", value)
    return {
        "type": "REQUEST",
        "methodArn": f"{STAGE}/{method}{path}",
        "resource": resource,
        "path": path,
        "httpMethod": method,
        "headers": {"Host": "desk.clinic.example"},
        "queryStringParameters": None,
        "pathParameters": None,
        "requestContext": {"identity": {"sourceIp": "203.0.113.7"}},
        **changes,
    }


def a_link(route: str, token: str, method: str = "POST", site: str = "north") -> dict[str, Any]:
    """A request by a link."""
    parts = {"site": site, "token": token} if route == "on-call" else {"token": token}
    asked = "GET" if route == "on-call" else method
    return a_request(PATHS[route], asked, pathParameters=parts)


def effect(event: Mapping[str, Any], gate: Gate | None = None) -> str:
    """Allow or Deny."""
    answer = answer_to(event, gate or a_gate())
    (statement,) = answer["policyDocument"]["Statement"]
    return str(statement["Effect"])


@pytest.mark.parametrize(("purpose", "route"), PAIRS)
def test_a_link_opens_the_route_that_it_was_signed_for_and_no_other(
    purpose: str, route: str
) -> None:
    allowed = effect(a_link(route, tokens()[purpose]))

    assert allowed == ("Allow" if purpose == route else "Deny")


@pytest.mark.parametrize("route", PATHS)
@pytest.mark.parametrize(
    "spoilt",
    [
        lambda token: token[:-1],
        lambda token: token + "A",
        lambda token: token[1:] + token[0],
        lambda token: token.swapcase(),
        lambda token: token + "=",
        lambda token: f" {token}",
        lambda token: "",
        lambda token: "A" * 60,
        lambda token: token * 500,
    ],
)
def test_a_spoilt_link_opens_nothing(route: str, spoilt: Callable[[str], str]) -> None:
    assert effect(a_link(route, spoilt(tokens()[route]))) == "Deny"


@pytest.mark.parametrize("route", PATHS)
def test_a_link_that_another_key_signed_opens_nothing(route: str) -> None:
    assert effect(a_link(route, tokens(b"x" * 64)[route])) == "Deny"


def test_a_link_that_is_too_old_reaches_the_page_which_says_so() -> None:
    late = acknowledge_token(KEY, TICKET, "dr-okafor", AT - minutes(60 * 24 * 365))

    assert effect(a_link("acknowledge", late, "GET")) == "Allow"


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("route", ["acknowledge", "feedback"])
def test_a_link_may_be_looked_at_and_used(route: str, method: str) -> None:
    assert effect(a_link(route, tokens()[route], method)) == "Allow"


def test_a_callback_is_never_looked_at() -> None:
    assert effect(a_link("automation", tokens()["automation"], "GET")) == "Deny"


@pytest.mark.parametrize("number", [1, 2, MOST_FEEDS])
def test_a_feed_opens_by_every_number_that_a_policy_may_give(number: int) -> None:
    assert effect(a_link("on-call", feed_token(KEY, "north", number))) == "Allow"


@pytest.mark.parametrize("number", [0, -1, MOST_FEEDS + 1])
def test_a_feed_opens_by_no_number_that_no_policy_gives(number: int) -> None:
    assert effect(a_link("on-call", feed_token(KEY, "north", number))) == "Deny"


def test_the_feed_of_one_site_does_not_open_that_of_another() -> None:
    assert effect(a_link("on-call", feed_token(KEY, "north", 1), site="west")) == "Deny"


CONSOLE = ["/console", "/console/{file}"]


def opens(resource: str = "/console", gate: Gate | None = None, /, **headers: str) -> bool:
    """Whether the console opens to a browser that sends these headers."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    parts = {"file": "app.0123abcd.js"} if "{file}" in resource else None
    return effect(a_request(resource, headers=named, pathParameters=parts), gate) == "Allow"


@pytest.mark.parametrize("resource", CONSOLE)
@pytest.mark.parametrize("site", ["same-origin", "same-site", "none"])
def test_the_console_loads_itself_and_opens_from_the_address_line(resource: str, site: str) -> None:
    assert opens(resource, Sec_Fetch_Site=site, Sec_Fetch_Mode="cors", Sec_Fetch_Dest="script")


def test_who_comes_back_from_signing_in_finds_the_console_open() -> None:
    assert opens(Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="navigate", Sec_Fetch_Dest="document")


@pytest.mark.parametrize("resource", CONSOLE)
@pytest.mark.parametrize(
    ("mode", "dest"),
    [
        ("no-cors", "script"),
        ("cors", "empty"),
        ("no-cors", "image"),
        ("navigate", "iframe"),
        ("navigate", "frame"),
        ("navigate", "object"),
        ("navigate", "embed"),
        ("same-origin", "worker"),
        ("", ""),
    ],
)
def test_another_site_may_not_load_or_frame_the_console(
    resource: str, mode: str, dest: str
) -> None:
    assert not opens(
        resource, sec_fetch_site="cross-site", sec_fetch_mode=mode, sec_fetch_dest=dest
    )


def test_a_browser_that_says_nothing_of_where_it_comes_from_is_let_in() -> None:
    assert opens(**{"User-Agent": "an old browser"})


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("198.51.100.20", True),
        ("198.51.101.20", False),
        ("2001:db8:5::1", True),
        ("2001:db8:6::1", False),
        ("::ffff:198.51.100.20", True),
        ("::ffff:198.51.101.20", False),
        ("", False),
        ("clinic", False),
        ("198.51.100.20, 203.0.113.7", False),
    ],
)
@pytest.mark.parametrize("resource", CONSOLE)
def test_where_networks_are_named_the_console_opens_from_them_alone(
    resource: str, address: str, allowed: bool
) -> None:
    gate = a_gate("198.51.100.0/24", "2001:db8:5::/48")
    context = {"identity": {"sourceIp": address}}
    request = a_request(resource, requestContext=context, pathParameters={"file": "app.js"})

    found = effect(request, gate)

    assert found == ("Allow" if allowed else "Deny")


def test_a_page_of_the_night_opens_from_everywhere() -> None:
    gate = a_gate("198.51.100.0/24")

    assert effect(a_link("acknowledge", tokens()["acknowledge"]), gate) == "Allow"


@pytest.mark.parametrize("listed", ["10.0.0.0/8, 192.0.2.0/24", "10.0.0.0/8 192.0.2.0/24", ""])
def test_networks_are_parted_by_commas_or_spaces(listed: str) -> None:
    assert len(networks_of(listed)) == (2 if listed else 0)


def test_a_network_that_is_none_does_not_leave_the_console_open() -> None:
    with pytest.raises(ValueError, match="everywhere"):
        effect(a_request("/console"), a_gate("everywhere"))


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ({"site": "riverside", "q": "what are your hours?"}, "Allow"),
        ({"site": "riverside", "source": "web-form"}, "Allow"),
        ({"q": "what are your hours?"}, "Deny"),
        ({"site": ""}, "Deny"),
        ({"site": "../north"}, "Deny"),
        ({"site": "North"}, "Deny"),
        ({"site": "n" * 65}, "Deny"),
        ({"site": "north", "source": "*"}, "Deny"),
        ({"site": "north", "source": ""}, "Deny"),
        (None, "Deny"),
    ],
)
def test_articles_are_for_everybody_who_names_a_site(query: object, allowed: str) -> None:
    assert effect(a_request("/kb/suggest", queryStringParameters=query)) == allowed


@pytest.mark.parametrize(
    "resource",
    ["/desk/{proxy+}", "/webhook/{site}/{source}", "/console/", "/CONSOLE", "/{proxy+}", "", "/"],
)
def test_no_route_but_the_public_ones_is_ever_opened(resource: str) -> None:
    answer = answer_to(a_request(resource), a_gate())

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Deny"
    assert answer["principalId"] == "nobody"


def test_every_public_route_of_the_template_has_its_rule() -> None:
    functions = resources("AWS::Serverless::Function").values()
    events = [each["Properties"].get("Events", {}).values() for each in functions]
    given = [event["Properties"] for group in events for event in group if event["Type"] == "Api"]
    ours = {"acknowledge", "feedback", "automation", "on-call", "console", "kb"}
    public = [each for each in given if each["Path"].split("/")[1] in ours]

    assert len(public) == 11
    for each in public:
        name = answer_to(a_request(each["Path"], each["Method"]), a_gate())["principalId"]
        assert name != "nobody"


@pytest.mark.parametrize("route", PATHS)
@pytest.mark.parametrize("key", [KEY, b"x" * 64])
def test_an_answer_names_its_one_method_and_tells_nothing_of_the_token(
    route: str, key: bytes
) -> None:
    event = a_link(route, tokens(key)[route])

    answer = answer_to(event, a_gate())

    (statement,) = answer["policyDocument"]["Statement"]
    assert statement["Resource"] == event["methodArn"]
    assert statement["Action"] == "execute-api:Invoke"
    assert (answer["principalId"], answer["context"]) == (route, {"route": route})


@pytest.mark.parametrize(
    "path",
    ["/GET/console/*", "/GET/console/app?js", "/*/console", "/GET/${aws:x}", "/GET/a b", "*"],
)
def test_a_path_that_would_name_several_methods_opens_none(path: str) -> None:
    event = a_request("/console/{file}", methodArn=f"{STAGE}{path}")

    (statement,) = answer_to(event, a_gate())["policyDocument"]["Statement"]

    assert (statement["Effect"], statement["Resource"]) == ("Deny", NOWHERE)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = [
    "methodArn",
    "resource",
    "path",
    "httpMethod",
    "headers",
    "queryStringParameters",
    "pathParameters",
    "requestContext",
]
STARTS = [
    *(a_link(route, token) for route, token in tokens().items()),
    a_request("/console", headers={"sec-fetch-site": "same-origin"}),
    a_request("/kb/suggest", queryStringParameters={"site": "north"}),
]


@given(st.sampled_from(STARTS), st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3))
def test_whatever_a_request_looks_like_the_answer_is_allow_or_deny(
    start: Mapping[str, Any], changes: Mapping[str, Any]
) -> None:
    assert effect({**start, **changes}, a_gate("198.51.100.0/24")) in {"Allow", "Deny"}


@given(st.sampled_from(sorted(PATHS)), st.text(max_size=500))
def test_no_invented_token_opens_anything(route: str, token: str) -> None:
    assert effect(a_link(route, token)) == "Deny"


@given(st.sampled_from(sorted(PATHS)), st.data())
def test_no_altered_token_opens_anything(route: str, data: st.DataObject) -> None:
    token = tokens()[route]
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters(codec="ascii", exclude_characters=token[place]))

    assert effect(a_link(route, token[:place] + letter + token[place + 1 :])) == "Deny"


def test_a_fault_of_the_secrets_is_an_error_and_opens_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails() -> object:
        raise ConnectionError("no secrets")

    monkeypatch.setattr("triagewire.secrets.link_key", lambda: SimpleNamespace(get=fails))
    with pytest.raises(ConnectionError):
        handler.lambda_handler(a_link("acknowledge", tokens()["acknowledge"]), None)


def test_the_function_itself_lets_a_genuine_link_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("triagewire.secrets.link_key", lambda: SimpleNamespace(get=lambda: KEY))

    answer = handler.lambda_handler(a_link("acknowledge", tokens()["acknowledge"]), None)

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"


def test_the_console_opens_without_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    handler._networks.cache_clear()
    monkeypatch.setattr(handler, "settings", lambda: SimpleNamespace(console_networks=""))
    monkeypatch.setattr("triagewire.secrets.link_key", None)

    answer = handler.lambda_handler(a_request("/console"), None)

    assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    handler._networks.cache_clear()
