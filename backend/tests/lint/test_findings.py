import pytest

from roster.lint.findings import Edit, Fix, apply


def fix(*edits: tuple[int, int, str]) -> Fix:
    return Fix(
        title="x",
        edits=[Edit(start=start, end=end, text=text) for start, end, text in edits],
        safe=True,
    )


@pytest.mark.parametrize(
    ("fixes", "expected"),
    [
        ([], "abcdef"),
        ([fix((0, 0, ">"))], ">abcdef"),
        ([fix((6, 6, "<"))], "abcdef<"),
        ([fix((1, 3, "X"))], "aXdef"),
        ([fix((4, 5, "")), fix((0, 1, "A"))], "Abcdf"),
        ([fix((2, 2, "1"), (2, 2, "2")), fix((2, 2, "3"))], "ab123cdef"),
        ([fix((2, 4, "X")), fix((2, 2, "<")), fix((4, 4, ">"))], "ab<X>ef"),
        # A whole line goes before a part of a line, whoever asked first.
        ([fix((0, 0, "# ")), fix((0, 0, "new\n"))], "new\n# abcdef"),
    ],
)
def test_edits_are_applied_together(fixes: list[Fix], expected: str) -> None:
    assert apply("abcdef", fixes) == expected


@pytest.mark.parametrize(
    "fixes",
    [
        [fix((0, 3, "")), fix((2, 4, ""))],
        [fix((0, 3, "")), fix((1, 1, "x"))],
        [fix((3, 2, ""))],
        [fix((5, 7, ""))],
    ],
)
def test_edits_that_overlap_or_lie_outside_are_refused(fixes: list[Fix]) -> None:
    with pytest.raises(ValueError, match="overlaps another"):
        apply("abcdef", fixes)
