"""The verbs of routines: one file a family."""

from .answering import ask_again, lay_file, settle_form, take_file_away, tick_point, untick_point
from .approving import Opinion, Terms, give_opinion
from .closing import WoundUp, wind_up
from .closing_early import close_early
from .doing import (
    UNDO_FOR,
    Completion,
    complete_step,
    complete_steps,
    latest_due,
    postpone_step,
    undo_step,
)
from .drafting import discard_draft, publish_draft, save_draft, start_draft
from .following import follow_assignments
from .joining import Joined, join_work, part_work
from .lapsing import lapse_steps, miss_promises_due
from .machine import (
    await_meetings,
    await_people,
    claim_conditions,
    claim_steps,
    fail_step,
    finish_step,
    finish_steps,
    hand_step,
    hand_steps,
    hold_uncertain,
    look_again_together,
    release_steps,
    restart_step,
    skip_steps,
)
from .moving import Moved, move_occurrence, undo_move
from .opening import Opened, open_at_once, open_due
from .overriding import Agreement, agree_override, end_override, keep_override, withdraw_override
from .planning import plan_moments, plan_subscriptions
from .publishing import publish_version, retire_routine, start_routine
from .releasing import drop_work_for, move_work_for
from .smoothing import smooth_phases, undo_smoothing
from .subscribing import end_subscriptions, subscribe
from .upgrading import Upgraded, upgrade_routine

__all__ = [
    "UNDO_FOR",
    "Agreement",
    "Completion",
    "Joined",
    "Moved",
    "Opened",
    "Opinion",
    "Terms",
    "Upgraded",
    "WoundUp",
    "agree_override",
    "ask_again",
    "await_meetings",
    "await_people",
    "claim_conditions",
    "claim_steps",
    "close_early",
    "complete_step",
    "complete_steps",
    "discard_draft",
    "drop_work_for",
    "end_override",
    "end_subscriptions",
    "fail_step",
    "finish_step",
    "finish_steps",
    "follow_assignments",
    "give_opinion",
    "hand_step",
    "hand_steps",
    "hold_uncertain",
    "join_work",
    "keep_override",
    "lapse_steps",
    "latest_due",
    "lay_file",
    "look_again_together",
    "miss_promises_due",
    "move_occurrence",
    "move_work_for",
    "open_at_once",
    "open_due",
    "part_work",
    "plan_moments",
    "plan_subscriptions",
    "postpone_step",
    "publish_draft",
    "publish_version",
    "release_steps",
    "restart_step",
    "retire_routine",
    "save_draft",
    "settle_form",
    "skip_steps",
    "smooth_phases",
    "start_draft",
    "start_routine",
    "subscribe",
    "take_file_away",
    "tick_point",
    "undo_move",
    "undo_smoothing",
    "undo_step",
    "untick_point",
    "upgrade_routine",
    "wind_up",
    "withdraw_override",
]
