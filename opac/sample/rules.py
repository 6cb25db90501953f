"""What Okayama chose: its name and addresses, its limits, the labels of its 朗読CD (SPEC R3, decision 12)."""

from catalog.models import LimitGroup, MaterialType, Policy

POLICY = {
    "organisation_name": "岡山市立図書館",
    "home_url": "https://www.ocl.city.okayama.jp",
    "mail_from": "toshokan@ocl.city.okayama.jp",
}
LIMITS = {
    # name: reservations, loans
    "CD（音楽・落語など）": (10, 5),
    "DVD・ビデオ": (10, 5),
}
SPOKEN_CD_LABELS = (700, 799)  # of the library's own AV classification, which is not NDC


def write() -> None:
    """Write Okayama's rules over those of a new installation."""
    Policy.objects.update(**POLICY)
    for name, (reservations, loans) in LIMITS.items():
        LimitGroup.objects.filter(name=name).update(reservation_limit=reservations, loan_limit=loans)
    first, last = SPOKEN_CD_LABELS
    spoken = MaterialType.objects.filter(code="spoken_cd")
    spoken.update(refines=MaterialType.objects.get(code="cd"), label_first=first, label_last=last)
