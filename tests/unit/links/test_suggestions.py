"""Suggestions: what counts as alike, and how much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.links.suggestions import (
    WORTH_OFFERING,
    Likeness,
    Signature,
    compare,
    core_words,
    email_domains,
    phone_digits,
    postal_code,
    ranked,
    signature,
)


def party(*names: str, email: str = "", phone: str = "", postal: str = "") -> Signature:
    return signature(names or ("",), email, phone, postal)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Birchline Outfitters Inc.", "birchline outfitters"),
        ("Birchline Outfitters, L.L.C.", "birchline outfitters"),
        ("Ébénisterie Côté Ltée", "ebenisterie cote"),
        ("Alder & Finch Events", "alder and finch events"),
        ("Alder et Finch Events", "alder and finch events"),
        ("The Joe’s Mugs Co", "joes mugs"),
        ("Müller & Co. KG", "muller and co kg"),
        ("Smith & Co.", "smith"),
        ("Transport Gagnon S.E.N.C.R.L.", "transport gagnon"),
        ("Inc", "inc"),
        ("Les Entreprises Roy enr.", "entreprises roy"),
        ("Œuvres Nord SARL", "oeuvres nord"),
        ("شركة النور", "شركة النور"),
        ("", ""),
        ("🎈", ""),
    ],
)
def test_core_words_drop_what_does_not_tell_names_apart(name: str, words: str) -> None:
    assert " ".join(core_words(name)) == words


@pytest.mark.parametrize(
    ("addresses", "domains"),
    [
        ("Office@AlderFinch.example", {"alderfinch.example"}),
        ("a@one.example, b@two.example; c@one.example", {"one.example", "two.example"}),
        ("someone@gmail.com", set()),
        ("someone@videotron.ca", set()),
        ("no address", set()),
        ("root@localhost", set()),
    ],
)
def test_email_domains_leave_out_free_providers(addresses: str, domains: set[str]) -> None:
    assert email_domains(addresses) == domains


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("(860) 555-0142", "8605550142"),
        ("+1 860 555 0142", "8605550142"),
        ("860.555.0142 ext. 12", "8605550142"),
        ("860-555-0142 #4", "8605550142"),
        ("555-01", ""),
        ("", ""),
    ],
)
def test_phone_digits_are_the_number_itself(phone: str, digits: str) -> None:
    assert phone_digits(phone) == digits


@pytest.mark.parametrize(
    ("code", "plain"),
    [("h2x 1y4", "H2X1Y4"), ("06103-1234", "06103"), ("061031234", "06103"), ("06103", "06103"), ("", "")],
)
def test_postal_codes_are_compared_in_one_writing(code: str, plain: str) -> None:
    assert postal_code(code) == plain


@pytest.mark.parametrize(
    ("ours", "theirs", "score", "reasons"),
    [
        (party("Kestrel Dental"), party("Kestrel Dental Inc."), 80, [Likeness.NAME]),
        (
            party("Kestrel Dental", postal="06340"),
            party("Kestrel", postal="06340"),
            20,
            [Likeness.POSTAL_CODE],
        ),
        (
            party("Kestrel", phone="860 555 0142", email="a@kestrel.example"),
            party("Kestrel Dental", phone="(860) 555-0142", email="b@kestrel.example"),
            75,
            [Likeness.EMAIL_DOMAIN, Likeness.PHONE],
        ),
        (
            party("Kestrel", email="a@k.example", phone="8605550142", postal="06340"),
            party("Kestrel LLC", email="b@k.example", phone="8605550142", postal="06340"),
            96,
            [Likeness.NAME, Likeness.EMAIL_DOMAIN, Likeness.PHONE, Likeness.POSTAL_CODE],
        ),
        (party("A", email="a@gmail.com"), party("B", email="b@gmail.com"), 0, []),
        (party(), party(), 0, []),
    ],
)
def test_score_grows_with_what_is_alike(
    ours: Signature, theirs: Signature, score: int, reasons: list[Likeness]
) -> None:
    assert compare(ours, theirs) == (score, tuple(reasons))


def test_legal_name_counts_as_a_name_too() -> None:
    assert (
        compare(party("Kestrel Dental"), party("Kestrel (main)", "Kestrel Dental LLC"))[0] >= WORTH_OFFERING
    )


def test_ranked_is_best_first_and_leaves_out_strangers() -> None:
    ours = party("Harborlight Credit Union", postal="06320")
    found = ranked(
        ours,
        [
            ("1", "Inner Harbor Rowing Club", party("Inner Harbor Rowing Club")),
            ("2", "Harborlight CU Foundation", party("Harborlight CU Foundation", postal="06320")),
            ("3", "Harborlight Credit Union", party("Harborlight Credit Union", postal="06320")),
        ],
    )
    assert [(one.remote_id, one.score) for one in found] == [("3", 84), ("2", 20)]


def test_ranked_orders_equals_by_name() -> None:
    found = ranked(party("A"), [("2", "A Ltd", party("A Ltd")), ("1", "A Inc", party("A Inc"))])
    assert [one.remote_id for one in found] == ["1", "2"]


@given(st.text(), st.text(), st.text(), st.text())
def test_any_text_is_alike_to_itself_only_by_what_it_has(
    name: str, email: str, phone: str, postal: str
) -> None:
    own = signature((name,), email, phone, postal)
    score, reasons = compare(own, own)
    assert 0 <= score <= 100
    assert set(reasons) == {likeness for likeness, _ in own}
