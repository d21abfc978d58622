"""What can be asked in TM Forum's words, and where: quotes, checks and queries, alike but for their names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.conformance.desk import Desk, Document, changed
from tests.conformance.qualification import inquiring
from tests.conformance.quote import quoting
from tests.journeys.documents import ours
from tests.running import Running

QUOTES, QUALIFICATIONS = "/tmf-api/quoteManagement/v4", "/tmf-api/serviceQualificationManagement/v4"
QUOTE, CHECK, QUERY = "/quote", "/checkServiceQualification", "/queryServiceQualification"
MERGE, OPERATIONS = "application/merge-patch+json", "application/json-patch+json"
LATER = "2090-01-01T00:00:00Z"


@dataclass(frozen=True)
class Kind:
    """One of them at a desk.

    instant: the member that says that it is wanted at once. items: where what is asked about stands, and part: down to
    the product of the first. asked_at: when it came. slow: the name of a place that takes a while to find out about.
    answered: its state, once it is. elsewhere: the same resource in the words of MEF.
    """

    desk: Desk
    path: str
    sample: str
    instant: str
    items: str
    part: str
    asked_at: str
    slow: str
    answered: str
    elsewhere: tuple[str, str] | None

    def asking(self, *, instant: bool = True, place: str = "", at: str = "SITE-QUAY-4", **members: Any) -> Document:
        """What is sent; place: a name for it that the sandbox reads (`rules.yaml` there); at: which it is."""
        document: Document = ours(f"tmf/{self.sample}/asked.json") | {self.instant: instant}
        for day in ("requestedQuoteCompletionDate", "expectedQualificationDate"):  # that of the samples is over
            document.pop(day, None)
        if self.path == QUOTE:
            document["quoteItem"] = document["quoteItem"][:1]
            del document["quoteItem"][0]["productOfferingQualificationItem"]
        where = f"{self.part}/place/0"
        document = changed(changed(document, f"{where}/id", at), f"{where}/name", place or "Quay 4")
        kind = "GeographicSite" if at.startswith("SITE") else "GeographicAddress"
        return changed(document, f"{where}/@referredType", kind) | members

    def made(self, **members: Any) -> Document:
        """An answer that was wanted at once."""
        answer = self.desk.post(self.asking(**members), self.path)
        assert answer.status_code == 200, answer.text
        made: Document = answer.json()
        return made

    def waiting(self, **members: Any) -> Document:
        """A task that takes a while."""
        return self.desk.made(self.asking(instant=False, place=self.slow, **members), self.path)

    def over(self, **members: Any) -> Document:
        """One of which nothing more will come: an answer, or a quote that has been declined."""
        made = self.made(**members)
        if self.path != QUOTE:
            return made
        answer = self.patch(made["id"], {"state": "rejected"})
        assert answer.status_code == 200, answer.text
        declined: Document = answer.json()
        return declined

    def patch(self, id: str, document: Any, kind: str = "application/json") -> Any:
        """Change one."""
        return self.desk.patch(f"{self.path}/{id}", document, kind)

    def listed(self, query: str = "") -> list[Document]:
        """What a list shows."""
        return self.desk.listed(query, self.path)

    def once(self, id: str, *states: str) -> Document:
        """One, once it is in one of these states."""
        return self.desk.once(id, *states, path=self.path)


def quotes(service: Running, client: str = "demo-carrier-sil") -> Kind:
    """TMF648."""
    return Kind(Desk(service, QUOTES, client), QUOTE, "quote", "instantSyncQuote", "quoteItem", "/quoteItem/0/product",
                "quoteDate", "SLOW-PRICE-60-Quay", "approved", (quoting.SONATA, quoting.PATH))


def checks(service: Running, client: str = "demo-carrier-sil") -> Kind:
    """TMF645: can I have it there?"""
    return Kind(Desk(service, QUALIFICATIONS, client), CHECK, "qualification", "instantSyncQualification",
                "serviceQualificationItem", "/serviceQualificationItem/0/service", "checkServiceQualificationDate",
                "THINK-60-Quay", "done", (inquiring.SONATA, inquiring.PATH))


def queries(service: Running, client: str = "demo-carrier-sil") -> Kind:
    """TMF645: what can I have there?"""
    return Kind(Desk(service, QUALIFICATIONS, client), QUERY, "qualification_query", "instantSyncQualification",
                "searchCriteria", "/searchCriteria/service", "queryServiceQualificationDate", "THINK-60-Quay", "done",
                None)


KINDS = {"quote": quotes, "check": checks, "query": queries}
