from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('dashboard', '0030_alerts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alerts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rev', models.BigIntegerField(default=0, editable=False)),
                ('floor', models.BigIntegerField(default=0, editable=False)),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
