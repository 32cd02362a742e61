"""Calls of one company keep Intuit's limits, whoever makes them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from tests import factories
from webapp import config, db
from webapp.clock import now
from webapp.config import Settings
from webapp.integrations.pacing import reserve
from webapp.models import Connection


@pytest.fixture
def paced(app: Flask, settings: Settings) -> Iterator[Connection]:
    config.use(replace(settings, calls_per_minute=450))
    yield factories.connection(factories.workspace())
    config.use(settings)


def test_first_call_goes_at_once_and_the_next_are_spaced(paced: Connection) -> None:
    begin = now()
    turns = [reserve(paced.id, begin) for _ in range(4)]
    space = timedelta(minutes=1) / 450
    assert turns == [begin + space * place for place in range(4)]


def test_no_minute_holds_more_than_nine_tenths_of_the_limit_and_no_second_ten(paced: Connection) -> None:
    turns = [reserve(paced.id, now())]
    while len(turns) < 500:
        turns.append(reserve(paced.id, turns[-1]))
    assert most_within(turns, timedelta(minutes=1)) <= 451
    assert most_within(turns, timedelta(seconds=1)) < 10


def most_within(turns: list[datetime], span: timedelta) -> int:
    return max(sum(begin <= turn < begin + span for turn in turns) for begin in turns)


def test_a_rested_connection_calls_at_once(paced: Connection) -> None:
    reserve(paced.id, now() - timedelta(minutes=5))
    moment = now()
    assert reserve(paced.id, moment) == moment


def test_a_clock_set_back_does_not_stop_calls(paced: Connection) -> None:
    reserve(paced.id, now() + timedelta(hours=3))
    moment = now()
    assert reserve(paced.id, moment) == moment


def test_two_processes_never_take_the_same_turn(paced: Connection) -> None:
    begin, turns = now(), []

    def take() -> None:
        with db.database.connection_context():
            turns.extend(reserve(paced.id, begin) for _ in range(20))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(turns)) == 60


def test_connections_do_not_slow_each_other(paced: Connection) -> None:
    other = factories.connection(factories.workspace(), realm_id="9")
    begin = now()
    assert reserve(paced.id, begin) == reserve(other.id, begin) == begin
