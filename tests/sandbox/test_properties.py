"""For every entity: whatever the rules allow is taken and comes back, and one broken rule gets its fault."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.sandbox.conftest import code_of, error_of
from tests.sandbox.documents import account_line, bill
from tests.sandbox.valid_objects import broken, creatable, valid
from webapp.sandbox import entities, rules

PLAIN = ("ReferenceType", "string", "boolean", "date", "decimal", "int")
FEW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def open_bill(us):
    """The id of a bill so large that many payments leave something open."""
    return us.made("bill", bill(account_line(5000)))["Id"]


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


@pytest.mark.parametrize("name", creatable())
@FEW
@given(data=st.data())
def test_whatever_the_rules_allow_is_taken_and_comes_back(us, open_bill, name, data):
    body = data.draw(valid(name, open_bill))
    made = us.made(entities.BY_NAME[name].path, body)
    read = read_again(us, name, made)
    assert read == made
    kind, sent = inner(name, body)
    got = inner(name, read)[1]
    wanted = plain_values(sent, kind)
    assert plain_values({key: got.get(key) for key in wanted}, kind) == wanted


@pytest.mark.parametrize("name", creatable())
@FEW
@given(data=st.data())
def test_one_broken_rule_gets_its_fault(us, open_bill, name, data):
    spoilt = data.draw(broken(name, open_bill))
    answer = us.post(entities.BY_NAME[name].path, spoilt.body)
    assert (answer.status_code, code_of(answer)) == (400, spoilt.code), answer.text
    if spoilt.element:
        assert error_of(answer)["element"] == spoilt.element
