"""Let Lighthouse judge five pages of a running portal at the settings of a phone.

    python3 portal.py demo --port 8000
    .venv/bin/python -m tests.lighthouse http://localhost:8000 [--runs 5]

Needs Node with npm, which fetches Lighthouse 12 (13 wants a newer Node), and the Chromium of the tests. Prints a line a
page: the lowest accessibility, best practices and SEO of the runs, the median of performance, and what was found wrong.
Exits with 1 when a page stays below ``LEAST`` where that counts (performance is reported, not judged).
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

from tests.browser import ARGUMENTS

LIGHTHOUSE = ("npx", "--yes", "lighthouse@12")
CARD, PASSWORD = "10200017", "okayama2026"  # of the sample library
LEAST = 95
TRIES = 3  # Chromium does not always open in time on a busy machine
JUDGED = ("accessibility", "best-practices")
CATEGORIES = ("performance", *JUDGED, "seo")
FOUND_BY_SEARCH = ("start", "results", "title")  # the others ask search engines to stay away


def main() -> None:
    """Measure each page and say how it did."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("site")
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    opener, jar = logged_in(given.site)
    cookie = "; ".join(f"{one.name}={one.value}" for one in jar)
    below = []
    for name, path in pages(opener, given.site).items():
        headers = {} if name in FOUND_BY_SEARCH else {"Cookie": cookie}
        reports = [report(given.site + path, headers) for _ in range(given.runs)]
        scores = {one: [round(each["categories"][one]["score"] * 100) for each in reports] for one in CATEGORIES}
        lowest = {one: min(scores[one]) for one in CATEGORIES[1:]}
        say(f"{name:12} performance {statistics.median(scores['performance']):.0f} {lowest}")
        for fault in faults(reports[-1]):
            say(f"{'':12} {fault}")
        judged = (*JUDGED, "seo") if name in FOUND_BY_SEARCH else JUDGED
        below += [f"{name} {one}" for one in judged if lowest[one] < LEAST]
    if below:
        sys.exit(f"Below {LEAST}: {', '.join(below)}")


def pages(opener: OpenerDirector, site: str) -> dict[str, str]:
    """Return the paths to measure; the title is the first of a search."""
    results = "/search/?" + urlencode({"q": "ねこ"})
    html = opener.open(site + results).read().decode()
    title = re.search(r"/titles/\d+/", html)
    if not title:
        sys.exit("The sample library has no title for 「ねこ」; is the search index there?")
    return {"start": "/", "results": results, "title": title[0], "basket": "/basket/", "my": "/my/"}


def logged_in(site: str) -> tuple[OpenerDirector, CookieJar]:
    """Log a sample patron in over HTTP; return what opens pages as that patron, and its cookies."""
    policy = DefaultCookiePolicy(secure_protocols=("https", "http", "wss"))
    jar = CookieJar(policy)
    opener = build_opener(HTTPCookieProcessor(jar))
    page = opener.open(f"{site}/login/").read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = {"card_number": CARD, "password": PASSWORD} | ({"csrfmiddlewaretoken": token[1]} if token else {})
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(site))
    answer = opener.open(Request(f"{site}/login/", urlencode(form).encode(), {"Origin": origin}))  # noqa: S310
    if "/login/" in answer.url:
        sys.exit("The sample patron could not log in.")
    return opener, jar


def report(url: str, headers: dict[str, str]) -> dict:
    """Run Lighthouse once at its settings for phones and return what it says."""
    command = [*LIGHTHOUSE, url, "--output=json", "--quiet", f"--only-categories={','.join(CATEGORIES)}"]
    command += [f"--extra-headers={json.dumps(headers)}", f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"]
    browser = os.environ.get("PORTAL_CHROMIUM") or shutil.which("chromium") or ""
    for _ in range(TRIES):
        answer = subprocess.run(command, capture_output=True, env=os.environ | {"CHROME_PATH": browser})
        if answer.returncode == 0:
            return json.loads(answer.stdout)
    sys.exit(f"Lighthouse did not measure {url}: {answer.stderr.decode()[-600:]}")


def faults(found: dict) -> list[str]:
    """Return what cost points, outside performance."""
    wanted = {one["id"] for name in CATEGORIES[1:] for one in found["categories"][name]["auditRefs"] if one["weight"]}
    audits = found["audits"]
    return [f"{name}: {audits[name]['title']}" for name in sorted(wanted) if audits[name]["score"] in {0, 0.5}]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
