"""Once let managers change the rules of mail; see 0001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("opac", "0002_marc_roles"), ("notifications", "0003_mail_policy")]
    operations = []
