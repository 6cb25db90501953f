"""What must hold among reservations: each sentence with the SQL that returns the ids of rows that break it.

``unlisted`` asks the list that staff work by as well, which SQL alone cannot.
"""

from django.db import connection

from reservations.models import Reservation

WITHOUT_A_COPY = (
    "SELECT r.id FROM reservations_reservation r WHERE r.state = 'waiting' AND NOT EXISTS ("
    "SELECT 1 FROM catalog_item i WHERE i.title_id = r.title_id AND i.lendable "
    "AND i.status NOT IN ('withdrawn', 'missing')) ORDER BY r.id"
)

QUERIES = {
    "a copy is trapped for at most one reservation": (
        "SELECT min(id) FROM reservations_reservation WHERE item_id IS NOT NULL GROUP BY item_id HAVING count(*) > 1"
    ),
    "a trapped copy is of the reserved title": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_item i ON i.id = r.item_id "
        "WHERE i.title_id <> r.title_id"
    ),
    "what is ready stands on the hold shelf of its library": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_item i ON i.id = r.item_id "
        "WHERE r.state = 'ready' AND (i.status <> 'on_hold_shelf' OR i.library_id <> r.pickup_library_id)"
    ),
    "what is in transit travels to the library of collection": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_item i ON i.id = r.item_id "
        "WHERE r.state = 'in_transit' AND (i.status <> 'in_transit' OR i.destination_id <> r.pickup_library_id)"
    ),
    "a patron has one active reservation of a title": (
        "SELECT min(id) FROM reservations_reservation WHERE state IN ('waiting', 'in_transit', 'ready') "
        "GROUP BY patron_id, title_id HAVING count(*) > 1"
    ),
    "no number of a queue was drawn twice or never": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_title t ON t.id = r.title_id "
        "WHERE r.queue_number > t.last_queue_number OR r.queue_number < 1"
    ),
    "active reservations keep within the limits": (
        "SELECT min(r.id) FROM reservations_reservation r "
        "JOIN catalog_materialtype m ON m.id = r.material_type_id "
        "JOIN catalog_limitgroup g ON g.id = m.limit_group_id "
        "WHERE r.state IN ('waiting', 'in_transit', 'ready') "
        "GROUP BY r.patron_id, g.id, g.reservation_limit HAVING count(*) > g.reservation_limit"
    ),
    "audiovisual material is collected where it is handed out": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_library l ON l.id = r.pickup_library_id "
        "JOIN catalog_title t ON t.id = r.title_id JOIN catalog_materialtype m ON m.id = t.material_type_id "
        "WHERE m.audiovisual AND NOT l.hands_out_av AND r.state IN ('waiting', 'in_transit', 'ready')"
    ),
    "a volume was not trapped while an earlier one was awaited": (
        "SELECT late.id FROM reservations_reservation late JOIN reservations_reservation early "
        "ON early.sequence_id = late.sequence_id AND early.sequence_position < late.sequence_position "
        "WHERE late.item_id IS NOT NULL AND early.state IN ('waiting', 'in_transit') "
        "AND NOT EXISTS (SELECT 1 FROM reservations_reservationevent e "
        "WHERE e.reservation_id = early.id AND e.moved_to NOT IN ('waiting', 'in_transit'))"
    ),
    "a sequence is of one patron": (
        "SELECT r.id FROM reservations_reservation r JOIN reservations_sequence s ON s.id = r.sequence_id "
        "WHERE r.patron_id <> s.patron_id"
    ),
    "the last event of a reservation tells its state": (
        "SELECT r.id FROM reservations_reservation r JOIN LATERAL (SELECT moved_to FROM reservations_reservationevent "
        "e WHERE e.reservation_id = r.id ORDER BY e.id DESC LIMIT 1) last ON true WHERE last.moved_to <> r.state"
    ),
    "nobody on loan waits for the same title": (
        "SELECT r.id FROM reservations_reservation r JOIN catalog_item i ON i.title_id = r.title_id "
        "JOIN loans_loan l ON l.item_id = i.id AND l.patron_id = r.patron_id AND l.returned_at IS NULL "
        "WHERE r.state IN ('waiting', 'in_transit', 'ready')"
    ),
    "what is held has nobody's loan": (
        "SELECT r.id FROM reservations_reservation r JOIN loans_loan l ON l.item_id = r.item_id "
        "AND l.returned_at IS NULL WHERE r.state IN ('in_transit', 'ready')"
    ),
}


def unlisted() -> list[int]:
    """Return the reservations that wait where no copy can serve and are not on 「渡せる資料がない予約」."""
    listed = set(Reservation.objects.stranded().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(WITHOUT_A_COPY)
        return [pk for (pk,) in cursor.fetchall() if pk not in listed]


ASKED = {"a reservation that no copy can serve is on the list of these": unlisted}
