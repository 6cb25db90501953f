"""A page of the admin to try labels on: which type each becomes by the rules as they stand, and why."""

from dataclasses import dataclass

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from catalog.bibliography.labels import number_on, refined
from catalog.models.policy import MaterialType

MOST_LABELS = 500
LONGEST_LABEL = 200


class TrialForm(forms.Form):
    """What is tried: labels, a line each, on copies of one type."""

    base = forms.ModelChoiceField(
        MaterialType.objects.filter(refinements__isnull=False).distinct(), label="資料種別", empty_label=None
    )
    labels = forms.CharField(
        label="請求記号（1行に1つ）",
        widget=forms.Textarea({"rows": 8, "cols": 40}),
        max_length=MOST_LABELS * LONGEST_LABEL,
        strip=False,
        error_messages={"required": "請求記号を入れてください。"},
    )

    def clean_labels(self) -> list[str]:
        lines = [line.strip() for line in self.cleaned_data["labels"].splitlines()]
        labels = [line for line in lines if line]
        if not labels:
            raise forms.ValidationError("請求記号を入れてください。")
        if len(labels) > MOST_LABELS or max(map(len, labels)) > LONGEST_LABEL:
            raise forms.ValidationError(f"{MOST_LABELS}行まで、1行は{LONGEST_LABEL}字までです。")
        return labels


@dataclass(frozen=True)
class Verdict:
    """What a label says alone: the type of its copy, and a sentence for each rule that looked at it."""

    label: str
    kind: MaterialType
    reasons: list[str]


class LabelTrial(admin.ModelAdmin):
    """Give the material types the page 「請求記号で試す」, for whoever may see them."""

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.label_page)
        return [path("labels/", page, name="catalog_materialtype_labels"), *super().get_urls()]

    def label_page(self, request: HttpRequest) -> HttpResponse:
        """Say of each label what becomes of it; nothing is written."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = TrialForm(request.POST if request.method == "POST" else None)
        verdicts: list[Verdict] = []
        if form.is_valid():
            base = form.cleaned_data["base"]
            fine = list(MaterialType.objects.filter(refines=base))
            verdicts = [verdict(label, base, fine) for label in form.cleaned_data["labels"]]
        context = self.admin_site.each_context(request) | {
            "title": "請求記号で試す",
            "opts": self.opts,
            "form": form,
            "refinements": MaterialType.objects.exclude(refines=None).select_related("refines"),
            "verdicts": verdicts,
        }
        return TemplateResponse(request, "admin/catalog/materialtype/labels.html", context)


def verdict(label: str, base: MaterialType, refinements: list[MaterialType]) -> Verdict:
    """Return what a label makes of a copy of ``base``, and why."""
    reasons = []
    for fine in refinements:
        number, which = number_on(label, fine), fine.get_label_number_display()
        if number is None:
            reasons.append(f"{fine}：番号がありません（{which}）。")
            continue
        lies = "に入ります" if fine.has_on_label(number) else "に入りません"
        reasons.append(f"{fine}：番号は{number}（{which}）。{fine.label_first}～{fine.label_last}{lies}。")
    return Verdict(label, refined(base, [label], refinements)[0], reasons)
