"""Every judgement of ``layout_audit`` refuses a page that is wrong in just that, and lets a whole page pass."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import layout_audit

FRAME = """<!doctype html><html lang="ja"><meta name="viewport" content="width=device-width"><title>見本</title><style>
  *, ::before {{ box-sizing: border-box }} body {{ margin: 8px; font: 16px/1.7 sans-serif; overflow-wrap: anywhere }}
  button, input {{ min-height: 48px; min-width: 48px; border: 2px solid #666 }}
  :focus-visible {{ outline: 4px solid #000; outline-offset: 2px }}
  nav a {{ display: inline-block; padding: 10px 24px }}
</style><body>{}</body></html>"""
WHOLE = """<header><nav aria-label="メニュー"><a href="#one">ホーム</a> <a href="#two">ご利用案内</a></nav></header>
  <main><h1>見本の画面</h1><p>長い文でも、せまい画面で折り返します。
  <a href="#three">文の中のリンク</a>は小さくてもかまいません。</p>
  <form><label for="q">ことば</label><input id="q"> <button>検索</button></form></main>"""
LONG = "<p>" + "文" * 4000 + "</p>"

FAULTS: dict[str, tuple[Callable[[Page], list[str]], str, str]] = {
    "wider than the window": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        '<p style="width: 400px">広い段落</p>',
        "too wide: <p",
    ),
    "wider only with text spread out": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        f'<p style="white-space: nowrap; width: 300px">{"文" * 18}</p>',
        "with wide spacing: page is",
    ),
    "scrolls without a name": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        '<div style="overflow-x: auto" tabindex="0"><p style="width: 400px">表</p></div>',
        "has no name",
    ),
    "scrolls out of a key's reach": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        '<div style="overflow-x: auto" role="region" aria-label="表"><p style="width: 400px">表</p></div>',
        "no key reaches it",
    ),
    "text cut off": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        f'<div style="height: 2em; overflow: hidden">{"文" * 60}</div>',
        "cut off",
    ),
    "text cut off at 200 percent": (
        lambda page: layout_audit.zoom(page, layout_audit.HALF),
        f'<div style="width: 600px; height: 2em; overflow: clip">{"文" * 60}</div>',
        "cut off",
    ),
    "text cut off only when spread out": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        f'<div style="width: 300px; height: 28px; overflow: hidden">{"文" * 18}</div>',
        "with wide spacing: cut off",
    ),
    "text under something else": (
        lambda page: layout_audit.zoom(page, layout_audit.SMALLEST),
        '<p>下の文</p><div style="margin-top: -40px; height: 60px; background: #fff; position: relative"></div>',
        "is covered by",
    ),
    "no edge in forced colours": (
        layout_audit.system,
        '<button style="border: 0; background: #00c; color: #fff">押す</button>',
        "no edge",
    ),
    "icon not seen in forced colours": (
        layout_audit.system,
        '<svg width="20" height="20" fill="none" stroke="#fff"><symbol id="i" viewBox="0 0 9 9"><path d="M0 0 9 9"/>'
        '</symbol><use href="#i"/></svg>',
        "icon not seen",
    ),
    "focus by shadow alone": (
        layout_audit.system,
        '<a href="#x" style="outline: 0; box-shadow: 0 0 0 4px #00f">影だけ</a>',
        "in forced colours: focus not drawn",
    ),
    "animation": (
        layout_audit.system,
        "<style>@keyframes turn { to { rotate: 1turn } } p { animation: turn 2s infinite }</style><p>回る</p>",
        "moves",
    ),
    "transition": (layout_audit.system, '<p style="transition: color .3s">変わる</p>', "moves"),
    "small link": (
        layout_audit.targets,
        '<p><a href="#x" style="display: inline-block; height: 20px">小</a></p>',
        "× 20 px",
    ),
    "small button": (
        layout_audit.targets,
        '<button style="min-height: 40px; height: 40px; padding: 0">押す</button>',
        "× 40 px",
    ),
    "small on a touch panel": (lambda page: layout_audit.targets(page, touch=True), "<button>押す</button>", "× 48 px"),
    "focus not drawn": (layout_audit.tabs, '<button style="outline: 0">押す</button>', "focus not drawn"),
    "focus drawn in the colour of the ground": (
        layout_audit.tabs,
        '<button style="outline-color: #fff">押す</button>',
        "focus not drawn",
    ),
    "focus that was there before": (
        layout_audit.tabs,
        '<button style="outline: 4px solid #000; outline-offset: 2px">押す</button>',
        "focus not drawn",
    ),
    "focus outside the window": (
        layout_audit.tabs,
        '<a href="#x" style="position: absolute; left: -999px">外</a>',
        "focus outside the window",
    ),
    "focus under something fixed": (
        layout_audit.tabs,
        f'<div style="position: fixed; inset: auto 0 0; height: 50%; background: #fff"></div>{LONG}<a href="#x">下</a>',
        "is covered by",
    ),
    "focus against the order": (
        layout_audit.tabs,
        '<button tabindex="-1" id="x">先</button><a href="#y">中</a><a href="#z" onfocus="x.focus()">後</a>',
        "focus goes back",
    ),
    "focus out of a key's reach": (layout_audit.tabs, '<a href="#x" tabindex="9">先</a>', "no Tab reaches"),
    "focus that comes to nothing": (
        layout_audit.tabs,
        '<button onfocus="this.remove()">消える</button><a href="#x">残る</a>',
        "no Tab reaches",
    ),
}


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of no server."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.mark.parametrize(("judge", "html", "said"), FAULTS.values(), ids=FAULTS)
def test_a_page_is_refused_that_is(plain: Page, judge: Callable[[Page], list[str]], html: str, said: str) -> None:
    plain.set_content(FRAME.format(WHOLE + html))
    faults = judge(plain)
    assert [fault for fault in faults if said in fault], faults


def test_a_whole_page_passes_every_judgement(plain: Page) -> None:
    plain.set_content(FRAME.format(WHOLE + LONG + WHOLE.replace('"q"', '"r"')))
    found = layout_audit.targets(plain) + layout_audit.tabs(plain) + layout_audit.system(plain)
    assert found + layout_audit.zoom(plain, layout_audit.HALF) + layout_audit.zoom(plain, layout_audit.SMALLEST) == []
