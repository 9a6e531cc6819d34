"""How the value of a secret is kept: encrypted, together with what it is for.

The envelope names the component, the variable and the target. A row whose ciphertext
was put there from another row, or whose server does something else now, opens
nothing.
"""

import hashlib
from uuid import UUID

from roster.components.models import Component
from roster.core.crypto import Cipher
from roster.secrets.models import Secret


def bound_to(component: Component) -> str:
    """Digest of what a secret written now would be for; empty where there is nothing.

    The team is part of it: who gets a server by a transfer gets no secrets with it.
    """
    if not component.target_digest:
        return ""
    told = f"{component.team_id}\n{component.target_digest}"
    return hashlib.sha256(told.encode()).hexdigest()


def is_attached(secret: Secret, component: Component) -> bool:
    return secret.target_digest == bound_to(component)


def seal(cipher: Cipher, component: Component, key: str, value: str) -> str:
    return cipher.seal_for(_label(component.id, key, bound_to(component)), value)


def unseal(cipher: Cipher, secret: Secret, component: Component) -> str:
    """Give the value of a secret that is attached.

    Raises:
        NotOpenedError: It was not sealed for this.
    """
    label = _label(component.id, secret.key, bound_to(component))
    return cipher.open_for(label, secret.sealed)


def _label(component_id: UUID, key: str, target: str) -> list[str]:
    return [str(component_id), key, target]
