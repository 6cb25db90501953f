"""What the three roles of the staff may do (SPEC D9): Django's permissions, by name."""

from typing import Any

VIEW, EDIT = ("view",), ("view", "add", "change", "delete")
COUNTER = {
    "loans": {"loan": (*VIEW, "work_at_the_desk")},
    "reservations": {"reservation": VIEW},
    "patrons": {"patron": ("view", "change")},
    "catalog": {"title": VIEW, "item": VIEW, "series": VIEW, "library": VIEW},
}
MARC = {
    "importrun": ("view", "add", "delete"),
    "importline": VIEW,
    "marcrecord": VIEW,
    "materialrule": EDIT,
    "holdingsrule": EDIT,
    "librarycode": EDIT,
}
CATALOGUING = {
    "catalog": {"title": EDIT, "item": EDIT, "series": EDIT, "library": VIEW, "materialtype": VIEW, **MARC},
}
MANAGER = {
    "loans": {"loan": (*VIEW, "work_at_the_desk")},
    "reservations": {"reservation": VIEW},
    "notifications": {"mail": VIEW, "notice": VIEW, "mailpolicy": ("view", "change"), "announcementday": EDIT},
    "patrons": {
        "patron": ("view", "change"),
        "user": ("view", "add", "change"),
        "lookup": VIEW,
        "accountpolicy": ("view", "change"),
    },
    "catalog": {
        "title": EDIT,
        "item": EDIT,
        "series": EDIT,
        "library": EDIT,
        "openinghours": EDIT,
        "closedday": EDIT,
        "extraopening": EDIT,
        "materialtype": EDIT,
        "limitgroup": EDIT,
        "policy": ("view", "change"),
        "terminal": EDIT,
        **MARC,
    },
}
ROLES = {"counter": COUNTER, "cataloguing": CATALOGUING, "manager": MANAGER}


def write_roles(apps: Any) -> None:
    """Make each role a group that has exactly these permissions; permissions that are missing yet are made."""
    group = apps.get_model("auth", "Group").objects
    for name, rooms in ROLES.items():
        permissions = [
            _permission(apps, room, model, action)
            for room, models in rooms.items()
            for model, actions in models.items()
            for action in actions
        ]
        group.get_or_create(name=name)[0].permissions.set(permissions)


def _permission(apps: Any, room: str, model: str, action: str) -> Any:
    """Return a permission row; Django, which makes them after all migrations, finds the ones made here."""
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(app_label=room, model=model)
    own = "_" in action
    codename, words = (action, action) if own else (f"{action}_{model}", f"Can {action} {model}")
    permissions = apps.get_model("auth", "Permission").objects
    return permissions.get_or_create(content_type=content_type, codename=codename, defaults={"name": words})[0]
