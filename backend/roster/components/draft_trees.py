"""What a draft's tree and that of a newer revision come to together, by paths."""

from collections.abc import Iterable, Mapping

from sqlmodel.ext.asyncio.session import AsyncSession

from roster.components.content import TreeFile
from roster.components.draft_files import replace, tree_of
from roster.components.kinds import KINDS
from roster.components.lifecycle_schemas import FileMerge, Side
from roster.components.models import Draft
from roster.components.tree_upload import check_tree, clashes
from roster.components.trees import files_of
from roster.core.errors import Invalid
from roster.settings import Settings

Files = Mapping[str, TreeFile]
"""The files beside a main one, by their paths."""


async def compare(
    session: AsyncSession, kind: str, draft: Draft, number: int
) -> list[FileMerge]:
    """The files that the draft and the revision do not both have alike."""
    base = await _others(session, kind, draft, draft.base_number)
    theirs = await _others(session, kind, draft, number)
    mine = {file.path: file for file in await tree_of(session, draft)}
    return compare_trees(base, mine, theirs)


def compare_trees(base: Files, mine: Files, theirs: Files) -> list[FileMerge]:
    """The files that two sides do not both have alike, and which of them changed it."""
    found = []
    for path in sorted({*base, *mine, *theirs}):
        was, ours, other = base.get(path), mine.get(path), theirs.get(path)
        if ours == other:
            continue
        side = None
        if ours == was:
            side = Side.theirs
        elif other == was:
            side = Side.mine
        found.append(
            FileMerge(
                path=path,
                base=was and was.digest,
                mine=ours and ours.digest,
                theirs=other and other.digest,
                side=side,
            )
        )
    return _with_clashes(found, mine)


def _with_clashes(found: list[FileMerge], mine: Iterable[str]) -> list[FileMerge]:
    """Leave to choose what merges alone, but then cannot be together."""
    taken = {one.path for one in found if one.side is Side.theirs and one.theirs}
    gone = {one.path for one in found if one.side is Side.theirs and not one.theirs}
    unsure: set[str] = set()
    for path, other, _ in clashes((set(mine) - gone) | taken):
        unsure |= {path, other}
    return [
        one.model_copy(update={"side": None}) if one.path in unsure else one
        for one in found
    ]


async def take(  # noqa: PLR0913, PLR0917 - one for each thing that it depends on
    session: AsyncSession,
    kind: str,
    draft: Draft,
    number: int,
    paths: Iterable[str],
    settings: Settings,
) -> None:
    """Put the revision's files of these paths into the draft, or take them out.

    Raises:
        Invalid: The files cannot be together then.
        TooLarge: They are too many or too large then.
    """
    wanted = set(paths)
    if not wanted:
        return
    theirs = await _others(session, kind, draft, number)
    mine = {file.path: file for file in await tree_of(session, draft)}
    kept = taken(mine, theirs, wanted)
    check_tree(kept, settings)
    await replace(session, draft, kept)


def taken(mine: Files, theirs: Files, paths: Iterable[str]) -> list[TreeFile]:
    """My files, but of these paths theirs, or none where they have none."""
    files = dict(mine)
    for path in paths:
        files.pop(path, None)
        if path in theirs:
            files[path] = theirs[path]
    return [files[path] for path in sorted(files)]


def chosen(files: Iterable[FileMerge], theirs: Iterable[str]) -> set[str]:
    """The paths of which theirs is taken: what they alone changed, and these.

    Raises:
        Invalid: Theirs is taken of a file that only one side changed.
    """
    merged = list(files)
    open_paths = {file.path for file in merged if file.side is None}
    for path in theirs:
        if path not in open_paths:
            message = f"There is nothing to choose about {path}."
            raise Invalid.field("theirs", message, "unknown")
    return {file.path for file in merged if file.side is Side.theirs} | {*theirs}


async def follow(
    session: AsyncSession, kind: str, draft: Draft, number: int, settings: Settings
) -> None:
    """Take what only the revision changed, before the draft is based on it.

    Otherwise publishing the draft would silently undo it.
    """
    if not KINDS[kind].is_tree:
        return
    files = await compare(session, kind, draft, number)
    changed = [file.path for file in files if file.side is Side.theirs]
    await take(session, kind, draft, number, changed, settings)


async def _others(
    session: AsyncSession, kind: str, draft: Draft, number: int
) -> dict[str, TreeFile]:
    files = await files_of(session, draft.component_id, number)
    return {file.path: file for file in files if file.path != KINDS[kind].main}
