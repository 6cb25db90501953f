"""How forms are drawn: ``{{ form }}`` and ``{{ field.as_field_group }}`` use the components."""

from django.forms.renderers import TemplatesSetting


class ComponentRenderer(TemplatesSetting):
    """Draw fields with templates/components; widgets keep Django's own templates."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
