"""Signing in with Entra ID through azure-identity, which is imported only when somebody does so."""

import asyncio
import time
from typing import Any

from playground.api.connection import TokenProvider
from playground.api.errors import SignInFailed

SCOPE = "https://cognitiveservices.azure.com/.default"
REFRESH_BEFORE_SECONDS = 300.0


def entra_credential(source: Any = None) -> TokenProvider:
    """Tokens of whoever is signed in on this computer (az login, environment, managed identity …).

    ``source`` takes the place of azure-identity's default; it needs ``get_token(scope)``.
    """
    return EntraTokens(source)


class EntraTokens:
    """Asks azure-identity for a token, in a thread, and again five minutes before it expires."""

    def __init__(self, source: Any = None) -> None:
        self._source = source
        self._token = ""
        self._expires = 0.0
        self._asking = asyncio.Lock()

    async def __call__(self) -> str:
        """A token that is still good for a while. Raises ``SignInFailed``."""
        async with self._asking:
            if time.time() > self._expires - REFRESH_BEFORE_SECONDS:
                self._token, self._expires = await asyncio.to_thread(self._ask)
        return self._token

    def _ask(self) -> tuple[str, float]:
        try:
            if self._source is None:
                from azure.identity import DefaultAzureCredential

                self._source = DefaultAzureCredential()
            found = self._source.get_token(SCOPE)
        except ImportError as error:
            message = "Signing in with Entra ID needs the package azure-identity, which is not installed."
            raise SignInFailed(message) from error
        except Exception as error:
            raise SignInFailed(f"Signing in with Entra ID failed: {error}") from error
        return found.token, float(found.expires_on)
