"""What a ciphertext promises: another one each time, its own column, its own key, not one bit of it altered."""

from __future__ import annotations

import base64

import pytest

from bureau.kernel import ciphers
from bureau.kernel.errors import BusinessError

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
RING = ciphers.KeyRing.of({2: NEW, 1: OLD})
COLUMN = b"person.id_number"


def test_a_value_comes_back_and_costs_31_bytes() -> None:
    encrypted = RING.encrypt(b"51070419760824187X", COLUMN)

    assert RING.decrypt(encrypted, COLUMN) == b"51070419760824187X"
    assert len(encrypted) == 18 + 31 == 18 + ciphers.OVERHEAD
    assert encrypted[:3] == b"\x01\x00\x02" == RING.header


def test_the_same_value_never_looks_the_same() -> None:
    assert len({RING.encrypt(b"same", COLUMN) for _ in range(1_000)}) == 1_000


def test_many_values_of_a_column_are_encrypted_as_one_is() -> None:
    encrypt = RING.encrypting(COLUMN)
    found = [encrypt(b"same") for _ in range(3 * ciphers.NONCES_AT_ONCE)]

    assert len({one[3:15] for one in found}) == len(found)
    assert {RING.decrypt(one, COLUMN) for one in found} == {b"same"}


def test_an_old_key_still_reads_and_no_longer_writes() -> None:
    before = ciphers.KeyRing.of({1: OLD}).encrypt(b"x", COLUMN)

    assert RING.decrypt(before, COLUMN) == b"x"
    assert ciphers.key_number_of(before) == 1
    assert ciphers.key_number_of(RING.encrypt(b"x", COLUMN)) == 2


def test_every_single_bit_is_protected() -> None:
    encrypted = RING.encrypt(b"5107", COLUMN)
    for place in range(len(encrypted) * 8):
        altered = bytearray(encrypted)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(BusinessError) as refused:
            RING.decrypt(bytes(altered), COLUMN)
        assert refused.value.code in ("ciphers.unreadable", "ciphers.key_missing")


def test_a_value_cannot_be_moved_to_another_column() -> None:
    with pytest.raises(BusinessError, match=r"ciphers\.unreadable"):
        RING.decrypt(RING.encrypt(b"13800001234", b"person.phone"), COLUMN)


@pytest.mark.parametrize("garbage", [b"", b"51070419760824187X", b"\x01" * 30, b"\x02" * 40])
def test_what_is_no_ciphertext_is_called_so(garbage: bytes) -> None:
    with pytest.raises(BusinessError, match=r"ciphers\.(unreadable|key_missing)"):
        RING.decrypt(garbage, COLUMN)


def test_a_retired_key_is_named() -> None:
    with pytest.raises(BusinessError, match="编号为 1 的字段密钥"):
        ciphers.KeyRing.of({2: NEW}).decrypt(ciphers.KeyRing.of({1: OLD}).encrypt(b"x", COLUMN), COLUMN)


def test_a_blind_index_depends_on_value_column_and_key() -> None:
    index = ciphers.indexer(OLD, COLUMN)

    assert index("51070419760824187X") == index("51070419760824187X")
    assert len(index("51070419760824187X")) == 16
    others = {index("510704197608241861"), ciphers.indexer(OLD, b"person.phone")("51070419760824187X")}
    assert index("51070419760824187X") not in {*others, ciphers.indexer(NEW, COLUMN)("51070419760824187X")}


def test_a_ring_is_read_newest_first() -> None:
    text = f"2:{base64.b64encode(NEW).decode()}, 1:{base64.b64encode(OLD).decode()}"
    assert list(ciphers.read_keys(text).items()) == [(2, NEW), (1, OLD)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "没有密钥"),
        ("abc", "编号:base64"),
        ("0:" + base64.b64encode(OLD).decode(), "1 至 65535"),
        ("1:***", "不是 base64"),
        ("1:" + base64.b64encode(b"short").decode(), "32 个随机字节"),
        ("1:" + base64.b64encode(b"k" * 32).decode(), "32 个随机字节"),
        (",".join(["1:" + base64.b64encode(OLD).decode()] * 2), "重复"),
        (",".join(f"{number}:" + base64.b64encode(OLD).decode() for number in (1, 2)), "不得相同"),
    ],
)
def test_a_ring_that_is_none_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        ciphers.read_keys(text)


def test_a_ring_does_not_show_its_keys() -> None:
    assert "AESGCM" not in repr(RING)
    assert OLD.hex() not in repr(RING)
