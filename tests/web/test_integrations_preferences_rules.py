"""The rules of the preferences in the form, where each button works without a script and loses nothing."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup
from tests.web.preference_pages import EDIT, PAGE, URL, saved, section, selected, typed
from webapp.accounting.sources import Rule, RuleField, Target
from webapp.models import DirectoryEntry, ListKind

MARYLAND = "ship_to||2|1|MD"
MUGS = "category|account:3|1||Mugs"
DECORATORS = "member_type|account:7|||decorator"


def rows(answer: Any) -> list[Tag]:
    return soup(answer).select("#rules > .rules > li")


def posted(answer: Any) -> dict[str, str]:
    """What a browser would send for the form as it stands, without a button."""
    form = soup(answer).select_one("#preferences form")
    fields = {}
    for control in form.select("input[name], select[name]"):
        if control.has_attr("disabled"):
            continue
        if control.name == "select":
            chosen = control.find("option", selected=True) or control.find("option")
            fields[control["name"]] = chosen["value"] if chosen else ""
        elif control.get("type") not in {"radio", "checkbox"} or control.has_attr("checked"):
            fields[control["name"]] = control.get("value", "")
    return fields


def press(client: PanelClient, answer: Any, button: str, **changes: str) -> Any:
    """Press a button of the form after changing some of its controls, without a script."""
    fields = {**posted(answer), **changes}
    name, _equals, value = button.partition("=")
    assert soup(answer).select_one(f'#preferences button[name="{name}"][value="{value}"]'), button
    return client.post(URL, data={**fields, name: value})


def focus_of(answer: Any) -> str:
    focused = soup(answer).select("#preferences [autofocus]")
    assert len(focused) == 1
    return focused[0].get("id") or focused[0]["value"]


def test_rules_are_added_filled_and_saved_without_a_script(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).get(EDIT)
    assert "No rules yet" in section(answer)
    answer = press(client, answer, "do=add", added="ship_to", memo="memo", start_date="2026-01-01")
    assert answer.status_code == 200
    assert focus_of(answer) == "rule-0-value"
    answer = press(
        client, answer, "do=add", added="category", **{"rule-0-value": "md", "rule-0-class_id": "2"}
    )
    assert soup(answer).find(id="rule-0-value")["value"] == "md"
    assert soup(answer).find(id="rule-1-location_id") is None, "a category has no location"
    answer = press(client, answer, "do=add", added="member_type", **{"rule-1-value": "Mugs"})
    kinds = [option["value"] for option in soup(answer).find(id="rule-2-value").find_all("option")]
    assert kinds == ["", "customer", "supplier", "decorator"]
    assert saved(connected).version == 0
    last = {"rule-1-target": "account:3", "rule-2-value": "decorator", "rule-2-target": "account:7"}
    done = client.post(URL, data={**posted(answer), **last})
    assert (done.status_code, done.location) == (303, f"{PAGE}#preferences")
    assert saved(connected).rules.rules == (
        Rule(RuleField.SHIP_TO, "MD", None, "2"),
        Rule(RuleField.CATEGORY, "Mugs", Target("account", "3")),
        Rule(RuleField.MEMBER_TYPE, "decorator", Target("account", "7")),
    )
    assert saved(connected).rules.start_date is not None
    shown = section(client.get(PAGE))
    assert "Ship-to state is MD → Class Education" in shown
    assert "Category is Mugs → Decoration Income" in shown
    assert "Member type is Decorator → Cost of Goods Sold" in shown


def test_rows_are_moved_and_removed_with_all_that_was_typed(connected, client: PanelClient):
    client.sign_in(connected.owner).post(
        URL, data=typed(**{"rule-0": MARYLAND, "rule-1": MUGS, "rule-2": DECORATORS})
    )
    answer = client.get(EDIT)
    assert rows(answer)[0].p.get_text() == "Ship-to state is MD → Education · Baltimore"
    answer = press(client, answer, "do=open-1")
    assert focus_of(answer) == "rule-1-value"
    answer = press(client, answer, "do=up-1", **{"rule-1-value": "Cups", "income_account_id": "1"})
    assert focus_of(answer) == "down-0"
    assert soup(answer).find(id="rule-0-value")["value"] == "Cups"
    assert selected(answer, "rule-0-target") == "account:3"
    assert selected(answer, "income_account_id") == "1"
    answer = press(client, answer, "do=remove-1")
    assert focus_of(answer) == "remove-1"
    answer = press(client, answer, "do=down-0")
    assert focus_of(answer) == "up-1"
    client.post(URL, data=posted(answer))
    assert [rule.value for rule in saved(connected).rules.rules] == ["decorator", "Cups"]
    assert saved(connected).rules.income_account_id == "1"
    assert saved(connected).version == 2


def test_buttons_save_nothing_and_check_nothing(connected, client: PanelClient):
    client.sign_in(connected.owner)
    answer = client.post(URL, data=typed(do="add", added="category", income_account_id="999"), headers=HTMX)
    assert answer.status_code == 200
    assert not soup(answer).select(".error")
    assert selected(answer, "income_account_id") == "999"
    for damaged in ("", "up", "up-9999", "remove--1", "open-\0", "x" * 100_000):
        answer = client.post(URL, data=typed(do=damaged, **{"rule-0": MUGS}), headers=HTMX)
        assert answer.status_code == 200
        assert len(rows(answer)) == 1
    assert saved(connected).version == 0


REFUSED = [
    ("ship_to||1||Maryland", "value", "Enter the code of a state or province"),
    ("sales_rep||1||", "value", "Enter what the rule looks for."),
    (f"category||1||{'x' * 100_000}", "value", "at most 120 characters"),
    ("category||1||mugs\0", "value", "Enter plain text."),
    ("member_type||1||prospect", "value", "Choose a member type."),
    ("sales_rep||||Dana", "target", "the rule changes nothing yet"),
    ("sales_rep|nonsense|||Dana", "target", "Choose an active product, service, income account or cost"),
    ("sales_rep|account:33|||Dana", "target", "does not fit here"),
    ("sales_rep|item:14|||Dana", "target", "inactive in QuickBooks"),
    ("sales_rep||99||Dana", "class_id", "Choose an active class."),
    ("sales_rep|||99|Dana", "location_id", "Choose an active location."),
    ("category|||1|Mugs", "location_id", "a category cannot decide on it"),
    ("ship_to||1||md", "value", "A rule above looks for the same already"),
    ("colour||1||red", "value", "looks at something that there is not"),
    ("||", "value", "looks at something that there is not"),
    ("", "value", "looks at something that there is not"),
]


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
def test_a_refused_row_opens_with_its_error_and_its_typing(connected, client: PanelClient, headers):
    client.sign_in(connected.owner)
    for row, part, words in REFUSED:
        answer = client.post(
            URL, data=typed(**{"rule-0": MARYLAND, "rule-1": row, "rule-2": DECORATORS}), headers=headers
        )
        assert answer.status_code == 422, row[:40]
        assert words in field_error(answer, f"rule-1-{part}"), row[:40]
        control = soup(answer).find(id=f"rule-1-{part}")
        assert control["aria-invalid"] == "true"
        assert control["aria-describedby"].startswith(f"rule-1-{part}-error")
        assert control.has_attr("autofocus")
        assert ["open" in (item.get("class") or []) for item in rows(answer)] == [False, True, False]
        assert posted(answer)["rule-1"].replace("�", "\0") == (row + "|" * (4 - row.count("|")))
    assert saved(connected).version == 0


def test_all_errors_are_shown_at_once_with_the_focus_on_the_first(connected, client: PanelClient):
    wrong = {"rule-0": "ship_to||1||X", "rule-1": "sales_rep||||Dana", "class_id": "99", "start_date": "x"}
    answer = client.sign_in(connected.owner).post(URL, data=typed(**wrong), headers=HTMX)
    assert field_error(answer, "start_date")
    wrong["start_date"] = "2999-01-01"
    answer = client.post(URL, data=typed(**wrong), headers=HTMX)
    for field in ("class_id", "rule-0-value", "rule-1-target", "start_date"):
        assert field_error(answer, field), field
    assert focus_of(answer) == "class_id"


def test_more_than_a_hundred_rules_are_refused_and_stay_light(connected, client: PanelClient):
    many = {f"rule-{number}": f"category||1||Kind {number}" for number in range(101)}
    answer = client.sign_in(connected.owner).post(URL, data=typed(**many), headers=HTMX)
    assert answer.status_code == 422
    assert "at most 100 rules" in field_error(answer, "rules")
    assert len(rows(answer)) == 101
    del many["rule-100"]
    assert client.post(URL, data=typed(**many), headers=HTMX).status_code == 200
    form = client.get(EDIT)
    assert len(rows(form)) == 100
    __import__("pathlib").Path("/tmp/dev/form100.html").write_bytes(form.data)
    assert len(form.data) < 60_000
    assert len(client.get(PAGE).data) < 60_000
    assert not soup(form).select("#rules button[value=add]")
    opened = client.post(URL, data={**posted(form), "do": "open-50"})
    assert len(opened.data) < 60_000
    assert {"up-50", "down-50", "remove-50"} <= {
        button["value"] for button in soup(opened).select("#rules button")
    }


def test_values_in_use_are_suggested(connected, client: PanelClient):
    company = factories.company(connected.workspace)
    factories.document(connected.workspace, company, [{"category": "Drinkware"}], sales_rep="Dana Reyes")
    theirs = factories.company(connected.other)
    factories.document(connected.other, theirs, [{"category": "Secret"}], sales_rep="Secret")
    client.sign_in(connected.owner)
    offered = {}
    for field in ("ship_to", "sales_rep", "category"):
        page = soup(client.post(URL, data=typed(do="add", added=field), headers=HTMX))
        listed = page.find("datalist", id=page.find(id="rule-0-value")["list"])
        offered[field] = [option["value"] for option in listed.find_all("option")]
    assert offered["sales_rep"] == ["Dana Reyes"]
    assert offered["category"] == ["Drinkware"]
    assert {"MD", "QC"} <= set(offered["ship_to"])


def test_what_has_gone_bad_in_a_rule_is_marked_and_leads_to_its_row(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed(**{"rule-0": MARYLAND, "rule-1": MUGS}))
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.kind == ListKind.ACCOUNT) & (DirectoryEntry.remote_id == "3")
    ).execute()
    answer = client.get(PAGE)
    assert "Category is Mugs → Decoration Income Inactive in QuickBooks Choose another" in section(answer)
    link = soup(answer).select_one("#preferences .rules a")
    form = client.get(link["href"])
    assert focus_of(form) == "rule-1-target"
    assert "Decoration Income (inactive)" in soup(form).find(id="rule-1-target").get_text()
    by_value = client.get(f"{EDIT}?field=rule-of:mugs")
    assert focus_of(by_value) == "rule-1-target"
    assert focus_of(client.get(f"{EDIT}?field=rule-of:nowhere")) == "billable"


def test_a_form_kept_over_a_sign_in_comes_back_with_its_rules(connected, client: PanelClient):
    assert client.get(EDIT).status_code == 303
    kept = typed(**{"rule-0": MUGS, "rule-0-value": "Cups", "rule-1": MARYLAND})
    expired = client.post(URL, data=kept)
    form = soup(expired).find(id="email").find_parent("form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    fields |= {"email": connected.owner.email, "password": factories.PASSWORD}
    answer = client.get(client.post("/sign-in", data=fields).location)
    assert soup(answer).find(id="rule-0-value")["value"] == "Cups"
    assert len(rows(answer)) == 2
    assert saved(connected).version == 0


def test_enter_saves_and_presses_no_button_of_a_row(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed(**{"rule-0": MARYLAND, "rule-1": MUGS}))
    form: BeautifulSoup = soup(client.get(EDIT))
    first = form.select_one("#preferences form").find("button")
    assert (first["type"], first["name"], first["tabindex"]) == ("submit", "enter", "-1")
