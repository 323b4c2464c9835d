"""Laws of the one comparison: it leads to what is wanted, does no more than that, twice is once, touched stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drumbeat.core.reconciling import Changes, reconcile

identities = st.integers(0, 12)
plans = st.dictionaries(identities, st.integers(0, 3))
touched = st.frozensets(identities)


def applied(arranged: dict[int, int], changes: Changes[int, int]) -> dict[int, int]:
    kept = {key: value for key, value in arranged.items() if key not in changes.cancel}
    return kept | changes.create | changes.move


@given(plans, plans, touched)
def test_it_leads_to_what_is_wanted_where_nobody_touched_and_leaves_the_rest(
    wanted, arranged, theirs
) -> None:
    after = applied(arranged, reconcile(wanted, arranged, touched=theirs))
    for key in {*wanted, *arranged}:
        if key in theirs:
            assert after.get(key) == arranged.get(key)
        else:
            assert after.get(key) == wanted.get(key)


@given(plans, plans, touched)
def test_twice_is_once(wanted, arranged, theirs) -> None:
    after = applied(arranged, reconcile(wanted, arranged, touched=theirs))
    assert not reconcile(wanted, after, touched=theirs)


@given(plans, plans, touched)
def test_it_is_minimal(wanted, arranged, theirs) -> None:
    """Each change is needed: left out, the result would differ from what is wanted."""
    changes = reconcile(wanted, arranged, touched=theirs)
    assert not {*changes.create} & {*arranged} and {*changes.move} | changes.cancel <= {*arranged}
    for key in {*changes.create, *changes.move, *changes.cancel}:
        assert arranged.get(key) != wanted.get(key)
    assert len({*changes.create, *changes.move, *changes.cancel}) == (
        len(changes.create) + len(changes.move) + len(changes.cancel)
    )


@given(plans, plans, touched, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(wanted, arranged, theirs, chance) -> None:
    def shuffled(plan: dict[int, int]) -> dict[int, int]:
        items = list(plan.items())
        chance.shuffle(items)
        return dict(items)

    assert reconcile(wanted, arranged, touched=theirs) == reconcile(
        shuffled(wanted), shuffled(arranged), touched=list(theirs)
    )


@given(plans, plans, plans, touched)
def test_a_missed_plan_in_between_makes_no_difference(first, second, arranged, theirs) -> None:
    by_way_of = applied(arranged, reconcile(first, arranged, touched=theirs))
    late = applied(by_way_of, reconcile(second, by_way_of, touched=theirs))
    assert late == applied(arranged, reconcile(second, arranged, touched=theirs))
