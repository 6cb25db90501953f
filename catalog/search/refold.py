"""Fold stored records again, after the folding or a series' name has changed."""

from collections.abc import Callable

from catalog.models import Title

CHUNK = 1000


def refold(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Write the derived columns of titles where they differ from what they would be now; return how many did."""
    changed, done, last, total = 0, 0, 0, Title.objects.count()
    while titles := list(Title.objects.select_related("series").filter(pk__gt=last).order_by("pk")[:CHUNK]):
        stale = [title for title in titles if _derive(title)]
        Title.objects.bulk_update(stale, ("folded", "title_key", "creator_key"))
        changed, done, last = changed + len(stale), done + len(titles), titles[-1].pk
        progress(done, max(total, done))
    return changed


def _derive(title: Title) -> bool:
    before = (title.folded, title.title_key, title.creator_key)
    title.folded, title.title_key, title.creator_key = (
        title.fold_text(),
        title.title_sort_key(),
        title.creator_sort_key(),
    )
    return before != (title.folded, title.title_key, title.creator_key)
