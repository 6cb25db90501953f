"""Japanese for patrons stands under gettext where it is said: every module and every template is read."""

import ast

import pytest
from django.apps import apps
from django.utils.functional import Promise

from tests.opac import sources

# Choices that nobody but staff reads, by model and column.
STAFF_CHOICES = {
    "catalog.MaterialType.cover",
    "catalog.MaterialType.icon",
    "catalog.MaterialType.label_number",
    "catalog.ImportRun.state",
    "catalog.Terminal.key_order",
    "catalog.Terminal.kind",
    "loans.ContactAttempt.result",
    "notifications.Notice.state",
    "patrons.AccountPolicy.card_check_digit",
}


def read_by_patrons() -> list[tuple[str, ast.Module]]:
    """Return what is read: whole modules, and of models what their functions say."""
    found = [(name, tree) for name, tree in sources.modules() if not name.startswith(sources.LANGUAGE)]
    return [(name, sources.functions_of(tree) if sources.MODELS.search(name) else tree) for name, tree in found]


def test_no_module_says_japanese_outside_gettext() -> None:
    found = {(name, words) for name, tree in read_by_patrons() for _, words in sources.bare_strings(tree)}
    assert found == set()


def test_no_sentence_is_built_outside_the_catalogues() -> None:
    found = {(name, words) for name, tree in read_by_patrons() for _, words in sources.built_sentences(tree)}
    assert found == set()


def test_no_page_says_japanese_outside_the_marks_for_translation() -> None:
    found = {name: lines for name, page in sources.pages().items() if (lines := sources.bare_words(page))}
    assert found == {}


def test_labels_of_choices_are_said_in_the_language_of_the_page() -> None:
    rooms = [app for app in apps.get_app_configs() if app.name in sources.ROOMS]
    columns = {
        f"{model._meta.label}.{field.name}": field.choices
        for app in rooms
        for model in app.get_models()
        for field in model._meta.fields
        if field.choices
    }
    bare = {
        column
        for column, choices in columns.items()
        if any(sources.JAPANESE.search(str(label)) and not isinstance(label, Promise) for _, label in choices)
    }
    assert bare == STAFF_CHOICES


def test_most_of_the_house_is_read() -> None:
    names = {name for name, _ in read_by_patrons()}
    rooms = {name.split("/")[0] for name in names}
    assert (rooms, len(names) > 100, len(sources.pages()) > 100) == (set(sources.ROOMS), True, True)


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ('messages.success(request, "保存しました。")', ["保存しました。"]),
        ('messages.success(request, _("保存しました。"))', []),
        ('label = gettext_lazy("書名")', []),
        ('said = {"状態": gettext("予約中")}', ["状態"]),
        ('"""保存する。"""', []),
        ('def __str__(self):\n    return f"予約 {self.pk}"', []),
        ('return stop("貸出中です" if busy else "")', ["貸出中です"]),
        ('WORD = re.compile("[ぁ-ん]+")', []),
        ('SUBJECTS = {"ja": {1: "ご案内"}, "en": {1: "News"}}', []),
        ('return gettext("貸出中"), "在庫"', ["在庫"]),
        ('f"{count}件です"', ["件です"]),
    ],
)
def test_a_bare_sentence_is_found(source: str, bare: list[str]) -> None:
    assert [words for _, words in sources.bare_strings(ast.parse(source))] == bare


@pytest.mark.parametrize(
    ("page", "bare"),
    [
        ("<h1>予約かご</h1>", ["<h1>予約かご</h1>"]),
        ('<h1>{% translate "予約かご" %}</h1>', []),
        ('<a title="戻る" href="/">x</a>', ['<a title="戻る" href="/">x</a>']),
        ('{% include "a.html" with label=_("予約") %}', []),
        ('{% include "a.html" with label="予約" %}', ['{% include "a.html" with label="予約" %}']),
        ("{# 覚え書き #}<p>{% blocktranslate %}{{ n }}件{% endblocktranslate %}</p>", []),
        ("<b>{{ a }}</b>：{{ b }}", ["<b>{{ a }}</b>：{{ b }}"]),
        ("<b>{{ a }}</b>　{{ b }}", ["<b>{{ a }}</b>　{{ b }}"]),
    ],
)
def test_bare_words_of_a_page_are_found(page: str, bare: list[str]) -> None:
    assert sources.bare_words(page) == bare
