"""The pages that "Open in QuickBooks" leads to."""

import pytest
import requests
from bs4 import BeautifulSoup

from .documents import invoice


def look(server, path, **headers):
    answer = requests.get(f"{server.base}/app/{path}", headers=headers, timeout=10)
    return answer.status_code, BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize(("language", "word"), [("en", "Invoice"), ("fr", "Facture client")])
def test_document_is_shown_as_a_person_reads_it(server, us, language, word):
    made = us.post("invoice", invoice(DocNumber="10482")).json()["Invoice"]
    status, page = look(server, f"invoice?txnId={made['Id']}", **{"Accept-Language": language})
    assert status == 200
    assert page.h1.get_text() == f"{word} 10482"
    text = page.get_text(" ")
    assert made["CustomerRef"]["name"] in text
    assert str(made["TotalAmt"]) in text
    assert "Northgate Promo Co." in text


@pytest.mark.parametrize("path", ["invoice?txnId=99999", "bill?txnId=", "bill", "invoice?txnId=%00x"])
def test_missing_document_is_said_to_be_missing(server, us, path):
    status, page = look(server, path)
    assert status == 404
    assert page.h1.get_text() == "This document does not exist"


def test_unknown_word_and_other_sites_find_nothing(server, us):
    assert requests.get(f"{server.base}/app/nonsense?txnId=1", timeout=10).status_code in {400, 404}
    foreign = requests.get(f"{server.base}/app/invoice?txnId=1", headers={"Host": "evil.example"}, timeout=10)
    assert foreign.status_code == 421
