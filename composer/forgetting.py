"""Deletes rows that nobody needs any more: a batch at a time, so that others can write in
between."""

from django.db.models import QuerySet

AT_A_TIME = 1000  # rows of one statement, which holds SQLite
MOST = 20  # batches at one time; what is left goes the next time


def forget(rows: QuerySet) -> int:
    """How many went. By the id: the condition is asked once for each batch, and nothing but its ids
    is read."""
    model, gone = rows.model, 0
    for _turn in range(MOST):
        pks = list(rows.order_by().values_list("pk", flat=True)[:AT_A_TIME])
        if pks:
            QuerySet(model).filter(pk__in=pks).delete()
        gone += len(pks)
        if len(pks) < AT_A_TIME:
            break
    return gone
