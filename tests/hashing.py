"""Passwords of people whom a test makes by the dozen."""


def hash_passwords_fast() -> None:
    """Hash them as nobody should; only where nobody is to sign in with one."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
