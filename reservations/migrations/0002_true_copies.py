"""Keep the repeated columns of a reservation true by composite foreign keys, which Django does not write itself.

A change of the record's type, of the type's kind or of the library's rule cascades into the reservations, where the
constraint of promise 5 judges it.
"""

from django.db import migrations


def key(name, columns, table, referred):
    return migrations.RunSQL(
        f"ALTER TABLE reservations_reservation ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
        f"REFERENCES {table} ({referred}) ON UPDATE CASCADE",
        f"ALTER TABLE reservations_reservation DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("reservations", "0001_initial"), ("catalog", "0001_initial")]

    operations = [
        key("reservation_type_is_the_titles", "title_id, material_type_id", "catalog_title", "id, material_type_id"),
        key(
            "reservation_audiovisual_is_the_types",
            "material_type_id, audiovisual",
            "catalog_materialtype",
            "id, audiovisual",
        ),
        key(
            "reservation_pickup_is_the_librarys",
            "pickup_library_id, pickup_hands_out_av",
            "catalog_library",
            "id, hands_out_av",
        ),
    ]
