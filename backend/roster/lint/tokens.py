CHARACTERS_PER_TOKEN = 4


def count_tokens(text: str) -> int:
    """About how many tokens a model reads for this text.

    A measured rule of thumb, the same for every model: one token per four characters,
    rounded up. It is meant for comparing texts, not for billing.
    """
    return -(-len(text) // CHARACTERS_PER_TOKEN)
