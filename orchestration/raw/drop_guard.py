"""A full delivery from which many rows are gone is more often a broken export than the truth: it wants a person's word.

Belongs here: counting what is gone, and what is too much. Does not belong here: what a person accepted
(`orchestration.accepted`), or refusing (`raw.partner`).
"""

from contracts.base import Extract
from orchestration.raw.store import OPEN, Store

SCRATCH_TABLES = {"intake.gone": "extract text, no integer, gone bigint, before bigint"}


def count_gone(store: Store, extract: type[Extract], only_words: str | None, *, is_single: bool) -> None:
    """`intake.gone`: of every full delivery, the keys that were the partner's word just before it, and those gone.

    Reads the temp table `event` and the rows `only_words` of `raw.events`, before any word is written. With one
    delivery alone `event` lacks the rows that did not change, so that what was there before is counted in the history,
    and nothing that it brings is gone.
    """
    ended = "select until_on, is_withdrawn, 1 as keys from event where not is_removal"
    before = f"(select count(*) from {extract.table} where _word_to = {OPEN})"
    if not is_single:
        if only_words:
            ended += f" union all select word_to, true, count(*) from {only_words} group by word_to"
        before = "cast(sum(ended.keys) as bigint)"
    store.run(
        f"""insert into intake.gone
        select '{extract.extract}', file.no, cast(coalesce(sum(ended.keys) filter (ended.is_withdrawn), 0) as bigint),
            {before}
        from intake.file as file
        inner join intake.batch as batch on file.no = batch.no and batch.in_force and not batch.is_delta
        inner join ({ended}) as ended on ended.until_on = batch.reference_on
        where file.extract = '{extract.extract}'
        group by file.no"""
    )


def too_many_gone(store: Store, least_rows: int, least_share: float) -> list[tuple[int, str]]:
    """Deliveries of this walk from which at least so many rows and such a share of an extract are gone, and why."""
    found = store.rows(
        """select gone.no, file.file, gone.gone, gone.before
        from intake.gone as gone inner join intake.file as file using (no, extract)
        where gone.gone >= ? and gone.gone >= ? * gone.before
        order by gone.no, file.file""",
        [least_rows, least_share],
    )
    by_no: dict[int, list[str]] = {}
    for no, file, gone, before in found:
        by_no.setdefault(no, []).append(f"{file}: {gone} of the {before} rows known before it are gone")
    return [
        (
            no,
            f"{'; '.join(files)} ({least_share:.0%} or more holds a full delivery): deliver it again, or take it as it "
            "is with `ketenzicht refresh --accept-drop`",
        )
        for no, files in by_no.items()
    ]
