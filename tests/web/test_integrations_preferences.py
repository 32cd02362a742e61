"""QuickBooks Accounts and Settings in the page: read, edit in place, save, lists read anew."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.conftest import HTMX, PanelClient
from tests.html import field_error, soup, text
from tests.web.preference_pages import EDIT, NET_30, PAGE, REFRESH, URL, saved, section, selected, typed
from webapp.accounting.sources import MappingRules
from webapp.clock import now
from webapp.integrations import permissions
from webapp.links import directory
from webapp.models import (
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    Document,
    ListKind,
    Preferences,
    Visibility,
)


@pytest.fixture
def canadian(world: SimpleNamespace, sandbox: Any) -> SimpleNamespace:
    world.connection = factories.connect(world.workspace, world.owner, sandbox.tokens("ca"))
    return world


def change_connection(**values: Any) -> None:
    Connection.update(**values).execute()


def test_the_page_shows_the_section_with_its_groups_in_order(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).get(PAGE)
    heads = [head.get_text() for head in soup(answer).select("#preferences h3")]
    assert heads == [
        "Costs and items",
        "Accounts",
        "Line kinds",
        "Classes and locations",
        "Memo and custom fields",
        "Rules",
        "Tax, terms and numbers",
        "Start date",
    ]
    assert len(answer.data) < 60_000


def test_fragment_and_page_are_one_markup(connected, client: PanelClient):
    client.sign_in(connected.owner)
    fragment = soup(client.get(URL, headers=HTMX)).find(id="preferences")
    whole = soup(client.get(PAGE)).find(id="preferences")
    for part in (fragment, whole):
        for token in part.find_all("input", attrs={"name": "csrf_token"}):
            token.decompose()
    assert str(fragment) == str(whole)


def test_plain_read_leads_to_the_page(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).get(URL)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#preferences")


def test_proposals_are_marked_and_not_saved_by_looking(connected, client: PanelClient):
    client.sign_in(connected.owner)
    assert "Sales of Product Income Proposed, not saved Review" in section(client.get(PAGE))
    answer = client.get(EDIT, headers=HTMX)
    assert selected(answer, "income_account_id") == "2"
    assert "Sales of Product Income (proposed)" in text(answer)
    assert Preferences.select().count() == 0


def test_edit_opens_the_form_in_the_page_without_javascript(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).get(EDIT)
    page = soup(answer)
    assert page.find(id="account-information")
    assert page.select_one("#preferences.editing form")["action"] == URL
    assert page.find(id="billable").has_attr("autofocus")
    assert len(answer.data) < 60_000


def test_edit_starts_at_the_field_that_a_link_names(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).get(f"{EDIT}?field=freight", headers=HTMX)
    assert soup(answer).find(id="freight").has_attr("autofocus")
    assert len(soup(answer).select("[autofocus]")) == 1


def test_save_under_htmx_answers_the_read_view_and_a_toast(connected, client: PanelClient):
    factories.company(connected.workspace, terms="Net 30")
    answer = client.sign_in(connected.owner).post(URL, data=typed(**{NET_30: "3"}), headers=HTMX)
    assert answer.status_code == 200
    assert "are saved" in answer.headers["HX-Trigger"]
    assert soup(answer).find(id="preferences-edit").has_attr("autofocus")
    assert "1 of 1 mapped." in section(answer)
    assert "Income account Sales of Product Income Cost account Cost of Goods Sold Accounts" in section(
        answer
    )
    assert saved(connected).rules == MappingRules(
        income_account_id="2",
        cost_account_id="7",
        ap_account_id="33",
        discount_account_id="86",
        decoration=saved(connected).rules.decoration,
        setup=saved(connected).rules.setup,
        freight=saved(connected).rules.freight,
        taxable_code_id="TAX",
        non_taxable_code_id="NON",
        terms={"net 30": "3"},
    )


def test_save_without_javascript_leads_back_to_the_section(connected, client: PanelClient):
    answer = client.sign_in(connected.admin).post(URL, data=typed())
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#preferences")
    assert "accounts and settings are saved" in text(client.get(PAGE))


def test_saving_what_is_saved_says_so(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed())
    answer = client.post(URL, data=typed(version="1"), headers=HTMX)
    assert "Nothing was changed." in answer.headers["HX-Trigger"]
    assert saved(connected).version == 1


@pytest.mark.parametrize("headers", [HTMX, {}], ids=["htmx", "plain"])
@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("income_account_id", "999", "Choose an active income account."),
        ("income_account_id", "7", "does not fit here. Choose an active income account."),
        ("income_account_id", "x" * 5000, "QuickBooks does not have this one."),
        ("cost_account_id", "2", "Choose an active cost account."),
        ("ap_account_id", "84", "Choose an active accounts-payable account."),
        ("discount_account_id", "90", "inactive in QuickBooks. Choose an active income account."),
        ("deposit_account_id", "33", "Choose an active bank account or other current asset."),
        (
            "decoration",
            "item:14",
            "inactive in QuickBooks. Choose an active product, service or income account.",
        ),
        ("setup", "nonsense", "Choose an active product, service or income account."),
        ("freight", "account:7", "does not fit here."),
        ("freight", "item:\0", "QuickBooks does not have this one."),
        ("taxable_code_id", "ZZ", "Choose an active tax code."),
        ("non_taxable_code_id", "2", "Choose an active tax code."),
        (NET_30, "99", "Choose an active payment term."),
    ],
)
def test_refused_choice_stands_in_its_field_with_its_error(
    connected, client: PanelClient, field, value, words, headers
):
    factories.company(connected.workspace, terms="Net 30")
    answer = client.sign_in(connected.owner).post(
        URL, data=typed(unknown_items="service", **{field: value}), headers=headers
    )
    assert answer.status_code == 422
    assert words in field_error(answer, field)
    control = soup(answer).find(id=field)
    assert control["aria-invalid"] == "true"
    assert control["aria-describedby"] == f"{field}-error"
    assert control.has_attr("autofocus")
    if value.isprintable():
        assert selected(answer, field) == value
    if field != "cost_account_id":
        assert selected(answer, "cost_account_id") == "7"
    assert soup(answer).find(id="unknown_items-service").has_attr("checked")
    assert saved(connected).version == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"item_name_source": "colour"}, "item_name_source"),
        ({"item_name_source": None}, "item_name_source"),
        ({"unknown_items": "magic"}, "unknown_items"),
        ({"unknown_items": "fixed"}, "fixed_item_id"),
        ({"numbers": "roman"}, "numbers"),
        ({"billable": "y"}, "confirm_billable"),
    ],
)
def test_refused_switches_and_radios_say_why_at_the_field(connected, client: PanelClient, changes, field):
    answer = client.sign_in(connected.owner).post(URL, data=typed(**changes), headers=HTMX)
    assert answer.status_code == 422
    assert field_error(answer, field)
    assert selected(answer, "income_account_id") == "2"
    assert saved(connected).version == 0


@pytest.mark.parametrize("version", ["", "x", "-1", "1.5", "9" * 30])
def test_a_damaged_version_is_a_conflict_and_nothing_is_saved(connected, client: PanelClient, version):
    answer = client.sign_in(connected.owner).post(URL, data=typed(version=version), headers=HTMX)
    assert answer.status_code == 409
    assert saved(connected).version == 0


def test_choices_of_another_workspace_are_unknown(connected, client: PanelClient):
    theirs = {"Id": "500", "Name": "Secret income", "AccountType": "Income"}
    directory.remember(connected.other.id, connected.connection.realm_id, ListKind.ACCOUNT, theirs)
    answer = client.sign_in(connected.owner).post(URL, data=typed(income_account_id="500"), headers=HTMX)
    assert answer.status_code == 422
    assert "Secret income" not in answer.get_data(as_text=True)


def test_turning_billable_on_asks_for_a_confirmation_that_names_the_risk(connected, client: PanelClient):
    client.sign_in(connected.owner)
    assert soup(client.get(EDIT, headers=HTMX)).find(id="confirm_billable") is None
    asked = client.post(URL, data=typed(billable="y"), headers=HTMX)
    assert asked.status_code == 422
    assert "charged twice" in field_error(asked, "confirm_billable")
    assert soup(asked).find(id="billable").has_attr("checked")
    done = client.post(URL, data=typed(billable="y", confirm_billable="y"), headers=HTMX)
    assert done.status_code == 200
    assert saved(connected).rules.billable


def test_billable_needs_no_confirmation_when_invoices_are_not_sent(connected, client: PanelClient):
    permissions.save(connected.owner, visible_to=Visibility.ALL, people=[], sends=["bill"], version=0)
    assert (
        client.sign_in(connected.owner).post(URL, data=typed(billable="y"), headers=HTMX).status_code == 200
    )


def test_conflict_names_who_saved_and_keeps_the_typing(connected, client: PanelClient):
    client.sign_in(connected.admin).post(URL, data=typed())
    client.sign_in(connected.owner)
    answer = client.post(URL, data=typed(income_account_id="1"), headers=HTMX)
    assert answer.status_code == 409
    assert "Mika Orlen saved other settings meanwhile" in section(answer)
    assert selected(answer, "income_account_id") == "1"
    assert saved(connected).rules.income_account_id == "2"
    again = soup(answer).find("input", attrs={"name": "version"})["value"]
    assert client.post(URL, data=typed(income_account_id="1", version=again), headers=HTMX).status_code == 200
    assert saved(connected).rules.income_account_id == "1"


def test_cancel_brings_the_read_view_back_with_the_focus_on_edit(connected, client: PanelClient):
    client.sign_in(connected.owner)
    cancel = soup(client.get(EDIT, headers=HTMX)).select_one(".section-foot a")
    answer = client.get(cancel["hx-get"], headers=HTMX)
    assert soup(answer).find(id="preferences-edit").has_attr("autofocus")
    assert not soup(client.get(URL, headers=HTMX)).select("[autofocus]")


def test_a_mapping_gone_bad_is_marked_and_leads_to_its_field(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed())
    DirectoryEntry.update(active=False).where(
        (DirectoryEntry.kind == ListKind.ACCOUNT) & (DirectoryEntry.remote_id == "3")
    ).execute()
    answer = client.get(PAGE)
    assert "Decoration Decoration Income Inactive in QuickBooks Choose another account" in section(answer)
    link = soup(answer).find("a", string=lambda words: words and "Choose another account" in words)
    link = link or next(a for a in soup(answer).select("#preferences a") if "Choose another" in a.get_text())
    form = client.get(link["href"])
    assert soup(form).find(id="decoration").has_attr("autofocus")
    assert "Decoration Income (inactive)" in text(form)
    refused = client.post(URL, data=typed(version="1"), headers=HTMX)
    assert "inactive in QuickBooks" in field_error(refused, "decoration")


def test_a_member_reads_and_may_not_edit(connected, client: PanelClient):
    client.sign_in(connected.member)
    answer = client.get(PAGE)
    assert "Income account" in section(answer)
    assert soup(answer).select("#preferences a, #preferences button") == []
    for call in (client.get(EDIT), client.post(URL, data=typed()), client.post(REFRESH)):
        assert call.status_code == 403
    assert saved(connected).version == 0


@pytest.mark.parametrize("who", ["outsider", "support"])
def test_others_find_nothing(connected, client: PanelClient, who):
    client.sign_in(getattr(connected, who))
    for call in (
        client.get(URL, headers=HTMX),
        client.get(EDIT),
        client.post(URL, data=typed()),
        client.post(REFRESH),
    ):
        assert call.status_code == 404
    assert Preferences.select().count() == 0


def test_whom_it_is_hidden_from_finds_nothing(connected, client: PanelClient):
    permissions.save(
        connected.owner, visible_to=Visibility.SELECTED, people=[factories.user(connected.workspace).id],
        sends=["invoice"], version=0,
    )  # fmt: skip
    client.sign_in(connected.member)
    for call in (client.get(URL, headers=HTMX), client.get(EDIT), client.post(URL, data=typed())):
        assert call.status_code == 404


def test_a_stranger_is_asked_to_sign_in_and_the_form_comes_back_filled(connected, client: PanelClient):
    assert client.get(EDIT).status_code == 303
    expired = client.post(URL, data=typed(income_account_id="1"))
    assert expired.status_code == 401
    form = soup(expired).find(id="email").find_parent("form")
    fields = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    fields |= {"email": connected.owner.email, "password": factories.PASSWORD}
    answer = client.post("/sign-in", data=fields)
    form = client.get(answer.location)
    assert selected(form, "income_account_id") == "1"
    assert saved(connected).version == 0


def test_refresh_is_requested_and_the_section_follows_it(connected, client: PanelClient):
    client.sign_in(connected.owner)
    answer = client.post(REFRESH, headers=HTMX)
    assert answer.status_code == 200
    follow = soup(answer).find(id="preferences")
    assert (follow["hx-get"], follow["hx-trigger"]) == (URL, "every 1s")
    assert (follow["hx-target"], follow["hx-swap"]) == ("this", "outerHTML")
    assert "Reading the lists of QuickBooks…" in section(answer)
    row = Connection.get()
    from webapp.integrations import connections

    directory.refresh(row, connections.client_for(row))
    done = client.get(URL, headers=HTMX)
    assert not soup(done).find(id="preferences").has_attr("hx-trigger")
    assert "Lists from QuickBooks, read" in section(done)


def test_refresh_works_without_javascript(connected, client: PanelClient):
    answer = client.sign_in(connected.owner).post(REFRESH)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}#preferences")
    assert directory.refresh_pending(Connection.get())


def test_before_the_first_reading_there_is_nothing_to_edit(connected, client: PanelClient):
    change_connection(lists_read_at=None)
    client.sign_in(connected.owner)
    assert "No lists yet" in section(client.get(PAGE))
    assert soup(client.get(EDIT)).select("#preferences.editing") == []
    assert client.post(URL, data=typed(), headers=HTMX).status_code == 409
    change_connection(lists_requested_at=now())
    waiting = soup(client.get(PAGE)).find(id="preferences")
    assert waiting["aria-busy"] == "true"
    assert waiting.select(".skeleton")
    assert saved(connected).version == 0


@pytest.mark.parametrize("read_before", [True, False])
@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unreachable", "QuickBooks did not answer."),
        ("throttled", "QuickBooks asked us to slow down."),
        ("auth_expired", "QuickBooks no longer accepts our sign-in."),
        ("subscription_ended", "subscription of this company has ended."),
        ("refused", "QuickBooks did not give its lists."),
    ],
)
def test_a_failed_reading_says_why_and_that_nothing_was_lost(
    connected, client: PanelClient, code, words, read_before
):
    change_connection(lists_error=code, **({} if read_before else {"lists_read_at": None}))
    shown = section(client.sign_in(connected.owner).get(PAGE))
    assert words in shown
    assert "Nothing was changed." in shown
    assert ("are still in use" in shown) is read_before
    assert "Refresh the lists to try again." in shown


def test_a_disconnected_company_is_read_only(connected, client: PanelClient):
    client.sign_in(connected.owner).post(URL, data=typed())
    change_connection(status=ConnectionStatus.DISCONNECTED)
    answer = client.get(PAGE)
    assert "Read only until QuickBooks is connected again." in section(answer)
    assert "Sales of Product Income" in section(answer)
    assert soup(answer).select("#preferences a, #preferences button") == []
    assert client.post(URL, data=typed(version="1"), headers=HTMX).status_code == 409
    assert client.post(REFRESH, headers=HTMX).status_code == 409
    assert saved(connected).version == 1


def test_lists_cannot_be_read_while_reconnecting_is_needed(connected, client: PanelClient):
    change_connection(status=ConnectionStatus.RECONNECT_NEEDED)
    answer = client.sign_in(connected.owner).get(PAGE)
    button = soup(answer).find(id="preferences-refresh")
    assert button["aria-disabled"] == "true"
    assert soup(answer).find(id=button["aria-describedby"])
    assert client.post(REFRESH, headers=HTMX).status_code == 409
    assert client.get(EDIT, headers=HTMX).status_code == 200


def test_without_a_connection_there_is_no_section(world, client: PanelClient):
    client.sign_in(world.owner)
    for call in (client.get(URL, headers=HTMX), client.get(EDIT), client.post(URL), client.post(REFRESH)):
        assert call.status_code == 404


def test_a_canadian_company_maps_a_code_per_province(canadian, client: PanelClient):
    client.sign_in(canadian.owner)
    form = soup(client.get(EDIT))
    labels = {label["for"]: label.get_text() for label in form.select("label[for^=province-]")}
    assert len(labels) == 13
    assert labels["province-QC"] == "Quebec"
    assert len(client.get(EDIT).data) < 60_000
    data = typed(
        taxable_code_id="4",
        non_taxable_code_id="2",
        numbers=None,
        **{"province-ON": "5", "province-QC": "10"},
    )
    refused = client.post(URL, data={**data, "numbers": "quickbooks", "province-BC": "99"}, headers=HTMX)
    assert "Choose an active tax code." in field_error(refused, "province-BC")
    done = client.post(URL, data={**data, "numbers": "quickbooks"}, headers=HTMX)
    assert done.status_code == 200
    assert "2 of 13 provinces and territories mapped." in section(done)
    assert saved(canadian).rules.province_tax_codes == {"ON": "5", "QC": "10"}


def test_our_numbers_are_not_offered_where_quickbooks_does_not_take_them(canadian, client: PanelClient):
    client.sign_in(canadian.owner)
    form = client.get(EDIT)
    assert soup(form).find(id="numbers-ours").has_attr("disabled")
    assert soup(form).find(id="numbers-quickbooks").has_attr("checked")
    assert "Our numbers are not possible" in section(form)
    client.post(URL, data=typed(taxable_code_id="4", non_taxable_code_id="2", numbers="quickbooks"))
    assert saved(canadian).rules.use_our_numbers, "the choice waits until QuickBooks allows it"


def test_thousands_of_items_keep_the_page_light_and_are_found(connected, client: PanelClient):
    realm = connected.connection.realm_id
    rows = [
        {
            "workspace": connected.workspace.id, "realm_id": realm, "kind": ListKind.ITEM,
            "remote_id": str(10_000 + number), "name": f"Umbrella {number:04}",
            "full_name": f"Umbrella {number:04}", "folded": f"umbrella {number:04}", "type": "Service",
            "income_account_id": "2",
        }
        for number in range(2000)
    ]  # fmt: skip
    for start in range(0, 2000, 500):
        DirectoryEntry.insert_many(rows[start : start + 500]).execute()
    client.sign_in(connected.owner)
    form = client.get(EDIT)
    assert len(form.data) < 60_000
    assert "Umbrella" not in text(form)
    found = client.post(URL, data=typed(find="umbrella 1234", search="1", cost_account_id="8"), headers=HTMX)
    assert found.status_code == 200
    assert soup(found).find("option", value="item:11234").get_text() == "Umbrella 1234"
    assert selected(found, "cost_account_id") == "8"
    assert saved(connected).version == 0
    assert "Umbrella 1234" in text(client.get(f"{EDIT}?item_search=umbrella+1234"))
    done = client.post(URL, data=typed(freight="item:11234"), headers=HTMX)
    assert "Freight Umbrella 1234" in section(done)


def test_a_heavy_company_stays_under_the_page_limit(canadian, client: PanelClient):
    realm = canadian.connection.realm_id
    for number in range(70):
        account = {"Id": f"8{number:03}", "Name": f"Income of branch {number:02}", "AccountType": "Income"}
        directory.remember(canadian.workspace.id, realm, ListKind.ACCOUNT, account)
    for number in range(12):
        factories.company(canadian.workspace, terms=f"Net {number}")
    for number in range(20):
        term = {"Id": f"7{number:02}", "Name": f"Net {number} days"}
        directory.remember(canadian.workspace.id, realm, ListKind.TERM, term)
    assert len(client.sign_in(canadian.owner).get(EDIT).data) < 60_000


def test_the_section_speaks_french(connected, client: PanelClient):
    factories.company(connected.workspace, terms="Net 30")
    connected.owner.language = "fr"
    connected.owner.save()
    client.sign_in(connected.owner)
    shown = section(client.get(PAGE))
    assert "Comptes et paramètres QuickBooks" in shown
    assert "Mapper le champ Nom de l’article QuickBooks à Numéro de produit" in shown
    assert "Proposé, non enregistré" in shown
    form = section(client.get(EDIT))
    assert (
        "Définir le client comme facturable lors de l’envoi de factures fournisseurs ou de bons de commande"
        in form
    )
    assert "Enregistrer Annuler" in form
    refused = client.post(URL, data=typed(ap_account_id="2"), headers=HTMX)
    assert field_error(refused, "ap_account_id").startswith("Erreur")


def test_the_choice_of_terms_comes_from_this_workspace_only(connected, client: PanelClient):
    company = factories.company(connected.other, terms="Secret terms")
    factories.document(connected.other, company, terms="Secret terms")
    assert Document.select().count() == 1
    assert "Secret terms" not in text(client.sign_in(connected.owner).get(EDIT))
