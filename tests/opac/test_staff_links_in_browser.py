"""Every link that the staff's first page and their lists offer to a role leads somewhere that opens."""

from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from opac.staff.roles import ROLES
from patrons.models import User
from tests.test_every_page import World

INDEX = "/admin/?lists=1"
PASSWORD = "staff-pass-1"
# Lists with rows to bring in → the roles that may.
CSV = {"/admin/catalog/item/": {"cataloguing", "manager"}, "/admin/patrons/patron/": {"counter", "manager"}}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(params=ROLES)
def role(request: pytest.FixtureRequest) -> str:
    """A role with one member of staff, and a row of everything."""
    world = World()
    someone = User.objects.create_user(f"{request.param}-1", PASSWORD, is_staff=True, library=world.library)
    someone.groups.add(Group.objects.get(name=request.param))
    return request.param


def log_in(page: Page, role: str) -> None:
    page.goto("/admin/login/")
    page.locator("#id_username").fill(f"{role}-1")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")
    page.wait_for_url(lambda address: "/login/" not in address)


def offered(page: Page, address: str) -> set[str]:
    """Open a page and return the addresses on this site that its links lead to."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200, address
    links = page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    found = {urljoin(page.url, link).split("#")[0] for link in links}
    here = urlsplit(page.url).netloc
    return {link.partition(here)[2] for link in found if urlsplit(link).netloc == here}


def opens(page: Page, address: str) -> bool:
    """Tell whether what a link leads to opens, or comes as a file."""
    return page.request.get(address).status == 200


def test_every_link_of_the_staffs_lists_opens_for_whom_it_is_offered(page: Page, role: str) -> None:
    log_in(page, role)
    links = offered(page, INDEX)
    lists = {link for link in links if link.startswith("/admin/") and link.count("/") == 4 and "?" not in link}
    assert len(lists) > 4
    for address in sorted(lists):
        links |= offered(page, address)
    assert [link for link in sorted(links) if not opens(page, link)] == []


def test_the_way_to_csv_is_shown_to_who_may_bring_rows_in(page: Page, role: str) -> None:
    log_in(page, role)
    lists = offered(page, INDEX)
    shown = {}
    for address in sorted(CSV.keys() & lists):
        page.goto(address)
        link = page.get_by_role("link", name="CSVから取り込む")
        shown[address] = link.count() == 1
        if shown[address]:
            link.click()
            expect(page.get_by_role("heading", level=1)).to_contain_text("CSVから取り込む")
    assert shown == {address: role in roles for address, roles in CSV.items() if address in lists}
