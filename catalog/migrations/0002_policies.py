"""Write the rules of the first library as rows: material types, limits, periods (SPEC R3, decisions 11 and 12)."""

from django.db import migrations

GROUPS = (
    # name, reservations, loans
    ("CD（音楽・落語など）", 10, 5),
    ("DVD・ビデオ", 10, 5),
)
TYPES = (
    # code, name, audiovisual, extendable, limit group
    ("book", "図書", False, True, None),
    ("magazine", "雑誌", False, True, None),
    ("cd", "CD", True, False, "CD（音楽・落語など）"),
    ("spoken_cd", "朗読CD", True, False, None),
    ("dvd", "DVD", True, False, "DVD・ビデオ"),
    ("video", "ビデオ", True, False, "DVD・ビデオ"),
)


def write(apps, schema_editor=None):
    """Write what is missing and leave what a library has changed."""
    groups = {
        name: apps.get_model("catalog", "LimitGroup").objects.get_or_create(
            name=name, defaults={"reservation_limit": reservations, "loan_limit": loans}
        )[0]
        for name, reservations, loans in GROUPS
    }
    kinds = apps.get_model("catalog", "MaterialType").objects
    for position, (code, name, audiovisual, extendable, group) in enumerate(TYPES):
        refined = {}
        if code == "spoken_cd":
            refined = {"refines": kinds.get(code="cd"), "label_first": 700, "label_last": 799}
        kinds.get_or_create(
            code=code,
            defaults={
                "name": name,
                "audiovisual": audiovisual,
                "extendable": extendable,
                "limit_group": groups.get(group),
                "position": position,
                **refined,
            },
        )
    apps.get_model("catalog", "Policy").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
