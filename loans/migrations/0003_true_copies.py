"""Keep ``audiovisual`` of a loan what its material type says: a composite foreign key, as in reservations."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("loans", "0002_initial"), ("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE loans_loan ADD CONSTRAINT loan_audiovisual_is_the_types "
            "FOREIGN KEY (material_type_id, audiovisual) REFERENCES catalog_materialtype (id, audiovisual) "
            "ON UPDATE CASCADE",
            "ALTER TABLE loans_loan DROP CONSTRAINT loan_audiovisual_is_the_types",
        ),
    ]
