"""What must hold among loans and copies: each sentence with the SQL that returns the ids of rows that break it."""

QUERIES = {
    "a copy is lent to one patron at a time": (
        "SELECT min(loan.id) FROM loans_loan loan WHERE loan.returned_at IS NULL "
        "GROUP BY loan.item_id HAVING count(*) > 1"
    ),
    "a copy on loan is neither on a shelf nor on its way": (
        "SELECT loan.id FROM loans_loan loan JOIN catalog_item i ON i.id = loan.item_id "
        "WHERE loan.returned_at IS NULL AND i.status <> 'on_loan'"
    ),
    "a copy said to be on loan is with a patron": (
        "SELECT i.id FROM catalog_item i WHERE i.status = 'on_loan' "
        "AND NOT EXISTS (SELECT 1 FROM loans_loan loan WHERE loan.item_id = i.id AND loan.returned_at IS NULL)"
    ),
    "a copy on loan is trapped for nobody": (
        "SELECT loan.id FROM loans_loan loan JOIN reservations_reservation r ON r.item_id = loan.item_id "
        "WHERE loan.returned_at IS NULL"
    ),
    "audiovisual and interlibrary loans are never extended": (
        "SELECT loan.id FROM loans_loan loan JOIN catalog_item i ON i.id = loan.item_id "
        "WHERE loan.extended_at IS NOT NULL AND (loan.audiovisual OR i.interlibrary)"
    ),
    "an extension ends after the day it was made": (
        "SELECT loan.id FROM loans_loan loan WHERE loan.returned_at IS NULL "
        "AND (loan.extended_at AT TIME ZONE 'Asia/Tokyo')::date >= loan.due_on"
    ),
    "a returned loan knows no patron": (
        "SELECT id FROM loans_loan WHERE (returned_at IS NULL) <> (patron_id IS NOT NULL)"
    ),
    "a fulfilled reservation is forgotten when its copy is back": (
        "SELECT r.id FROM reservations_reservation r WHERE r.state = 'fulfilled' AND NOT EXISTS ("
        "SELECT 1 FROM loans_loan loan JOIN catalog_item i ON i.id = loan.item_id "
        "WHERE loan.returned_at IS NULL AND loan.patron_id = r.patron_id AND i.title_id = r.title_id)"
    ),
    "a due date is an open day of the lending library": (
        "WITH promised AS (SELECT id, library_id, due_on AS day FROM loans_loan WHERE returned_at IS NULL) "
        "SELECT id FROM promised p WHERE day >= (now() AT TIME ZONE 'Asia/Tokyo')::date "
        "AND NOT EXISTS (SELECT 1 FROM catalog_extraopening e WHERE e.library_id = p.library_id AND e.date = day) "
        "AND (EXISTS (SELECT 1 FROM catalog_closedday c WHERE c.library_id = p.library_id AND c.date = day) "
        "OR NOT EXISTS (SELECT 1 FROM catalog_openinghours h WHERE h.library_id = p.library_id "
        "AND h.weekday = extract(isodow FROM day) - 1))"
    ),
    "a shelf deadline is an open day of the library of collection": (
        "WITH promised AS (SELECT id, pickup_library_id AS library_id, collect_by AS day "
        "FROM reservations_reservation WHERE state = 'ready') "
        "SELECT id FROM promised p WHERE day >= (now() AT TIME ZONE 'Asia/Tokyo')::date "
        "AND NOT EXISTS (SELECT 1 FROM catalog_extraopening e WHERE e.library_id = p.library_id AND e.date = day) "
        "AND (EXISTS (SELECT 1 FROM catalog_closedday c WHERE c.library_id = p.library_id AND c.date = day) "
        "OR NOT EXISTS (SELECT 1 FROM catalog_openinghours h WHERE h.library_id = p.library_id "
        "AND h.weekday = extract(isodow FROM day) - 1))"
    ),
}
