"""Encryption of single values with a ring of keys (AES-256-GCM), and the keyed blind index that finds them again.

A ciphertext is one byte of version, two bytes of key number, twelve of nonce, then the encrypted text with its tag. The
tag also covers the header and a context (the column's name), so that a value cannot be moved to another column.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bureau.kernel.errors import BusinessError

VERSION: Final = b"\x01"
KEY_BYTES: Final = 32
HEADER_BYTES: Final = 3
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
NONCES_AT_ONCE: Final = 1_024
INDEX_BYTES: Final = 16
OVERHEAD: Final = HEADER_BYTES + NONCE_BYTES + TAG_BYTES
_LARGEST_KEY_NUMBER: Final = 65_535


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys by number; new values are encrypted with `current`, old ones stay readable while theirs is kept."""

    current: int
    _ciphers: Mapping[int, AESGCM] = field(repr=False)

    @classmethod
    def of(cls, keys: Mapping[int, bytes]) -> KeyRing:
        """A ring whose first key is the current one."""
        return cls(next(iter(keys)), {number: AESGCM(key) for number, key in keys.items()})

    @property
    def header(self) -> bytes:
        """How a ciphertext of the current key begins."""
        return header_of(self.current)

    @property
    def numbers(self) -> frozenset[int]:
        return frozenset(self._ciphers)

    def encrypt(self, plain: bytes, context: bytes) -> bytes:
        """A new ciphertext each time, also of the same value."""
        header = header_of(self.current)
        nonce = os.urandom(NONCE_BYTES)
        return header + nonce + self._ciphers[self.current].encrypt(nonce, plain, header + context)

    def encrypting(self, context: bytes) -> Callable[[bytes], bytes]:
        """`encrypt` for many values of one column, for one piece of work: the nonces are drawn by the thousand, so
        that it must never be kept across a fork."""
        header, encrypt, nonces = header_of(self.current), self._ciphers[self.current].encrypt, _nonces()
        bound = header + context

        def encrypt_next(plain: bytes) -> bytes:
            nonce = next(nonces)
            return header + nonce + encrypt(nonce, plain, bound)

        return encrypt_next

    def decrypt(self, encrypted: bytes, context: bytes) -> bytes:
        """The value, or `ciphers.*` where the key is gone or a single bit was changed."""
        if len(encrypted) < OVERHEAD or encrypted[:1] != VERSION:
            raise BusinessError("ciphers.unreadable", "加密字段的内容不是密文，请报告系统管理员。")
        number = key_number_of(encrypted)
        cipher = self._ciphers.get(number)
        if cipher is None:
            raise BusinessError(
                "ciphers.key_missing", f"缺少编号为 {number} 的字段密钥，内容无法解密，请报告系统管理员。"
            )
        header, nonce = encrypted[:HEADER_BYTES], encrypted[HEADER_BYTES : HEADER_BYTES + NONCE_BYTES]
        try:
            return cipher.decrypt(nonce, encrypted[HEADER_BYTES + NONCE_BYTES :], header + context)
        except InvalidTag:
            raise BusinessError("ciphers.unreadable", "加密字段被改动或移动过，无法解密，请报告系统管理员。") from None


def _nonces() -> Iterator[bytes]:
    while True:
        drawn = os.urandom(NONCE_BYTES * NONCES_AT_ONCE)
        for start in range(0, len(drawn), NONCE_BYTES):
            yield drawn[start : start + NONCE_BYTES]


def header_of(number: int) -> bytes:
    """Version and key number, as they stand before a ciphertext."""
    return VERSION + number.to_bytes(2, "big")


def key_number_of(encrypted: bytes) -> int:
    """Which key a ciphertext needs."""
    return int.from_bytes(encrypted[1:HEADER_BYTES], "big")


def indexer(key: bytes, context: bytes) -> Callable[[str], bytes]:
    """The blind index of a column: equal values have equal indices, and nobody computes one without the key."""
    column_key = hmac.digest(key, b"blind index of " + context, hashlib.sha256)
    return partial(_index, column_key)


def _index(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")[:INDEX_BYTES]


def read_keys(text: str) -> dict[int, bytes]:
    """`2:base64,1:base64`, the newest first; raises `ValueError` with a sentence."""
    keys: dict[int, bytes] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        number, colon, encoded = part.partition(":")
        if not colon or not number.isascii() or not number.isdigit() or not 0 < int(number) <= _LARGEST_KEY_NUMBER:
            raise ValueError("每把密钥应写成 编号:base64，编号为 1 至 65535，多把用逗号分开，最新的在前。")
        if int(number) in keys:
            raise ValueError(f"密钥编号 {int(number)} 重复。")
        keys[int(number)] = read_key(encoded)
    if not keys:
        raise ValueError("没有密钥。")
    if len(set(keys.values())) < len(keys):
        raise ValueError("不同编号的密钥不得相同。")
    return keys


def read_key(encoded: str) -> bytes:
    """32 bytes in base64; raises `ValueError` with a sentence."""
    try:
        key = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        raise ValueError("密钥不是 base64。") from None
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        raise ValueError(f"密钥应为 {KEY_BYTES} 个随机字节的 base64。")
    return key
