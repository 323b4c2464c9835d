from django.db import migrations

from drumbeat.apps.stories.schema import NO_SEARCH, SEARCH


class Migration(migrations.Migration):
    dependencies = [("stories", "0001_timeline")]

    operations = [migrations.RunSQL(SEARCH, NO_SEARCH)]
