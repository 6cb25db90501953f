"""Write how records tell their material type and their copies; a library changes these rows as its vendors differ."""

from django.db import migrations

RULES = (
    # leader/06, leader/07, beginning of 007, words of 245 $h and 300, material type
    ("", "", "vf", "", "video"),
    ("", "", "vd", "", "dvd"),
    ("g", "", "", "ビデオカセット、VHS", "video"),
    ("g", "", "", "", "dvd"),
    ("ij", "", "", "", "cd"),
    ("", "", "sd.f", "", "cd"),
    ("", "sb", "", "", "magazine"),
    ("", "", "", "", "book"),
)


def write(apps, schema_editor=None):
    """Write the rules where there are none yet."""
    rules = apps.get_model("catalog", "MaterialRule").objects
    kinds = {kind.code: kind for kind in apps.get_model("catalog", "MaterialType").objects.all()}
    if not rules.exists():
        for position, (record_types, levels, physical, words, code) in enumerate(RULES, start=1):
            if code in kinds:
                rules.create(
                    position=position * 10,
                    record_types=record_types,
                    levels=levels,
                    physical=physical,
                    words=words,
                    material_type=kinds[code],
                )
    holdings = apps.get_model("catalog", "HoldingsRule").objects
    if not holdings.exists():
        holdings.create()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0007_marc_in")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
