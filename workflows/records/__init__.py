"""The tables of the product."""

from workflows.records.authentications import Authentication, AuthenticationChange, CodeCounter, RightsAnswer
from workflows.records.base import AnySelect, Base, Lockable, UtcDateTime, new_id, table
from workflows.records.bookings import Booking
from workflows.records.bulk import BulkLine, BundleRow
from workflows.records.campaigns import Campaign
from workflows.records.cases import UNDELIVERED, Case, InboundMessage, Incident, Subscription
from workflows.records.definitions import DefinitionRow
from workflows.records.history import ChainHead, HistoryRow
from workflows.records.idempotency import IdempotentCall
from workflows.records.innovation import InnovationUnit, UnitPerson
from workflows.records.lifetime import DormancyMark, MaintenanceWindow
from workflows.records.line import LineFamily, LinePerson, LineScan
from workflows.records.outbox import OutboxRow
from workflows.records.people import (
    Account,
    ApiToken,
    Consent,
    Grant,
    Membership,
    OneTimeLink,
    Session,
)
from workflows.records.provisioning import AcceptedDifference, Provisioning, ProvisioningTarget, token_place
from workflows.records.quotas import Quota, QuotaHold
from workflows.records.readings import CardBridge, EnrolmentCode, Reading, ReadingRequest
from workflows.records.reference import (
    Attempt,
    CalendarDay,
    Contact,
    Document,
    EditableText,
    Heartbeat,
    Organisation,
    Role,
    Series,
    Setting,
    TargetSystem,
    TextVersion,
)
from workflows.records.rounds import IssuanceRound, RoundMember, RoundSchedule
from workflows.records.services import CommonIllness, EndorsementReason, Profession, ServiceCode
from workflows.records.thaid import ThaidProof
from workflows.records.webhooks import WebhookDelivery, WebhookEndpoint
from workflows.records.work_items import NO_DUE_DATE, Draft, InboxRow, WorkItem

__all__ = [
    "NO_DUE_DATE",
    "UNDELIVERED",
    "AcceptedDifference",
    "Account",
    "AnySelect",
    "ApiToken",
    "Attempt",
    "Authentication",
    "AuthenticationChange",
    "Base",
    "Booking",
    "BulkLine",
    "BundleRow",
    "CalendarDay",
    "Campaign",
    "CardBridge",
    "Case",
    "ChainHead",
    "CodeCounter",
    "CommonIllness",
    "Consent",
    "Contact",
    "DefinitionRow",
    "Document",
    "DormancyMark",
    "Draft",
    "EditableText",
    "EndorsementReason",
    "EnrolmentCode",
    "Grant",
    "Heartbeat",
    "HistoryRow",
    "IdempotentCall",
    "InboundMessage",
    "InboxRow",
    "Incident",
    "InnovationUnit",
    "IssuanceRound",
    "LineFamily",
    "LinePerson",
    "LineScan",
    "Lockable",
    "MaintenanceWindow",
    "Membership",
    "OneTimeLink",
    "Organisation",
    "OutboxRow",
    "Profession",
    "Provisioning",
    "ProvisioningTarget",
    "Quota",
    "QuotaHold",
    "Reading",
    "ReadingRequest",
    "RightsAnswer",
    "Role",
    "RoundMember",
    "RoundSchedule",
    "Series",
    "ServiceCode",
    "Session",
    "Setting",
    "Subscription",
    "TargetSystem",
    "TextVersion",
    "ThaidProof",
    "UnitPerson",
    "UtcDateTime",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkItem",
    "new_id",
    "table",
    "token_place",
]
