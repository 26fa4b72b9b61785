from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stories", "0003_tags_become_topics")]

    operations = [migrations.DeleteModel(name="StoryTag")]
