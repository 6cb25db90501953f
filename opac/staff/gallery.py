"""The gallery: every component with sample data, for whoever writes a page. Open with DEBUG on, or to staff."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from catalog.models import MaterialType
from opac.look.status_icons import LOOKS
from opac.templatetags.portal import MY_PAGES
from reservations.models import State


class SampleForm(forms.Form):
    """One field of each kind, two of them wrong when ``SAMPLE_INPUT`` is given."""

    card_number = forms.CharField(
        label="利用者カードの番号",
        help_text="数字8けた。全角やハイフンでもかまいません。",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "username"}),
    )
    email = forms.EmailField(
        label="メールアドレス", required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    pickup = forms.ChoiceField(label="受取館", choices=[("a", "中央図書館"), ("b", "幸町図書館")])
    contact = forms.ChoiceField(
        label="連絡方法",
        help_text="準備ができたときのお知らせです。",
        choices=[("email", "eメール"), ("none", "不要")],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label="メモ", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    remind = forms.BooleanField(label="貸出期限の前にメールで知らせる", required=False)


SAMPLE_INPUT = {"card_number": "", "email": "hanako@", "pickup": "a", "contact": "email"}

BOOK = MaterialType()
DISC = MaterialType(cover=MaterialType.Cover.DISC, icon=MaterialType.Icon.DISC)
VIDEO = MaterialType(cover=MaterialType.Cover.VIDEO, icon=MaterialType.Icon.FILM)
COVERS = [
    ("吾輩は猫である", BOOK),
    ("銀河鉄道の夜", BOOK),
    ("細雪 上巻", BOOK),
    (
        "こどものための岡山の昔ばなし",
        MaterialType(cover=MaterialType.Cover.CHILDREN, icon=MaterialType.Icon.CHILDREN),
    ),
    (
        "月刊 図書館とまち 2026年11月号",
        MaterialType(cover=MaterialType.Cover.MAGAZINE, icon=MaterialType.Icon.MAGAZINE),
    ),
    ("こころ（朗読）", DISC),
    ("古典落語集 二", DISC),
    ("岡山城ものがたり", VIDEO),
    ("後楽園四季", VIDEO),
]

LANE = [
    {"name": "細雪 上巻", "state": "done", "of": State.READY, "note": "幸町図書館でお渡しできます。"},
    {"name": "細雪 中巻", "state": "active", "of": State.WAITING, "note": "順番は 2 番目です。"},
    {
        "name": "細雪 下巻",
        "state": "waiting",
        "of": State.WAITING,
        "note": "中巻のあとにお届けします。順番はそのままです。",
    },
]

COPIES = [
    ["中央図書館", "2階 文学", "913.6 ソ", "在庫"],
    ["幸町図書館", "一般", "913.6 ソ", "貸出中"],
]


def show(request: HttpRequest) -> HttpResponse:
    """Show every component."""
    if not (settings.DEBUG or request.user.is_staff):
        raise Http404
    context = {
        "states": [state for kind in LOOKS for state in kind],
        "form": SampleForm(),
        "wrong_form": SampleForm(SAMPLE_INPUT, auto_id="wrong_%s"),
        "covers": COVERS,
        "lane": LANE,
        "columns": ["館", "配架場所", "請求記号", "状態"],
        "copies": COPIES,
        "facts": [("著者", "谷崎潤一郎"), ("出版者", "中央公論社"), ("出版年", "1946"), ("分類", "913.6")],
        "entries": [
            {"href": "#c-my_nav", "label": label, "icon": icon, "current": number == 0}
            for number, (_name, label, icon) in enumerate(MY_PAGES)
        ],
        "page": Paginator(range(400), 20).page(7),
        "due": date(2026, 11, 23),
    }
    return render(request, "opac/gallery.html", context)
