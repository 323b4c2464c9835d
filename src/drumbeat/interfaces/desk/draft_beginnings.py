"""What a draft can begin with: nothing, another routine, the library or a file. The page that asks is in `drafts`."""

from __future__ import annotations

from django.http import HttpRequest

from drumbeat.apps.routines.actions import save_draft, start_draft
from drumbeat.apps.routines.models import Routine
from drumbeat.apps.routines.queries import draft_of
from drumbeat.core.playbook.editing import values_of
from drumbeat.core.playbook.filling import under_another_name
from drumbeat.core.playbook.writing import write_tree
from drumbeat.core.refusal import Refused, insist
from drumbeat.interfaces.kit.viewer import Viewer
from drumbeat.library import routine_texts

MOST_BYTES = 80_000


def sources() -> list[tuple[str, str]]:
    published = list(Routine.objects.exclude(version=None).values_list("key", "title"))
    known = dict(published)
    library = [
        (key, str(values_of(text)["title"])) for key, text in routine_texts().items() if key not in known
    ]
    return [*published, *((key, f"{title} (of the library)") for key, title in library)]


def begun(request: HttpRequest, viewer: Viewer) -> str:
    """The key of the draft begun with what was sent. A file that is one of ours becomes the draft of its own key."""
    if file := request.FILES.get("file"):
        return _imported(file.read(MOST_BYTES + 1), viewer)
    sent = request.POST
    key, title, source = (sent.get(name, "").strip() for name in ("key", "title", "source"))
    if source and not key and source in routine_texts() and draft_of(source) is None:
        key, text = source, routine_texts()[source]
    else:
        insist(bool(title), "The routine needs a title", "Give it a few words.", "title")
        text = under_another_name(_text_of(source), key, title) if source else _empty(key, title)
    start_draft(key, text, by=viewer.person, at=viewer.at)
    return key


def _imported(content: bytes, viewer: Viewer) -> str:
    insist(
        len(content) <= MOST_BYTES,
        "The file is too large for a routine",
        "A routine has a few thousand characters.",
    )
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused("The file is no UTF-8 text", "Save it as UTF-8.") from error
    key = str(values_of(text).get("routine", ""))
    known = draft_of(key)
    if known is None:
        start_draft(key, text, by=viewer.person, at=viewer.at)
    else:
        insist(not known.is_saved, f"There is a draft of {key} already", "Publish it or throw it away first.")
        save_draft(key, text, seen=0, by=viewer.person, at=viewer.at)
    return key


def _text_of(key: str) -> str:
    found = draft_of(key)
    if found:
        return found.published or found.text
    insist(key in routine_texts(), f"There is no routine {key!r} to begin with", "Choose one of the list.")
    return routine_texts()[key]


def _empty(key: str, title: str) -> str:
    """The least that is a routine: what is left to say is marked by what is wrong with it."""
    return write_tree(
        {
            "routine": key,
            "title": title,
            "purpose": "Why it is worth everybody's time.",
            "promise": {"by": "vendor", "to": "partner", "text": "What the other side can count on."},
            "owner": "channel_manager",
            "goals": ["trust"],
            "audience": 'partner.status == "active"',
            "cadence": {
                "rule": "FREQ=MONTHLY;BYMONTHDAY=1",
                "at": "09:00",
                "zone": "partner",
                "roll": "following",
            },
            "grace": "1bd",
            "steps": [
                {"step": "do", "kind": "task", "title": "Do what was promised", "minutes": "15", "due": "0"}
            ],
        }
    )
