"""Database fields of our own: aware UTC times, exact decimals, encrypted text, enums, JSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import Any

from peewee import BigIntegerField, CharField, Field, FieldAccessor, TextField

from webapp import crypto


class UtcDateTimeField(Field):
    """An aware UTC time: ``timestamptz`` on Postgres, sortable ISO text on SQLite.

    Peewee's DateTimeField gives naive local times back from Postgres, so it is not used.
    """

    field_type = "TIMESTAMPTZ"

    def db_value(self, value: datetime | None) -> str | None:
        """Refuse naive times; write UTC with a fixed number of digits so that text sorts by time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{self.name}: a naive time cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def python_value(self, value: Any) -> datetime | None:
        """Read either database's form as an aware UTC time."""
        if value is None:
            return None
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        return moment.astimezone(UTC)


class DecimalField(BigIntegerField):
    """An exact decimal as a scaled integer (SQLite's decimals lose digits); ``places`` after the point."""

    def __init__(self, places: int = 2, **kwargs: Any) -> None:
        self.places = places
        super().__init__(**kwargs)

    def db_value(self, value: Decimal | int | None) -> int | None:
        """Scale to an integer; raises ValueError when digits would be lost or the number is too large."""
        if value is None:
            return None
        scaled = Decimal(value).scaleb(self.places)
        if scaled != scaled.to_integral_value(ROUND_HALF_UP) or abs(scaled) >= 2**63:
            raise ValueError(f"{self.name}: {value} does not fit {self.places} places")
        return int(scaled)

    def python_value(self, value: int | None) -> Decimal | None:
        """Scale back, keeping the field's number of places."""
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class Ciphertext(str):
    """A stored secret that nobody has asked for yet."""

    __slots__ = ()


class _DecryptWhenRead(FieldAccessor):
    """Decrypts when the attribute is read, so that a page that needs no secret loads without the key."""

    def __get__(self, instance: Any, instance_type: Any = None) -> Any:
        value = super().__get__(instance, instance_type)
        return crypto.keyring().decrypt(value) if isinstance(value, Ciphertext) else value


class EncryptedTextField(TextField):
    """Text stored as ciphertext; reading the attribute decrypts and may raise UnreadableSecret.

    It cannot be compared or searched, so both are refused.
    """

    accessor_class = _DecryptWhenRead

    def db_value(self, value: str | None) -> str | None:
        """Encrypt on the way in; what was never read goes back as it is."""
        if value is None or isinstance(value, Ciphertext):
            return value
        return crypto.keyring().encrypt(value)

    def python_value(self, value: str | None) -> str | None:
        """Keep the ciphertext until somebody reads the attribute."""
        return None if value is None else Ciphertext(value)

    def _refuse(self, _other: object) -> Any:
        raise TypeError(f"{self.name} is encrypted and cannot be compared")

    __eq__ = __ne__ = __lt__ = __gt__ = __le__ = __ge__ = _refuse
    __hash__ = TextField.__hash__


class EnumField(CharField):
    """One of a StrEnum's values; the table's CHECK comes from ``check()``."""

    def __init__(self, enum: type[StrEnum], **kwargs: Any) -> None:
        self.enum = enum
        super().__init__(max_length=24, **kwargs)

    def db_value(self, value: str | StrEnum | None) -> str | None:
        """Refuse values that the enum does not have."""
        return None if value is None else self.enum(value).value

    def python_value(self, value: str | None) -> StrEnum | None:
        """Give the enum's member back."""
        return None if value is None else self.enum(value)


class JsonField(TextField):
    """A small JSON value (facts for sentences, before and after); never queried by content."""

    def db_value(self, value: Any) -> str | None:
        """Write compact JSON with stable key order."""
        if value is None:
            return None
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)

    def python_value(self, value: str | None) -> Any:
        """Parse; numbers with a point come back as Decimal."""
        return None if value is None else json.loads(value, parse_float=Decimal)
