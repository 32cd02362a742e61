"""Suggestions as the worker keeps them: good ones, of this workspace alone, true after any change."""

from __future__ import annotations

import random
from types import SimpleNamespace
from typing import Any

import pytest

from tests import factories
from tests.benchmarks.company_noise import lists
from tests.benchmarks.company_rows import entity_of, import_companies, mirror
from tests.services.test_links import CUSTOMER, DECORATOR, REALM, SUPPLIER, entry
from webapp.clock import now
from webapp.companies import importing
from webapp.jobs import service as jobs
from webapp.jobs.kinds import STEPS
from webapp.links import directory, dismissing, matchers, service, standings, suggesting, touches
from webapp.links.scoring import Reason
from webapp.models import (
    Company,
    Connection,
    DirectoryEntry,
    Job,
    JobState,
    Link,
    ListKind,
    MemberType,
    Standing,
    StandingState,
    Suggestion,
    Touched,
)

Stored = dict[tuple[int, str], list[tuple[str, int, tuple[str, ...], bool]]]


@pytest.fixture
def desk(world: SimpleNamespace) -> SimpleNamespace:
    world.connection = factories.connection(world.workspace)
    return world


def stored(home: Any) -> Stored:
    """What is suggested, best first, without what was turned down."""
    found: Stored = {}
    query = Suggestion.select().where((Suggestion.workspace == home) & ~Suggestion.dismissed)
    for one in query.order_by(Suggestion.company, Suggestion.member_type, Suggestion.place):
        row = (one.remote_id, one.score, tuple(one.reasons), one.ambiguous)
        found.setdefault((one.company_id, one.member_type.value), []).append(row)
    return found


def rows_of(home: Any) -> dict[tuple[int, str], tuple[Any, ...]]:
    """The rows of Link companies."""
    return {
        (row.company_id, row.member_type.value): (row.state, row.remote_id, row.score, row.alike, row.reasons)
        for row in Standing.select().where(Standing.workspace == home)
    }


def made_anew(home: Any) -> Stored:
    """What a worker that knows nothing finds when nothing is stored."""
    matchers.forget()
    Suggestion.delete().where(~Suggestion.dismissed).execute()
    touches.everything(home)
    factories.do_jobs()
    return stored(home)


def offer(home: Any, company: Company, member_type: MemberType = CUSTOMER) -> tuple[Any, ...]:
    row = Standing.get((Standing.company == company.id) & (Standing.member_type == member_type))
    return (row.state.value, row.remote_id)


def test_generated_companies_find_their_counterparts(desk: SimpleNamespace) -> None:
    home, made = desk.workspace.id, lists(61, 400)
    mirror(home, REALM, made.theirs)
    ids = import_companies(home, made.ours)
    factories.do_jobs()
    first = {company: found[0] for (company, _), found in stored(home).items()}
    truth = {ids[one]: other for one, other in made.truth.items()}
    said = {company: one for company, one in first.items() if one[1] >= 50}
    right = sum(truth.get(company) == one[0] for company, one in said.items())
    assert right / len(said) >= 0.96
    assert right / len(truth) >= 0.93
    sure = [(company, one) for company, one in first.items() if one[1] >= 95]
    assert len(sure) > 0.7 * len(truth)
    assert sum(truth.get(company) == one[0] for company, one in sure) / len(sure) >= 0.98
    suggested = {key[0] for key, row in rows_of(home).items() if row[0] == StandingState.SUGGESTED}
    assert set(said) <= suggested
    assert Job.select().count() == 1
    assert (Job.get().state, Job.get().total >= Job.get().done > 0) == (JobState.DONE, True)


def test_score_is_in_per_cent_and_reasons_are_codes(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfiters", email="ap@birchline.example", city="Hartford", region="CT")
    entry(home, "2", "Kestrel Dental", extra={"phones": ["860 555 0142"], "tax_number": "123456789"})
    factories.company(home, "Birchline Outfitters Inc.", email="x@birchline.example", bill_city="Hartford")
    factories.company(home, "Kestrel", phone="(860) 555-0142", tax_number="123456789RT0001")
    factories.suggest(home)
    one, other = Suggestion.select().order_by(Suggestion.company)
    like = next(code for code in one.reasons if code.startswith(Reason.LIKE_NAME))
    assert 80 < int(like.partition(":")[2]) < 100
    assert {Reason.EMAIL_DOMAIN, Reason.CITY} <= set(one.reasons)
    assert one.score > 90
    assert {Reason.TAX_NUMBER, Reason.PHONE} <= set(other.reasons)


@pytest.mark.parametrize(
    "extra",
    [{"company_name": "9123-4567 Québec inc."}, {"check_name": "9123-4567 Quebec Inc"}],
)
def test_every_name_of_an_entry_counts(desk: SimpleNamespace, extra: dict[str, str]) -> None:
    entry(desk.workspace, "1", "Chez Marcel", extra=extra)
    company = factories.company(desk.workspace, "9123-4567 Québec inc.")
    factories.suggest(desk.workspace)
    assert offer(desk.workspace, company) == ("suggested", "1")


def test_sub_customer_is_found_with_its_parents_name(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Laval", full_name="Birchline Outfitters:Laval", parent_id="9")
    entry(home, "9", "Birchline Outfitters")
    company = factories.company(home, "Birchline Outfitters Laval")
    factories.suggest(home)
    assert offer(home, company) == ("suggested", "1")


def test_what_another_member_type_was_linked_to_by_hand_is_remembered(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "70", "CMS Holdings", kind="vendor")
    both = factories.company(
        home, "Copper Mug Supply", is_supplier=True, is_decorator=True, is_customer=False
    )
    factories.suggest(home)
    assert stored(home) == {}
    service.link(desk.owner, desk.connection, both.id, SUPPLIER, "70")
    factories.do_jobs()
    (found,) = stored(home)[both.id, DECORATOR.value]
    assert (found[0], found[2]) == ("70", (Reason.LINKED_NAME.value,))
    service.unlink(desk.owner, desk.connection, both.id, SUPPLIER)
    factories.do_jobs()
    assert stored(home) == {}


def test_linked_and_never_to_be_linked_get_no_suggestions(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    one, twin = (factories.company(home, "Birchline Outfitters") for _ in range(2))
    factories.suggest(home)
    assert set(stored(home)) == {(one.id, "customer"), (twin.id, "customer")}
    service.link(desk.owner, desk.connection, one.id, CUSTOMER, "1")
    assert offer(home, twin) == ("not_linked", None)
    factories.do_jobs()
    ((key, found),) = stored(home).items()
    assert (key[0], found[0][0]) == (twin.id, "1")
    assert offer(home, twin) == ("not_linked", None)
    service.do_not_link(desk.owner, desk.connection, twin.id, CUSTOMER)
    factories.do_jobs()
    assert stored(home) == {}
    service.unlink(desk.owner, desk.connection, twin.id, CUSTOMER)
    service.unlink(desk.owner, desk.connection, one.id, CUSTOMER)
    factories.do_jobs()
    assert {key for key, row in rows_of(home).items() if row[0] == StandingState.SUGGESTED} == set(
        stored(home)
    )
    assert len(stored(home)) == 2


def test_link_to_what_quickbooks_gave_up_gets_suggestions_for_its_row(desk: SimpleNamespace) -> None:
    home = desk.workspace.id
    directory.remember(home, REALM, ListKind.CUSTOMER, {"Id": "1", "DisplayName": "Birchline"})
    directory.remember(home, REALM, ListKind.CUSTOMER, {"Id": "2", "DisplayName": "Birchline Outfitters"})
    company = factories.company(desk.workspace, "Birchline Outfitters")
    service.link(desk.owner, desk.connection, company.id, CUSTOMER, "1")
    factories.do_jobs()
    assert stored(home) == {}
    gone = {"Id": "1", "DisplayName": "Birchline", "Active": False}
    directory.remember(home, REALM, ListKind.CUSTOMER, gone)
    factories.do_jobs()
    assert [found[0] for found in stored(home)[company.id, "customer"]] == ["2"]
    assert offer(home, company) == ("conflict", "1")


def test_several_alike_are_a_choice(desk: SimpleNamespace) -> None:
    home = desk.workspace
    for number in range(3):
        entry(home, str(number), "Birchline Outfitters")
    company = factories.company(home, "Birchline Outfitters Inc.")
    factories.suggest(home)
    row = Standing.get(Standing.company == company.id)
    assert (row.state, row.alike) == (StandingState.SUGGESTED, 3)
    assert all(one.ambiguous for one in Suggestion.select())
    assert sum(one.score for one in Suggestion.select()) <= 100


def test_one_that_two_companies_could_be_stands_out_for_neither(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    for _ in range(2):
        factories.company(home, "Birchline Outfitters")
    factories.suggest(home)
    assert [(row.state, row.alike) for row in Standing.select()] == [(StandingState.SUGGESTED, 1)] * 2


def test_branches_under_one_tax_number_may_share_a_customer(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    for _ in range(2):
        factories.company(home, "Birchline Outfitters", tax_number="123456789")
    factories.suggest(home)
    assert [row.alike for row in Standing.select()] == [0, 0]


def test_mirror_of_another_workspace_is_never_offered(desk: SimpleNamespace) -> None:
    entry(desk.other, "1", "Birchline Outfitters", realm_id="9")
    entry(desk.other, "2", "Birchline Outfitters")
    entry(desk.workspace, "3", "Birchline Outfitters", realm_id="8")
    entry(desk.workspace, "4", "Birchline Outfitters", kind="vendor")
    entry(desk.workspace, "5", "Birchline Outfitters", active=False)
    factories.company(desk.workspace, "Birchline Outfitters")
    factories.suggest(desk.workspace)
    factories.suggest(desk.other)
    assert Suggestion.select().count() == 0


def test_without_a_connection_nothing_is_suggested(world: SimpleNamespace) -> None:
    factories.company(world.workspace, "Birchline Outfitters")
    factories.suggest(world.workspace)
    assert (Suggestion.select().count(), Job.get().state) == (0, JobState.DONE)


HOSTILE = (
    "%",
    "_",
    "'; DROP TABLE link;--",
    '"' * 40,
    "\\",
    "🎈🎈",
    "شركة النور للهدايا",
    "Æther & Œuvres",
    "(((((",
    "a / b / c / d / e / f / g / h",
    "d/b/a d/b/a d/b/a",
    "1",
    "-",
    "İstanbul ﬁnance",
    "x" * 300,
    "w " * 150,
    "\u202eevil\u202c",
    "{{ 7*7 }}",
)


def test_any_name_can_be_matched(desk: SimpleNamespace) -> None:
    home = desk.workspace
    for number, name in enumerate(HOSTILE):
        extra = {"company_name": name, "phones": [name], "tax_number": name, "country": name}
        entry(home, str(number), name, email=name[:254], phone=name[:60], city=name[:255], extra=extra)
        factories.company(home, name, email=name[:254], phone=name[:60], bill_city=name[:120])
    factories.suggest(home)
    found = {key[0]: rows[0][0] for key, rows in stored(home).items()}
    ids = {company.name: company.id for company in Company.select()}
    for number in (2, 6, 7, 10, 13, 14, 16):
        assert found[ids[HOSTILE[number]]] == str(number)
    assert {job.state for job in Job.select()} == {JobState.DONE}


def test_worker_that_died_in_the_middle_is_gone_on_after(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, made = desk.workspace.id, lists(62, 60)
    mirror(home, REALM, made.theirs)
    ids = import_companies(home, made.ours)
    monkeypatch.setattr(suggesting, "BATCH", 7)
    monkeypatch.setattr(matchers, "STEP", 0.0001)
    while Suggestion.select().count() < 10:
        Job.update(next_step_at=now()).execute()
        assert jobs.work("first", STEPS)
    matchers.forget()
    nothing = dict.fromkeys(("email", "phone", "bill_postal_code", "bill_city", "tax_number"), "")
    row = {**nothing, "esp_id": f"C-{made.ours[0].id}", "name": "Quillhaven"}
    renamed = importing.compare(home, [row])
    importing.save(home, renamed)
    factories.do_jobs()
    found = stored(home)
    assert (ids[made.ours[0].id], "customer") not in found
    assert found == made_anew(home)
    assert {job.state for job in Job.select()} == {JobState.DONE}


@pytest.mark.parametrize(
    ("module", "name"),
    [(standings, "sync"), (matchers.reading, "theirs"), (matchers.reading, "ours"), (jobs, "advance")],
)
def test_step_that_breaks_down_loses_nothing(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, module: Any, name: str
) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    company = factories.company(home, "Birchline Outfitters")
    factories.suggest(home)
    service.do_not_link(desk.owner, desk.connection, company.id, CUSTOMER)
    with monkeypatch.context() as broken:
        broken.setattr(module, name, lambda *_, **__: 1 / 0)
        Job.update(next_step_at=now()).execute()
        jobs.work("one", STEPS)
    assert len(stored(home)) == 1
    factories.do_jobs()
    assert stored(home) == {}


def test_more_records_than_fit_into_memory_are_left_and_told(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = desk.workspace
    monkeypatch.setattr(matchers, "MOST_RECORDS", 5)
    for number in range(4):
        entry(home, str(number), f"Birchline {number}")
        factories.company(home, f"Birchline {number}")
    factories.suggest(home)
    assert (Suggestion.select().count(), Job.get().result) == (0, {suggesting.TOO_MANY: 8})
    assert Job.get().state == JobState.DONE


def test_matchers_of_other_lists_make_room(desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matchers, "MOST_RECORDS", 5)
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    entry(home, "70", "Copper Mug Supply", kind="vendor")
    factories.company(home, "Birchline Outfitters")
    both = factories.company(
        home, "Copper Mug Supply", is_supplier=True, is_decorator=True, is_customer=False
    )
    factories.suggest(home)
    assert len(stored(home)) == 3
    service.link(desk.owner, desk.connection, both.id, SUPPLIER, "70")
    factories.do_jobs()
    assert (both.id, SUPPLIER.value) not in stored(home)


def test_old_touches_and_jobs_are_tidied_away(desk: SimpleNamespace) -> None:
    factories.suggest(desk.workspace)
    factories.suggest(desk.workspace)
    Touched.update(at=now() - 2 * suggesting.KEPT).execute()
    factories.suggest(desk.workspace)
    assert (Touched.select().count(), Job.select().count()) == (1, 1)


class Edits:
    """What people and QuickBooks do to the two lists, at random."""

    def __init__(self, desk: SimpleNamespace, seed: int) -> None:
        self.desk, self.home = desk, desk.workspace.id
        self.rng = random.Random(seed)
        made = lists(seed, 60)
        self.theirs, self.ours = made.theirs, made.ours
        for kind in ("customer", "vendor"):
            mirror(self.home, REALM, self.theirs[:50], kind)
        self.ids = import_companies(self.home, self.ours[:50])
        Company.update(is_supplier=True).where(Company.id.in_(list(self.ids.values())[:20])).execute()
        Company.update(is_decorator=True).where(Company.id.in_(list(self.ids.values())[10:20])).execute()
        touches.everything(self.home)
        standings.sync(self.home, list(self.ids.values()))
        self.at = (desk.owner, desk.connection)

    def role(self) -> tuple[int, MemberType]:
        row = self.rng.choice(list(Standing.select().where(Standing.workspace == self.home)))
        return row.company_id, row.member_type

    def link(self) -> None:
        id_, role = self.role()
        found = stored(self.home).get((id_, role.value))
        remote = (
            found[0][0] if found and self.rng.random() < 0.7 else str(self.rng.choice(self.theirs[:50]).id)
        )
        entry = directory.entry(self.home, REALM, role.remote_kind, remote)
        if entry and entry.active:
            service.link(*self.at, id_, role, remote)

    def unlink(self) -> None:
        links = [link for link in Link.select() if getattr(link.company, standings.FLAGS[link.member_type])]
        if links:
            link = self.rng.choice(links)
            service.unlink(*self.at, link.company_id, link.member_type)

    def do_not_link(self) -> None:
        service.do_not_link(*self.at, *self.role())

    def dismiss(self) -> None:
        if found := stored(self.home):
            (id_, role), some = self.rng.choice(sorted(found.items()))
            done = dismissing.dismiss(*self.at, id_, MemberType(role), [some[0][0]])
            if self.rng.random() < 0.4:
                if self.rng.random() < 0.5:
                    factories.do_jobs()
                dismissing.take_back(*self.at, service.changed(self.home, done.activity_id))

    def rename_company(self) -> None:
        one, other = self.rng.sample(self.ours[:50], 2)
        name = self.rng.choice((other.names[0], f"{one.names[0]} {other.names[0]}", one.names[0]))
        phone = self.rng.choice((next(iter(other.phones), ""), ""))
        self.save({"esp_id": f"C-{one.id}", "name": name, "phone": phone})

    def change_roles(self) -> None:
        one = self.rng.choice(self.ours[:50])
        roles = {name: self.rng.random() < 0.5 for name in ("is_supplier", "is_decorator", "is_customer")}
        self.save({"esp_id": f"C-{one.id}", "name": one.names[0], **roles})

    def new_company(self) -> None:
        import_companies(self.home, [self.rng.choice(self.ours)])

    def change_entry(self) -> None:
        one, other = self.rng.choice(self.theirs), self.rng.choice(self.theirs)
        entity = {**entity_of(self.rng.choice((one, other))), "Id": str(one.id)}
        entity["Active"] = self.rng.random() < 0.7
        kind = self.rng.choice((ListKind.CUSTOMER, ListKind.VENDOR))
        directory.remember(self.home, REALM, kind, entity)

    def save(self, row: dict[str, Any]) -> None:
        importing.save(self.home, importing.compare(self.home, [row]))

    def any(self) -> None:
        companies = "rename_company change_roles new_company change_entry change_entry"
        names = f"link link unlink do_not_link dismiss {companies}"
        getattr(self, self.rng.choice(names.split()))()


@pytest.mark.parametrize("seed", [71, 72, 73, 74])
def test_after_any_changes_all_is_as_made_anew(desk: SimpleNamespace, seed: int) -> None:
    edits = Edits(desk, seed)
    factories.do_jobs()
    before = len(stored(edits.home))
    for _ in range(12):
        for _ in range(4):
            edits.any()
        factories.do_jobs()
    found, rows = stored(edits.home), rows_of(edits.home)
    assert before > 30
    assert found == made_anew(edits.home)
    assert rows == rows_of(edits.home)


def test_one_click_writes_only_whom_it_concerns(
    desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    edits = Edits(desk, 75)
    factories.do_jobs()
    seen: list[int] = []
    keep = suggesting.keep

    def counting(scope: Any, found: dict[int, Any], **options: bool) -> None:
        seen.extend(found)
        keep(scope, found, **options)

    monkeypatch.setattr(suggesting, "keep", counting)
    edits.link()
    factories.do_jobs()
    assert 0 < len(seen) < 20


def test_connection_to_another_company_begins_with_its_lists(desk: SimpleNamespace) -> None:
    home = desk.workspace
    entry(home, "1", "Birchline Outfitters")
    entry(home, "2", "Birchline Outfitters", realm_id="77")
    company = factories.company(home, "Birchline Outfitters")
    factories.suggest(home)
    Connection.update(realm_id="77").execute()
    factories.suggest(home)
    assert offer(home, company) == ("suggested", "2")
    assert DirectoryEntry.select().count() == 2
