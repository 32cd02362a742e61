"""Suggestions: which of theirs one of ours may be, how far that is probable, and why."""

from __future__ import annotations

import random
from typing import Any

import pytest

from tests.benchmarks.company_noise import Lists, lists
from tests.benchmarks.matching_judge import judge, suggested
from webapp.links.contention import MOST, MOST_OF_A_CHOICE
from webapp.links.matching import Candidate, Matcher
from webapp.links.records import Party
from webapp.links.scoring import Reason

ELSEWHERE = {
    "phones": ("416 555 0100",),
    "postal_code": "M5V 1A1",
    "city": "Toronto",
    "region": "ON",
    "emails": ("a@x.example",),
}


def ours(*names: str, id_: int = 1, **fields: Any) -> Party:
    return Party(id_, names, **fields)


def theirs(*names: str, id_: str = "7", **fields: Any) -> Party:
    return Party(id_, names, **fields)


def candidates(one: Party, *others: Party, also: tuple[Party, ...] = ()) -> tuple[Candidate, ...]:
    matcher = Matcher(others)
    matcher.add([one, *also])
    return matcher.suggestions(one.id)


@pytest.fixture(scope="module")
def made() -> Lists:
    return lists(31, 700)


def test_a_branch_named_by_its_city_is_told_from_the_others() -> None:
    found = candidates(
        ours("Birchline - Laval"),
        theirs("Birchline", id_="1", city="Laval", region="QC"),
        theirs("Birchline", id_="2", city="Granby", region="QC"),
    )
    assert found[0].remote_id == "1"


def test_tax_number_of_another_kind_says_nothing() -> None:
    one = ours("Birchline Outfitters", tax_number="12-3456789")
    without, of_a_kind, of_another = (
        candidates(one, theirs("Birchline Outfitters", tax_number=number))[0].probability
        for number in ("", "98-7654321", "R-4411-22")
    )
    assert of_another == without > of_a_kind


def test_numbers_in_names_tell_branches_apart() -> None:
    shop, other = theirs("Birchline #214", id_="1"), theirs("Birchline #215", id_="2")
    found = candidates(ours("Birchline Inc #214"), shop, other)
    assert [one.remote_id for one in found][:1] == ["1"]
    assert found[0].percent >= 70


@pytest.mark.parametrize(
    ("here", "there", "reason"),
    [
        ({"emails": ("a@birch.example",)}, {"emails": ("b@birch.example",)}, Reason.EMAIL_DOMAIN),
        ({"emails": ("a@gmail.com",)}, {"emails": ("x@y.example, A@gmail.com",)}, Reason.EMAIL),
        ({"phones": ("(450) 555-0142 ext. 3",)}, {"phones": ("+1 450.555.0142",)}, Reason.PHONE),
        ({"phones": ("+33 1 42 68 53 00",)}, {"phones": ("01 42 68 53 00",), "country": "FR"}, Reason.PHONE),
        ({"postal_code": "j7z2b4"}, {"postal_code": "J7Z 2B4"}, Reason.POSTAL_CODE),
        ({"postal_code": "02145-1234"}, {"postal_code": "02145"}, Reason.POSTAL_CODE),
        ({"tax_number": "123 456 782 RT0001"}, {"tax_number": "123456782"}, Reason.TAX_NUMBER),
        ({"city": "St-Jérôme"}, {"city": "Saint-Jerome"}, Reason.CITY),
        ({}, {"linked_names": ("BIRCHLINE inc.",)}, Reason.LINKED_NAME),
        ({"emails": ("a@birch.example",)}, {"linked_emails": ("b@birch.example",)}, Reason.LINKED_DOMAIN),
        ({}, {}, Reason.NAME),
    ],
)
def test_what_both_have_raises_the_probability_and_is_said(
    here: dict[str, Any], there: dict[str, Any], reason: Reason
) -> None:
    [plain] = candidates(ours("Birchline"), theirs("Birchline"))
    [found] = candidates(ours("Birchline", **here), theirs("Birchline", **there))
    assert reason in found.reasons
    assert reason is Reason.NAME or found.probability > plain.probability


def test_reasons_come_the_strongest_first_with_the_likeness_of_the_names() -> None:
    both = {"emails": ("a@birch.example",), "postal_code": "J7Z 2B4", "phones": ("450 555 0142",)}
    [found] = candidates(ours("Birchline Outfitters", **both), theirs("Birchline Outfiters", **both))
    assert found.reasons == (Reason.PHONE, Reason.EMAIL, Reason.LIKE_NAME, Reason.POSTAL_CODE)
    assert 90 <= found.name_percent < 100
    assert found.percent >= 95


def test_a_free_mail_provider_is_nothing_in_common() -> None:
    mail = {"emails": ("a@videotron.ca",)}, {"emails": ("b@videotron.ca",)}
    assert not candidates(ours("Birchline", **mail[0]), theirs("Harbourmark", **mail[1]))
    [found] = candidates(ours("Birchline", **mail[0]), theirs("Birchline", **mail[1]))
    assert found.reasons == (Reason.NAME,)


def test_what_was_linked_by_hand_outweighs_another_name() -> None:
    found = candidates(
        ours("9123-4567 Québec inc."),
        theirs("Imprimerie Harbourmark", id_="1", linked_names=("9123-4567 Quebec",)),
        theirs("Gestion Québec", id_="2"),
    )
    assert found[0].remote_id == "1"
    assert found[0].percent >= 80


@pytest.mark.parametrize(
    ("here", "others"),
    [
        pytest.param(
            ours("Birchline"),
            (theirs("Birchline", id_="1", city="Laval"), theirs("Birchline", id_="2", city="Granby")),
            id="branches",
        ),
        pytest.param(
            ours("Birchline Pizza"),
            (
                theirs("Birchline Pizza", "9123-4567 Québec inc.", id_="1", emails=("a@birch.example",)),
                theirs("Birchline Pizza", "Gestion Roy inc.", id_="2", emails=("a@roy.example",)),
            ),
            id="franchises",
        ),
        pytest.param(
            ours("Moonford", emails=("a@moonford.example",)),
            (
                theirs("Moonford Group", id_="1", emails=("b@moonford.example",)),
                theirs("Moonford Printing", id_="2", emails=("c@moonford.example",)),
            ),
            id="parent and child",
        ),
    ],
)
def test_near_duplicates_are_a_choice_and_none_is_certain(here: Party, others: tuple[Party, ...]) -> None:
    found = candidates(here, *others)
    assert {one.remote_id for one in found} == {"1", "2"}
    assert all(one.ambiguous and one.probability <= MOST_OF_A_CHOICE for one in found)


def test_a_branch_whose_phone_and_postal_code_fit_is_no_longer_a_choice() -> None:
    laval = {"phones": ("450 555 0142",), "postal_code": "H7N 1A1", "city": "Laval", "region": "QC"}
    found = candidates(
        ours("Birchline", **laval),
        theirs("Birchline", id_="1", **laval),
        theirs("Birchline", id_="2", **ELSEWHERE),
    )
    assert (found[0].remote_id, found[0].ambiguous) == ("1", False)
    assert found[0].percent >= 95


def test_a_family_name_in_the_same_trade_elsewhere_is_not_the_same() -> None:
    here = {
        "phones": ("514 555 0142",),
        "postal_code": "H2X 1Y4",
        "city": "Montréal",
        "region": "QC",
        "emails": ("a@gagnon.example",),
    }
    found = candidates(ours("Plomberie Gagnon", **here), theirs("Plomberie Gagnon inc.", **ELSEWHERE))
    assert all(one.percent < 10 for one in found)


def test_two_of_ours_on_one_of_theirs_lower_each_other_unless_they_are_branches() -> None:
    one, other = ours("Birchline", id_=1), ours("Birchline inc.", id_=2)
    [alone] = candidates(one, theirs("Birchline"))
    [shared] = candidates(one, theirs("Birchline"), also=(other,))
    branches = [Party(party.id, party.names, group="birchline") for party in (one, other)]
    [as_branches] = candidates(branches[0], theirs("Birchline"), also=(branches[1],))
    assert shared.probability < alone.probability
    assert shared.ambiguous
    assert as_branches == alone


def test_one_of_theirs_that_is_linked_already_is_less_probable() -> None:
    [free] = candidates(ours("Birchline"), theirs("Birchline"))
    taken = candidates(ours("Birchline"), theirs("Birchline", taken=True))
    assert all(one.probability < free.probability / 2 for one in taken)


def test_a_sub_customer_goes_by_its_parents_name_too() -> None:
    both = {"phones": ("450 555 0142",)}
    [found] = candidates(
        ours("Moonford Group Warehouse", **both), theirs("Warehouse", parent_name="Moonford Group", **both)
    )
    assert found.name_percent == 100


def test_there_are_five_at_most_the_likeliest_first() -> None:
    found = candidates(ours("Birchline"), *(theirs("Birchline", id_=f"{n}") for n in range(9)))
    assert len(found) == MOST
    assert [one.probability for one in found] == sorted((one.probability for one in found), reverse=True)
    assert sum(one.probability for one in found) <= 1


@pytest.mark.parametrize(
    "name", ["", "🎈", "Inc", "%", "x" * 10_000, "a " * 3_000, "شركة النور", "' \" \\ ;--"]
)
def test_any_text_can_be_a_name(name: str) -> None:
    found = candidates(
        ours(name, emails=(name,), phones=(name,)), theirs(name, postal_code=name, tax_number=name)
    )
    assert all(0 <= one.percent <= 100 for one in found)


def test_who_is_not_known_has_no_suggestions() -> None:
    assert Matcher([]).suggestions(1) == ()


def test_on_generated_lists_it_is_right_and_calibrated(made: Lists) -> None:
    figures = judge(made, suggested(made))
    assert figures.f1 >= 0.96
    assert figures.top5 >= 0.99
    assert figures.calibration_error < 0.03


def test_the_order_of_the_records_does_not_matter(made: Lists) -> None:
    shuffled = [random.Random(3).sample(side, len(side)) for side in (made.ours, made.theirs)]
    again = suggested(Lists(*shuffled, made.truth, made.kinds))
    assert again == suggested(made)
