"""Tables of people, their access, the import of people, and what concerns their data."""

from elearn.members.models.access import GrantRequest, InitialCode, RecoveryCode, RoleGrant, SignInFailure, SignInSession, Totp
from elearn.members.models.imports import Import, ImportMapping, ImportRow
from elearn.members.models.people import (
    DecisionMember,
    DuplicateVerdict,
    Member,
    MemberCard,
    MemberMerge,
    MemberSensitive,
    Membership,
    PersonnelDecision,
    Position,
)
from elearn.members.models.privacy import Consent, ConsentText, RetentionPeriod, RightsRequest

__all__ = [
    "Consent", "ConsentText", "DecisionMember", "DuplicateVerdict", "GrantRequest", "Import", "ImportMapping", "ImportRow", "InitialCode",
    "Member", "MemberCard", "MemberMerge", "MemberSensitive", "Membership", "PersonnelDecision", "Position", "RecoveryCode",
    "RetentionPeriod", "RightsRequest", "RoleGrant", "SignInFailure", "SignInSession", "Totp",
]  # fmt: skip
