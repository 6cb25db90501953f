"""What a test knows to be there although its type allows None: where it is missing, the test fails at that word."""

from typing import TypeVar

Thing = TypeVar("Thing")


def sure(thing: Thing | None) -> Thing:
    assert thing is not None
    return thing
