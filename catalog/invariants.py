"""What must hold in the catalogue: each sentence with the SQL that returns the ids of rows that break it."""

QUERIES = {
    "a copy's barcode belongs to one copy in any writing": (
        "SELECT min(id) FROM catalog_item GROUP BY upper(barcode) HAVING count(*) > 1"
    ),
    "a copy in transit has somewhere to go": (
        "SELECT id FROM catalog_item WHERE (status = 'in_transit') <> (destination_id IS NOT NULL)"
    ),
    "a refined material type is of the same kind as the type it refines": (
        "SELECT fine.id FROM catalog_materialtype fine JOIN catalog_materialtype base ON base.id = fine.refines_id "
        "WHERE fine.audiovisual <> base.audiovisual"
    ),
    "there is one row of house rules": "SELECT count(*) FROM catalog_policy HAVING count(*) <> 1",
}
