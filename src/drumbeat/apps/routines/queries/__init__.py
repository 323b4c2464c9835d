"""Questions to the routines: one file an answer."""

from .agreed import OnRoutine, routines_with
from .asides import DayLoad, load_of_days, machine_deeds
from .clocks import Clocks, clocks_of
from .coming import ComingStep, coming_steps
from .drafts import DraftText, Verdict, draft_of, judge_draft
from .due import due_by_kind, stuck_by_state, unopened, unperformed
from .items import Item, item_of, items_of, just_done, open_items_with
from .loads import minutes_due
from .rhythm import Rhythm, RoutineRhythm, partner_rhythms, person_beats, routine_rhythms
from .score import (
    ScoreCell,
    ScoreMark,
    coming_marks,
    iterate_coming,
    iterate_opened,
    opened_marks,
    score_cells,
)
from .settings import setting_of, settings_of
from .shelves import reasons_named, shelves_now
from .spans import Span
from .telling import has_told, told_among
from .texts import routines_that_mail, texts_behind, titles_of, undone_steps
from .today import Line, Section, Today, overdue_count, today, today_lines
from .upcoming import Coming, Upcoming, coming_moments, upcoming_moments, upcoming_of_partners
from .upgrades import UpgradeLine, upgrade_lines

__all__ = [
    "Clocks",
    "Coming",
    "ComingStep",
    "DayLoad",
    "DraftText",
    "Item",
    "Line",
    "OnRoutine",
    "Rhythm",
    "RoutineRhythm",
    "ScoreCell",
    "ScoreMark",
    "Section",
    "Span",
    "Today",
    "Upcoming",
    "UpgradeLine",
    "Verdict",
    "clocks_of",
    "coming_marks",
    "coming_moments",
    "coming_steps",
    "draft_of",
    "due_by_kind",
    "has_told",
    "item_of",
    "items_of",
    "iterate_coming",
    "iterate_opened",
    "judge_draft",
    "just_done",
    "load_of_days",
    "machine_deeds",
    "minutes_due",
    "open_items_with",
    "opened_marks",
    "overdue_count",
    "partner_rhythms",
    "person_beats",
    "reasons_named",
    "routine_rhythms",
    "routines_that_mail",
    "routines_with",
    "score_cells",
    "setting_of",
    "settings_of",
    "shelves_now",
    "stuck_by_state",
    "texts_behind",
    "titles_of",
    "today",
    "today_lines",
    "told_among",
    "undone_steps",
    "unopened",
    "unperformed",
    "upcoming_moments",
    "upcoming_of_partners",
    "upgrade_lines",
]
