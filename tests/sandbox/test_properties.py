"""For every entity: whatever the rules allow is taken and comes back, and one broken rule gets its fault."""

import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.serving import make_server

from tests.sandbox.conftest import Server, code_of, error_of
from tests.sandbox.documents import account_line, bill
from tests.sandbox.valid_objects import Setting, broken, creatable, valid
from webapp.sandbox import create_sandbox, entities, rules
from webapp.sandbox.server import QuietHandler

PLAIN = ("ReferenceType", "string", "boolean", "date", "decimal", "int")
# Every entity that can be created in each company; the Canadian one has no second currency.
PLACES = [
    (key, name) for key in ("us", "ca") for name in creatable() if (key, name) != ("ca", "CompanyCurrency")
]
UPDATED = [(key, name) for key, name in PLACES if "update" in entities.BY_NAME[name].operations]
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture(scope="module")
def server():
    """One server for all tests here, since none of them minds what the others make."""
    app = create_sandbox()
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Server(f"http://127.0.0.1:{server.port}", app)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["sandbox"].store.close()


@pytest.fixture(scope="module")
def us(server):
    company = server.company("us")
    # So large a bill that many payments leave something open.
    owed = company.made("bill", bill(account_line(5000)))["Id"]
    return company, Setting({"Vendor": "31", "Employee": "51", "CustomerType": "1"}, owed, "NON")


@pytest.fixture(scope="module")
def ca(server):
    """The Canadian company, whose lines bear GST and which has one currency only."""
    company = server.company("ca")
    line = account_line(5000, TaxCodeRef={"value": "4"})
    others = {
        "Vendor": "21",
        "Employee": company.made("employee", {"GivenName": "Kim", "FamilyName": "Roy"})["Id"],
        "CustomerType": company.made("customertype", {"Name": "Reseller"})["Id"],
    }
    owed = company.made("bill", bill(line, vendor="21"))["Id"]
    return company, Setting(others, owed, "4")


@pytest.fixture(scope="module")
def place(request):
    """A company, named by the test's parameter, with what its objects are made with."""
    return request.getfixturevalue(request.param)


def plain_values(body, name):
    """What is said in single values and references, by name."""
    found = {}
    for key, value in body.items():
        kind = rules.fields(name)[key].kind
        if kind in PLAIN or rules.enumeration(kind):
            found[key] = value["value"] if kind == "ReferenceType" else value
    return found


def inner(name, body):
    """A recurring transaction stands under the name of what it recurs."""
    return (name, body) if name != "RecurringTransaction" else ("Bill", body["Bill"])


def read_again(company, name, made):
    path = entities.BY_NAME[name].path
    if name == "ExchangeRate":
        where = f"sourcecurrencycode={made['SourceCurrencyCode']}&asofdate={made['AsOfDate']}"
        return company.get(f"{path}?{where}").json()[name]
    return company.get(f"{path}/{inner(name, made)[1]['Id']}").json()[name]


@pytest.mark.parametrize(("place", "name"), PLACES, indirect=["place"])
@FEW
@given(data=st.data())
def test_whatever_the_rules_allow_is_taken_and_comes_back(place, name, data):
    company, setting = place
    body = data.draw(valid(name, setting))
    made = company.made(entities.BY_NAME[name].path, body)
    read = read_again(company, name, made)
    assert read == made
    kind, sent = inner(name, body)
    got = inner(name, read)[1]
    wanted = plain_values(sent, kind)
    assert plain_values({key: got.get(key) for key in wanted}, kind) == wanted


@pytest.mark.parametrize(("place", "name"), PLACES, indirect=["place"])
@FEW
@given(data=st.data())
def test_one_broken_rule_gets_its_fault(place, name, data):
    company, setting = place
    spoilt = data.draw(broken(name, setting))
    answer = company.post(entities.BY_NAME[name].path, spoilt.body)
    assert (answer.status_code, code_of(answer)) == (400, spoilt.code), answer.text
    if spoilt.element:
        assert error_of(answer)["element"] == spoilt.element


@pytest.mark.parametrize(("place", "name"), UPDATED, indirect=["place"])
@FEW
@given(data=st.data())
def test_sending_back_what_was_read_changes_nothing(place, name, data):
    company, setting = place
    path = entities.BY_NAME[name].path
    made = company.made(path, data.draw(valid(name, setting)))
    assert company.made(path, made) == made
    kind, body = inner(name, made)
    few = {key: body[key] for key in {"Id", "SyncToken", *entities.BY_NAME[kind].required} if key in body}
    sparse = {"sparse": True, **few, **{key: body[key] for key in entities.BY_NAME[kind].sparse_required}}
    assert company.made(path, sparse if name == kind else {kind: sparse}) == made


@pytest.mark.parametrize(("place", "name"), PLACES, indirect=["place"])
@FEW
@given(data=st.data())
def test_unknown_key_at_any_depth_is_refused(place, name, data):
    company, setting = place
    body = data.draw(valid(name, setting))
    data.draw(st.sampled_from(inner_objects(body)))["Spaceship"] = 1
    assert code_of(company.post(entities.BY_NAME[name].path, body)) == "2010"


def inner_objects(value):
    """Every JSON object in a value, itself included."""
    if isinstance(value, list):
        return [found for item in value for found in inner_objects(item)]
    if not isinstance(value, dict):
        return []
    return [value, *(found for item in value.values() for found in inner_objects(item))]


def test_every_filterable_property_is_one_that_the_entity_has():
    for name, spec in entities.BY_NAME.items():
        for path in spec.filterable:
            kind = name
            for part in path.split("."):
                field = {key.lower(): known for key, known in rules.fields(kind).items()}[part.lower()]
                kind = field.kind


ODD = st.sampled_from([
    None, "", "x", "-1", "1e400", 0, -1, 10**30, 0.1, True, [], [None], [[]], ["x"], {}, {"value": None},
    {"value": "1"}, {"value": {}}, [{}], [{"Amount": 1}], "9999-12-31", "0001-01-01", "😀" * 30,
])  # fmt: skip


def spoil(draw, value):
    """The value with something odd in the place of one of its parts, however deep."""
    if isinstance(value, dict) and value:
        key = draw(st.sampled_from(sorted(value)))
        return {**value, key: draw(ODD) if draw(st.booleans()) else spoil(draw, value[key])}
    if isinstance(value, list) and value:
        return [*value[:-1], spoil(draw, value[-1])]
    return draw(ODD)


@pytest.mark.parametrize(("place", "name"), PLACES, indirect=["place"])
@FEW
@given(data=st.data())
def test_nothing_that_is_sent_breaks_the_server(place, name, data):
    company, setting = place
    path = entities.BY_NAME[name].path
    body = data.draw(valid(name, setting))
    for key in data.draw(st.lists(st.sampled_from(sorted(rules.fields(name))), max_size=3)):
        body[key] = data.draw(ODD)
    first, second = spoil(data.draw, body), spoil(data.draw, body)
    answer = company.post(path, first)
    assert answer.status_code in (200, 400), answer.text
    if answer.status_code == 200:
        made = inner(name, answer.json()[name])[1]
        answer = company.post(path, {**second, "Id": made["Id"], "SyncToken": made["SyncToken"]})
        assert answer.status_code in (200, 400), answer.text
