"""Class and location: the preferences' or a rule's, where the provider's company uses them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from webapp.accounting.accounts import gone
from webapp.accounting.drafts import DocumentDraft, DocumentKind
from webapp.accounting.provider import ListedEntry, ProviderCompany, ProviderLists
from webapp.accounting.reasons import Reasons
from webapp.accounting.rule_matching import Matching, applied
from webapp.accounting.sources import MappingRules, Reason, Rule

Entries = Mapping[str, ListedEntry]


def has_classes(company: ProviderCompany) -> bool:
    """Whether the provider's company uses classes at all."""
    return company.class_on_document or company.class_on_lines


def entry_problem(field: str, id_: str, entries: Entries) -> Reason | None:
    """Why a chosen class or location cannot be used: the provider's list does not have it (any more)."""
    entry = entries.get(id_)
    if entry is None:
        return gone(field, id_)
    return None if entry.active else gone(field, entry.name)


class Dimensions:
    """The class and location of one document; neither must be chosen, so only what is gone is a reason."""

    def __init__(
        self,
        kind: DocumentKind,
        rules: MappingRules,
        matching: Matching,
        company: ProviderCompany,
        lists: ProviderLists,
        reasons: Reasons,
    ) -> None:
        self._kind = kind
        self._rules = rules
        self._matching = matching
        self._company = company
        self._lists = lists
        self._reasons = reasons

    def on(self, draft: DocumentDraft) -> DocumentDraft:
        """The draft with the class and location of the document as a whole."""
        if self._has_class():
            rule = self._matching.of_document("class_id")
            draft = replace(draft, class_id=self._class(rule), class_rule=applied(rule))
        if self._company.locations:
            rule = self._matching.of_document("location_id")
            location_id = self._checked("location_id", rule, self._lists.locations)
            draft = replace(draft, location_id=location_id, location_rule=applied(rule))
        return draft

    def of_line(self, rule: Rule | None) -> str | None:
        """The class of a line to which this rule applies."""
        return self._class(rule) if self._company.class_on_lines else None

    def _has_class(self) -> bool:
        """Whether the document as a whole has a class; QuickBooks' bills have none."""
        on_whole = self._company.class_on_document and not self._company.class_on_lines
        return on_whole and self._kind is not DocumentKind.BILL

    def _class(self, rule: Rule | None) -> str | None:
        return self._checked("class_id", rule, self._lists.classes)

    def _checked(self, field: str, rule: Rule | None, entries: Entries) -> str | None:
        ruled: str | None = getattr(rule, field, None)
        id_: str | None = ruled or getattr(self._rules, field)
        problem = entry_problem(field, id_, entries) if id_ else None
        if problem:
            self._reasons.note(gone("rules", rule.value) if rule and ruled else problem)
            return None
        return id_
