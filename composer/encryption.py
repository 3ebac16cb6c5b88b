"""Encryption at rest, under keys that can be rotated: the first of ENCRYPTION_KEYS encrypts, any of
them decrypts."""

from functools import lru_cache

from cryptography.fernet import Fernet, MultiFernet


@lru_cache(maxsize=4)
def fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
