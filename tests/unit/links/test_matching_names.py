"""Names, addresses and numbers in one writing each."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.links import contacts
from webapp.links.matching import Candidate, Matcher
from webapp.links.names import names_of
from webapp.links.records import Party

WORDS = st.lists(
    st.sampled_from(["Birchline", "Côté", "Otter", "Dépôt", "Harbour", "Gagnon", "214", "Métal", "Élite"]),
    min_size=1,
    max_size=4,
    unique=True,
)


def words(name: str) -> list[str]:
    return [" ".join(found.words) for found in names_of((name,))]


def only(written: str, known_as: str) -> Candidate:
    matcher = Matcher([Party("7", (known_as,), city="Laval")])
    matcher.add([Party(1, (written,), city="Laval")])
    [found] = matcher.suggestions(1)
    return found


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Birchline Outfitters, L.L.C.", ["birchline outfitter"]),
        ("Les Entreprises Roy enr.", ["enterprise roy"]),
        ("Transport Gagnon S.E.N.C.R.L.", ["transport gagnon"]),
        ("Smith & Sons", ["smith son"]),
        ("Smith et Fils ltée", ["smith son"]),
        ("J. P. Tremblay", ["jp tremblay"]),
        ("O'Connor’s Pub", ["oconnor pub"]),
        ("Whitebridge Int'l - Windsor", ["whitebridge international windsor"]),
        ("Birchline Inc. (USD)", ["birchline"]),
        ("Birchline (Laval)", ["birchline laval"]),
        ("9123-4567 Québec inc. d.b.a. Dépôt", ["91234567 quebec", "depot"]),
        ("Roy Holdings f/a/s Dépôt", ["roy holding", "depot"]),
        ("Dépôt (9123-4567 Québec inc.)", ["depot", "91234567 quebec"]),
        ("St-Jérôme Foods", ["saint jerome food"]),
        ("Œuvres Nord SARL", ["oeuvre north"]),
        ("Inc", ["inc"]),
        ("The", ["the"]),
        ("", []),
        ("🎈", []),
        ("شركة النور", ["شركة النور"]),
    ],
)
def test_a_name_is_its_telling_words(name: str, expected: list[str]) -> None:
    assert words(name) == expected


@pytest.mark.parametrize(
    ("written", "known_as"),
    [
        ("Birchline Outfitters Inc.", "Birchline Outfitters, L.L.C."),
        ("Ébénisterie Côté Ltée", "Ebenisterie Cote enr."),
        ("Birchline International", "Birchline Int'l"),
        ("Smith Bros. Mfg.", "Smith Brothers Manufacturing Ltd"),
        ("Assoc. of St-Jérôme Bakers", "Association of Saint Jerome Bakers"),
        ("Plomberie Gagnon & Fils", "Gagnon et Fils Plomberie inc."),
        ("9123-4567 Québec inc. d.b.a. Birchline", "Birchline"),
        ("Birchline", "Harris Holdings Ltd. faisant affaire sous Birchline"),
        ("Birchline f/k/a Harbourmark", "Harbourmark Inc."),
        ("Harbourmark", "Birchline (9123-4567 Québec inc.) o/a Harbourmark"),
        ("Birchline Outfiters", "Birchline Outfitters"),
        ("Brichline Outfitters", "Birchline Outfitters"),
        ("Birch Line Outfitters", "Birchline Outfitters"),
        ("The Birchline Outfitters Co. (USD)", "Birchline Outfitters"),
        ("BIRCHLINE OUTFITTERS", "Outfitters, Birchline"),
        ("Imprimerie Harbourmark", "Harbourmark Printing"),
    ],
)
def test_a_name_written_in_another_way_is_found_with_a_postal_code(written: str, known_as: str) -> None:
    place = {"postal_code": "J7Z 2B4", "city": "Saint-Jérôme", "region": "QC"}
    matcher = Matcher([Party("7", (known_as,), **place), Party("8", ("Otter Metals",), city="Toronto")])
    matcher.add([Party(1, (written,), **place)])
    [found] = matcher.suggestions(1)
    assert found.remote_id == "7"
    assert found.percent >= 80
    assert found.name_percent >= 80


@given(WORDS)
def test_accents_case_and_legal_forms_do_not_matter(parts: list[str]) -> None:
    name = " ".join(parts)
    bare = unicodedata.normalize("NFD", name).encode("ascii", "ignore").decode()
    assert (
        words(name) == words(bare) == words(name.upper()) == words(f"{name}, Inc.") == words(f"{name} ltée")
    )


@given(WORDS.flatmap(lambda parts: st.tuples(st.just(parts), st.permutations(parts))))
def test_the_order_of_words_does_not_matter(orders: tuple[list[str], list[str]]) -> None:
    one, other = (" ".join(parts) for parts in orders)
    assert only(one, other) == only(one, one)


@given(st.text(max_size=60))
def test_any_text_is_like_itself(name: str) -> None:
    assert not words(name) or only(name, name).name_percent == 100


@pytest.mark.parametrize(
    ("text", "country", "number"),
    [
        ("(860) 555-0142", "", "8605550142"),
        ("1-860-555-0142 ext. 12", "", "8605550142"),
        ("+1 860.555.0142 poste 3", "CA", "8605550142"),
        ("+33 1 42 68 53 00", "", "+33142685300"),
        ("01 42 68 53 00", "FR", "+33142685300"),
        ("020 7946 0958", "gb", "+442079460958"),
        ("555-0142", "US", ""),
        ("000-000-0000", "", ""),
        ("222-222-2222", "", ""),
        ("call us", "", ""),
        ("9" * 400, "", ""),
    ],
)
def test_a_phone_is_its_number(text: str, country: str, number: str) -> None:
    assert contacts.phones((text,), country) == ({number} if number else set())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("h2x 1y4", "H2X1Y4"),
        ("H2X-1Y4", "H2X1Y4"),
        ("H0H OHO", "H0H0H0"),
        ("02145-1234", "02145"),
        ("021451234", "02145"),
        ("SW1A 1AA", "SW1A1AA"),
        ("--", ""),
        ("n/a", ""),
    ],
)
def test_a_postal_code_has_one_writing(text: str, code: str) -> None:
    assert contacts.postal_code(text) == code


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123 456 782 RT 0001", "123456782"),
        ("12-3456789", "123456789"),
        ("1234567890 TQ 0001", "1234567890TQ0001"),
        ("000000000", ""),
        ("n/a", ""),
    ],
)
def test_a_tax_number_is_without_its_account(text: str, number: str) -> None:
    assert contacts.tax_number(text) == number


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("A@One.example; b@two.example",), {"one.example", "two.example"}),
        (("Ann <a@one.example>",), {"one.example"}),
        (("a@gmail.com", "b@sympatico.ca"), set()),
        (("no address", "root@localhost", "@", "a@"), set()),
    ],
)
def test_domains_are_without_free_mail(texts: tuple[str, ...], found: set[str]) -> None:
    assert contacts.domains(contacts.addresses(texts)) == found
