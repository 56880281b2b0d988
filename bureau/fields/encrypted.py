"""Columns whose plaintext never reaches the database, and the blind index by which one of them can be found.

Only equality can be asked, and only of the index: an encrypted column takes no prefix, range, pattern or comparison.
The keys come from the settings `FIELD_KEYS` and `FIELD_INDEX_KEY`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models

from bureau.kernel import ciphers

Connection = Any


def key_ring() -> ciphers.KeyRing:
    """The keys of this process."""
    return _ring(settings.FIELD_KEYS)


def encrypt(text: str, context: str) -> bytes:
    """The ciphertext of a column's value, for COPY and raw SQL; a blank stays blank."""
    return key_ring().encrypt(text.encode(), context.encode()) if text else b""


def encrypting(context: str) -> Callable[[str], bytes]:
    """`encrypt` for the many values of one bulk write."""
    encrypt_next = key_ring().encrypting(context.encode())
    return lambda text: encrypt_next(text.encode()) if text else b""


def decrypt(encrypted: bytes, context: str) -> str:
    """What `encrypt` was given."""
    return key_ring().decrypt(bytes(encrypted), context.encode()).decode() if encrypted else ""


def decrypting(context: str) -> Callable[[bytes], str]:
    """`decrypt` for the many values of one bulk read."""
    ring, bound = key_ring(), context.encode()
    return lambda encrypted: ring.decrypt(encrypted, bound).decode() if encrypted else ""


# A JSON value as `EncryptedJSONField` spells it before it is encrypted.
as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def blind_index(text: str, context: str) -> bytes:
    """What the index column of `context` holds for this value."""
    return _indexer(settings.FIELD_INDEX_KEY, context)(text)


@lru_cache(maxsize=8)
def _ring(keys: str) -> ciphers.KeyRing:
    return ciphers.KeyRing.of(ciphers.read_keys(keys))


@lru_cache(maxsize=64)
def _indexer(key: str, context: str) -> Callable[[str], bytes]:
    return ciphers.indexer(ciphers.read_key(key), context.encode())


class EncryptedField(models.Field):
    """What all encrypted columns share. `context` binds the ciphertext to its column, also in a copy of the table.

    `is_kept` says that the table refuses to be rewritten: its values keep the key with which they were written.
    """

    def __init__(self, *args: Any, context: str, is_kept: bool = False, **kwargs: Any) -> None:
        self.context = context
        self.is_kept = is_kept
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kept = {"is_kept": True} if self.is_kept else {}
        return name, path, args, {**kwargs, "context": self.context, **kept}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def db_check(self, connection: Connection) -> str:
        """The table itself refuses what does not look like a ciphertext."""
        column = connection.ops.quote_name(self.column)
        return f"octet_length({column}) = 0 OR (octet_length({column}) >= 31 AND get_byte({column}, 0) = 1)"

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        return None

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Connection, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        return None if value is None else self.to_bytes(value)

    def get_db_prep_save(self, value: Any, connection: Connection) -> Any:
        return value if hasattr(value, "as_sql") else self.get_db_prep_value(value, connection)

    def from_db_value(self, value: Any, expression: Any, connection: Connection) -> Any:
        return None if value is None else self.to_value(bytes(value))

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def to_value(self, encrypted: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(EncryptedField, models.TextField):
    """A text; the blank text is stored as no bytes."""

    def to_bytes(self, value: str) -> bytes:
        return encrypt(str(value), self.context)

    def to_value(self, encrypted: bytes) -> str:
        return decrypt(encrypted, self.context)


class EncryptedJSONField(EncryptedField, models.JSONField):
    """A JSON value, encrypted as a whole."""

    def to_bytes(self, value: Any) -> bytes:
        return encrypt(as_json(value), self.context)

    def to_value(self, encrypted: bytes) -> Any:
        return json.loads(decrypt(encrypted, self.context))


class EncryptedBytesField(EncryptedField, models.BinaryField):
    """Bytes, such as a whole file."""

    def to_bytes(self, value: bytes) -> bytes:
        return key_ring().encrypt(bytes(value), self.context.encode()) if value else b""

    def to_value(self, encrypted: bytes) -> bytes:
        return key_ring().decrypt(encrypted, self.context.encode()) if encrypted else b""


class BlindIndexField(models.BinaryField):
    """The keyed index of the encrypted field `of`, kept by `save`; asked for with `blind_index(text, context)`.

    It is compared with bytes alone, so that no text from an address can be tried on it.
    """

    def __init__(self, *args: Any, of: str, context: str, **kwargs: Any) -> None:
        self.of = of
        self.context = context
        super().__init__(*args, **{"editable": False, **kwargs})

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of, "context": self.context}

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull") else None

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, str):
            raise TypeError("a blind index is compared with bytes")
        return super().get_prep_value(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:  # noqa: FBT001
        text = getattr(model_instance, self.of)
        index = blind_index(text, self.context) if text else None
        setattr(model_instance, self.attname, index)
        return index
