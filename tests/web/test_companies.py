from __future__ import annotations

from types import SimpleNamespace

import pytest
from flask.testing import FlaskClient

from tests import factories
from tests.html import soup, text
from webapp.companies import queries
from webapp.models import DirectoryEntry, Link, LinkState, MemberType, Permission, Visibility

HTMX = {"HX-Request": "true"}


def names(response) -> list[str]:
    return [cell.get_text() for cell in soup(response).select("#company-list tbody th")]


def test_list_without_companies_says_what_it_is_for_and_offers_the_first_step(
    client: FlaskClient, world: SimpleNamespace
) -> None:
    page = client.sign_in(world.owner).get("/companies")
    assert "No companies yet" in text(page)
    links = [link["href"] for link in soup(page).select(".empty a")]
    assert links == ["/companies/import", "/companies/template.csv"]


def test_list_shows_only_the_own_workspace_in_name_order(client: FlaskClient, world: SimpleNamespace) -> None:
    for name in ("Zinnia Works", "Érable Traiteur", "Alder Events"):
        factories.company(world.workspace, name)
    factories.company(world.other, "Somebody Else")
    page = client.sign_in(world.member).get("/companies")
    assert names(page) == ["Alder Events", "Érable Traiteur", "Zinnia Works"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=quebec", ["Ville de Québec"]),
        ("?q=TRAITEUR", ["Érable Traiteur"]),
        ("?type=supplier", ["Mill & Co."]),
        ("?type=nonsense", ["Érable Traiteur", "Mill & Co.", "Ville de Québec"]),
        ("?q=traiteur&type=supplier", []),
        ("?q=%25", []),
        ("?q=%00traiteur", ["Érable Traiteur"]),
    ],
)
def test_list_is_searched_and_filtered(
    client: FlaskClient, world: SimpleNamespace, query: str, found: list[str]
) -> None:
    factories.company(world.workspace, "Ville de Québec")
    factories.company(world.workspace, "Érable Traiteur")
    factories.company(world.workspace, "Mill & Co.", is_customer=False, is_supplier=True)
    page = client.sign_in(world.member).get(f"/companies{query}")
    assert names(page) == found
    if not found:
        assert "No company matches" in text(page)


def test_search_by_htmx_answers_the_list_alone(client: FlaskClient, world: SimpleNamespace) -> None:
    factories.company(world.workspace, "Alder Events")
    answer = client.sign_in(world.member).get("/companies?q=alder", headers=HTMX)
    assert soup(answer).find("html") is None
    assert [element["id"] for element in soup(answer).find_all(recursive=False)] == ["company-list"]


def test_pages_lead_forwards_and_back_over_equal_names(
    client: FlaskClient, world: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number in range(5):
        factories.company(world.workspace, "Same Name", number=str(number))
    client.sign_in(world.member)
    seen, address, visited = [], "/companies", []
    while address:
        page = soup(client.get(address))
        visited.append(address)
        seen.append([row.select("td")[0].get_text() for row in page.select("#company-list tbody tr")])
        following = page.select_one("a[rel=next]")
        address = following["href"] if following else None
    assert seen == [["0", "1"], ["2", "3"], ["4"]]
    back = soup(client.get(visited[-1])).select_one("a[rel=prev]")["href"]
    page = soup(client.get(back))
    assert [row.select("td")[0].get_text() for row in page.select("#company-list tbody tr")] == ["2", "3"]
    first = soup(client.get(page.select_one("a[rel=prev]")["href"]))
    assert first.select_one("a[rel=prev]") is None


@pytest.mark.parametrize("anchor", ["after=999999", "after=abc", "after=99999999999999999999", "before=-1"])
def test_unknown_place_gives_the_first_page(client: FlaskClient, world: SimpleNamespace, anchor: str) -> None:
    factories.company(world.workspace, "Alder Events")
    assert names(client.sign_in(world.member).get(f"/companies?{anchor}")) == ["Alder Events"]


def test_page_shows_facts_documents_and_no_link_before_connecting(
    client: FlaskClient, world: SimpleNamespace
) -> None:
    company = factories.company(
        world.workspace, "<b>Alder</b>", bill_city="Hartford", bill_region="CT", email="a@alder.example"
    )
    factories.document(world.workspace, company, number="20118")
    page = client.sign_in(world.member).get(f"/companies/{company.id}")
    words = text(page)
    assert soup(page).h1.get_text() == "<b>Alder</b>"
    for expected in ("Hartford, CT", "a@alder.example", "20118", "$1,212.50", "QuickBooks is not connected"):
        assert expected in words


def test_page_shows_links_of_the_connected_company_by_member_type(
    client: FlaskClient, world: SimpleNamespace
) -> None:
    company = factories.company(world.workspace, "Alder", is_supplier=True, is_decorator=True)
    connection = factories.connection(world.workspace)
    realm = connection.realm_id
    for kind, name in (("customer", "Alder Inc."), ("vendor", "Other Vendor")):
        DirectoryEntry.create(
            workspace=world.workspace,
            realm_id=realm,
            kind=kind,
            remote_id="7",
            name=name,
            folded=name.lower(),
        )
    factories.link(world.workspace, realm, company, "7")
    factories.link(
        world.workspace,
        realm,
        company,
        None,
        member_type=MemberType.SUPPLIER,
        state=LinkState.DO_NOT_LINK,
    )
    words = text(client.sign_in(world.member).get(f"/companies/{company.id}"))
    assert "Customer Linked Alder Inc." in words
    assert "Supplier Do not link" in words
    assert "Decorator Not linked" in words
    assert "Other Vendor" not in words
    assert Link.select().count() == 2


def test_page_hides_the_integration_from_whom_it_is_hidden(
    client: FlaskClient, world: SimpleNamespace
) -> None:
    company = factories.company(world.workspace, "Alder")
    factories.document(world.workspace, company)
    factories.connection(world.workspace)
    Permission.create(workspace=world.workspace, visible_to=Visibility.SELECTED)
    page = client.sign_in(world.member).get(f"/companies/{company.id}")
    assert "QuickBooks" not in text(page).replace("a local QuickBooks", "")
    assert "Blocked" not in text(page)
    assert "QuickBooks links" in text(client.sign_in(world.owner).get(f"/companies/{company.id}"))


@pytest.mark.parametrize("company_id", [1, 2147483647, 2**31, 2**70])
def test_company_that_does_not_exist_is_not_found(
    client: FlaskClient, world: SimpleNamespace, company_id: int
) -> None:
    assert client.sign_in(world.member).get(f"/companies/{company_id}").status_code == 404


@pytest.mark.parametrize("who", ["outsider", "support"])
def test_page_of_another_workspace_is_not_found(
    client: FlaskClient, world: SimpleNamespace, who: str
) -> None:
    company = factories.company(world.workspace, "Alder")
    assert client.sign_in(getattr(world, who)).get(f"/companies/{company.id}").status_code == 404


def test_page_lists_at_most_twenty_documents(client: FlaskClient, world: SimpleNamespace) -> None:
    company = factories.company(world.workspace, "Alder")
    for _ in range(22):
        factories.document(world.workspace, company)
    page = soup(client.sign_in(world.member).get(f"/companies/{company.id}"))
    assert len(page.select("tbody tr")) == 20
