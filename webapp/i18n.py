"""Languages: which one a reader gets, and how dates, numbers and money look in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal
from flask import Flask, g, request, session
from flask_babel import Domain, get_locale, get_translations
from flask_login import current_user
from markupsafe import Markup

from webapp.extensions import babel

MINUS, NO_BREAK = "\N{MINUS SIGN}", "\N{NO-BREAK SPACE}"
LANGUAGES = {"en": "English", "fr": "Français"}
LOCALES = {"en": "en_US", "fr": "fr_CA"}


def language() -> str:
    """The reader's language: chosen and remembered, else the browser's, else English."""
    chosen = current_user.language if current_user.is_authenticated else None
    chosen = chosen or session.get("language")
    if chosen in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"


def locale() -> str:
    """The Babel locale that goes with the reader's language."""
    return LOCALES[language()]


def money(amount: Decimal | None, currency: str | None = None) -> str:
    """An amount to the cent; with its currency sign when ``currency`` is given."""
    if amount is None:
        return ""
    if currency:
        return _signed(format_currency(amount, currency, locale=get_locale()))
    return _signed(format_decimal(amount, format="#,##0.00", locale=get_locale()))


def number(value: Decimal | int | None) -> str:
    """A number with all its digits and no trailing zeros."""
    return "" if value is None else _number(Decimal(value).normalize(), str(get_locale()))


@lru_cache(maxsize=4096)
def _number(value: Decimal, locale: str) -> str:
    """Remembered, for the counts of a page are the same for its next reader."""
    return _signed(format_decimal(value, locale=locale, decimal_quantization=False))


def _signed(written: str) -> str:
    """The locales write a minus as a hyphen, which breaks off at the end of a line."""
    return written.replace("-", MINUS)


def day(value: date | None) -> str:
    """A calendar day in words; the first of a month is an ordinal in French."""
    if value is None:
        return ""
    return _day(value, str(get_locale()))


@lru_cache(maxsize=4096)
def _day(value: date, locale: str) -> str:
    words = format_date(value, "long", locale=locale)
    return f"1er{words[1:]}" if value.day == 1 and locale.startswith("fr") else words


def moment(value: datetime | None) -> str:
    """A day and a time in words, UTC shown as such; the time stays on one line."""
    if value is None:
        return ""
    return _moment(value, str(get_locale()))


@lru_cache(maxsize=4096)
def _moment(value: datetime, locale: str) -> str:
    time = f"{format_time(value, 'short', locale=locale)} UTC"
    return f"{_day(value, locale)}, {time.replace(' ', NO_BREAK)}"


class _Catalogues(Domain):
    """Looks the translations of a request up once: a page asks for hundreds of texts."""

    def get_translations(self) -> Any:
        if "catalogue" not in g:
            g.catalogue = super().get_translations()
        return g.catalogue


def _gettext(text: str) -> str:
    found: str = get_translations().ugettext(text)
    return found


def _in_template(text: str, /, **variables: Any) -> Markup:
    """A text of a template, as Jinja's own does it and without its detours: a page has hundreds."""
    found = _markup(get_translations(), text)
    return found % variables if "%" in found else found


@lru_cache(maxsize=8192)
def _markup(catalogue: Any, text: str) -> Markup:
    return Markup(catalogue.ugettext(text))  # noqa: S704 - ours, not what somebody typed


def _ngettext(one: str, many: str, number: int) -> str:
    found: str = get_translations().ungettext(one, many, number)
    return found


def init_app(app: Flask) -> None:
    """Choose the locale per request and give the templates their filters."""
    babel.init_app(app, locale_selector=locale)
    babel.domain_instance = _Catalogues()
    app.config["WTF_I18N_ENABLED"] = False  # our forms say everything in our own words
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(money=money, number=number, day=day, moment=moment)
    app.jinja_env.globals.update(_=_in_template, language=language, LANGUAGES=LANGUAGES)
