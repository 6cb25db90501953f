"""How a material type looks and is named elsewhere, and what other languages call it, become columns of its row.

Okayama's name, addresses, limits and label range leave installations that have no library yet: the sample library
writes them, another city its own. Columns have defaults in the database, so that older code goes on inserting.
"""

from django.core.validators import RegexValidator
from django.db import migrations, models

TYPES = {
    # code: periodical, cover, icon, schema.org, leader/06-07, 007
    "book": (False, "book", "book", "Book", "am", ""),
    "magazine": (True, "magazine", "magazine", "PublicationIssue", "as", ""),
    "cd": (False, "disc", "disc", "MusicAlbum", "jm", "sd"),
    "spoken_cd": (False, "disc", "disc", "Audiobook", "im", "sd"),
    "dvd": (False, "video", "film", "Movie", "gm", "vd"),
    "video": (False, "video", "film", "Movie", "gm", "vf"),
    "children": (False, "children", "children", "Book", "am", ""),
}
# What the catalogues of messages said until now, for rows that keep the name they began with.
NAMES = {
    "図書": {"ja-easy": "本", "en": "Book", "zh-hans": "图书", "ko": "도서", "vi": "Sách"},
    "雑誌": {"ja-easy": "雑誌〈ざっし〉", "en": "Magazine", "zh-hans": "杂志", "ko": "잡지", "vi": "Tạp chí"},
    "朗読CD": {
        "ja-easy": "本を 読む 声の CD",
        "en": "Audiobook CD",
        "zh-hans": "朗读CD",
        "ko": "낭독 CD",
        "vi": "CD đọc sách",
    },
    "ビデオ": {"en": "Video", "zh-hans": "录像带", "ko": "비디오", "vi": "Băng video"},
    "CD（音楽・落語など）": {
        "ja-easy": "CD（音楽や 落語など）",
        "en": "CDs (music, rakugo and others)",
        "zh-hans": "CD（音乐、落语等）",
        "ko": "CD(음악, 라쿠고 등)",
        "vi": "CD (âm nhạc, rakugo…)",
    },
    "DVD・ビデオ": {
        "ja-easy": "DVDと ビデオ",
        "en": "DVDs and videos",
        "zh-hans": "DVD和录像带",
        "ko": "DVD·비디오",
        "vi": "DVD và băng video",
    },
}
OKAYAMA = {
    "organisation_name": "岡山市立図書館",
    "home_url": "https://www.ocl.city.okayama.jp",
    "mail_from": "toshokan@ocl.city.okayama.jp",
}


def write_columns(apps, schema_editor):
    """Fill the new columns from the tables that stood in the code."""
    kinds = apps.get_model("catalog", "MaterialType").objects
    names = ("periodical", "cover", "icon", "schema_type", "marc_leader", "marc_physical")
    for code, values in TYPES.items():
        kinds.filter(code=code).update(**dict(zip(names, values, strict=True)))
    for model in ("MaterialType", "LimitGroup"):
        for name, words in NAMES.items():
            apps.get_model("catalog", model).objects.filter(name=name).update(names=words)


def leave_okayama(apps, schema_editor):
    """Empty what only Okayama chose, where no library has been written and nothing was changed."""
    if apps.get_model("catalog", "Library").objects.exists():
        return
    for column, value in OKAYAMA.items():
        apps.get_model("catalog", "Policy").objects.filter(**{column: value}).update(**{column: ""})
    apps.get_model("catalog", "LimitGroup").objects.update(reservation_limit=None, loan_limit=None)
    refined = apps.get_model("catalog", "MaterialType").objects.filter(code="spoken_cd", label_first=700, label_last=799)
    refined.update(refines=None, label_first=None, label_last=None)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_other_isbns")]

    operations = [
        migrations.AddField(
            model_name='limitgroup',
            name='names',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='ほかの言語での名称'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='cover',
            field=models.CharField(choices=[('book', '本'), ('children', 'こどもの本'), ('magazine', '雑誌'), ('disc', '円盤'), ('video', '映像')], db_default='book', default='book', max_length=10, verbose_name='表紙の絵'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='icon',
            field=models.CharField(choices=[('book', '本'), ('children', 'こども'), ('magazine', '雑誌'), ('disc', '円盤'), ('film', 'フィルム')], db_default='book', default='book', max_length=10, verbose_name='しるし'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='marc_leader',
            field=models.CharField(db_default='am', default='am', help_text='書き出すMARCの種別と書誌レベル。例：am（図書）、as（雑誌）、jm（音楽）、gm（映像）', max_length=2, validators=[RegexValidator('^[a-z]{2}$', '小文字の英字2字です。例：am')], verbose_name='MARCのリーダ06–07'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='marc_physical',
            field=models.CharField(blank=True, db_default='', default='', help_text='例：sd（録音ディスク）、vd（映像ディスク）、vf（ビデオカセット）。図書は空欄。', max_length=2, validators=[RegexValidator('^[a-z]{2}$', '小文字の英字2字です。例：sd')], verbose_name='MARCの007の始まり'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='names',
            field=models.JSONField(blank=True, db_default={}, default=dict, verbose_name='ほかの言語での名称'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='periodical',
            field=models.BooleanField(db_default=False, default=False, help_text='号ごとに登録し、新しい号から並べます。', verbose_name='逐次刊行物'),
        ),
        migrations.AddField(
            model_name='materialtype',
            name='schema_type',
            field=models.CharField(db_default='CreativeWork', default='CreativeWork', help_text='検索サイトに伝える種類です。例：Book、MusicAlbum、Movie、Audiobook、PublicationIssue', max_length=30, validators=[RegexValidator('^[A-Z][A-Za-z]+$', '大文字で始まる英字です。例：Book')], verbose_name='schema.org の種類'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='home_url',
            field=models.URLField(default='', verbose_name='ホームページ'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='mail_from',
            field=models.EmailField(default='', max_length=254, verbose_name='差出人アドレス'),
        ),
        migrations.AlterField(
            model_name='policy',
            name='organisation_name',
            field=models.CharField(default='', max_length=60, verbose_name='図書館の名前'),
        ),
        migrations.RunPython(write_columns, migrations.RunPython.noop),
        migrations.RunPython(leave_okayama, migrations.RunPython.noop),
    ]
