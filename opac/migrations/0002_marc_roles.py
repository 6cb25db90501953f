"""Once let cataloguers and managers bring MARC in; see 0001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("opac", "0001_roles"), ("catalog", "0009_upload_path")]
    operations = []
