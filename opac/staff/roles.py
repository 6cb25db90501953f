"""What the three roles of the staff may do (SPEC D9): Django's permissions, by name."""

from django.apps import apps as installed
from django.apps.registry import Apps

Rights = dict[str, dict[str, tuple[str, ...]]]  # room → model → actions
VIEW, EDIT = ("view",), ("view", "add", "change", "delete")
COUNTER: Rights = {
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
CATALOGUING: Rights = {
    "catalog": {"title": EDIT, "item": EDIT, "series": EDIT, "library": VIEW, "materialtype": VIEW, **MARC},
}
MANAGER: Rights = {
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
ROLES: dict[str, Rights] = {"counter": COUNTER, "cataloguing": CATALOGUING, "manager": MANAGER}


def write_roles(*, using: str, apps: Apps = installed, **signal: object) -> None:
    """Make each role a group that has exactly these permissions.

    Heard after every ``migrate`` and ``flush``, so a change of ROLES holds from the next deploy on. A migration that
    stops midway leaves out what has no table yet.
    """
    try:
        groups, permissions = (apps.get_model("auth", name).objects.using(using) for name in ("Group", "Permission"))
    except LookupError:
        return
    for role, rights in ROLES.items():
        named = {  # as Django names them: an action with its model, or a model's own word
            (room, action if "_" in action else f"{action}_{model}")
            for room, models in rights.items()
            for model, actions in models.items()
            for action in actions
        }
        held = permissions.filter(content_type__app_label__in=rights).select_related("content_type")
        group, _ = groups.get_or_create(name=role)
        group.permissions.set([one for one in held if (one.content_type.app_label, one.codename) in named])
