"""The verbs of forms: one file a family."""

from .answering import keep_draft, reopen_answer, submit_answer
from .filing import add_own_form, keep_file
from .linking import Wanted, issue_links, revoke_link, revoke_links, use_links

__all__ = [
    "Wanted",
    "add_own_form",
    "issue_links",
    "keep_draft",
    "keep_file",
    "reopen_answer",
    "revoke_link",
    "revoke_links",
    "submit_answer",
    "use_links",
]
