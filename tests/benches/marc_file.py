"""Records like those of JAPAN/MARC in shape and size, made without chance: the same number gives the same record."""

from pathlib import Path

from pymarc import Field, Indicators, Leader, Record, Subfield

from tests.benches.search.records import isbn

AGENCY = "BENCH"

NOUNS = (
    ("図書館", "トショカン"), ("電子書籍", "デンシ ショセキ"), ("歴史", "レキシ"), ("料理", "リョウリ"), ("猫", "ネコ"),
    ("経済学", "ケイザイガク"), ("宇宙", "ウチュウ"), ("岡山", "オカヤマ"), ("読書", "ドクショ"), ("音楽", "オンガク"),
    ("建築", "ケンチク"), ("心理学", "シンリガク"), ("物語", "モノガタリ"),
)  # fmt: skip
FORMS = (
    ("の本", "ノ ホン"), ("を考える", "オ カンガエル"), ("入門", "ニュウモン"), ("の未来", "ノ ミライ"),
    ("事典", "ジテン"),
)  # fmt: skip
NAMES = (
    ("夏目", "ナツメ"), ("森", "モリ"), ("樋口", "ヒグチ"), ("芥川", "アクタガワ"), ("与謝野", "ヨサノ"),
    ("宮沢", "ミヤザワ"), ("太宰", "ダザイ"),
)  # fmt: skip
GIVEN = (("花子", "ハナコ"), ("太郎", "タロウ"), ("賢治", "ケンジ"), ("晶子", "アキコ"), ("治", "オサム"))


def write_file(path: Path, records: int) -> None:
    """Write a file of that many records."""
    with path.open("wb") as file:
        for number in range(records):
            file.write(_record(number).as_marc())


def _record(number: int) -> Record:
    title, reading = _title(number)
    name, spoken = _of(NAMES, number // 7), _of(GIVEN, number // 3)
    year = 1950 + number % 75
    record = Record(force_utf8=True)
    record.leader = Leader("00000nam a2200000zi 4500")
    record.add_field(
        Field("001", data=f"{number:09}"),
        Field("003", data=AGENCY),
        Field("007", data="ta"),
        Field("008", data=f"190212s{year}    ja ||||g |||| ||||||jpn  "),
        _field("020", a=isbn(number), c=f"{1000 + number % 3000}円"),
        _field("040", a="JTNDL", b="jpn", c="JTNDL"),
        _field("084", a=f"{number % 1000:03}.{number % 9 + 1}", _2="njb/10"),
        _field("245", _6="880-01", a=f"{title} :", b=f"第{number}回の記録 /", c=f"{name[0]}{spoken[0]} 著."),
        _field("260", _6="880-02", a="東京 :", b=f"{_of(NAMES, number // 11)[0]}書房,", c=f"{year}.{number % 12 + 1}."),
        _field("300", a=f"{100 + number % 400}p ;", c="21cm."),
        _field("490", _6="880-03", a=f"{AGENCY} {_of(NOUNS, number // 5)[0]}新書 ;", v=str(number % 900)),
        _field("650", _6="880-04", a=_of(NOUNS, number)[0], _2="ndlsh"),
        _field("700", _6="880-05", a=f"{name[0]}, {spoken[0]}"),
        _field("880", _6="245-01/$1", a=f"{reading} :", b=f"ダイ{number}カイ ノ キロク."),
        _field("880", _6="245-01/(B", a="Romanised."),
        _field("880", _6="650-04/$1", a=_of(NOUNS, number)[1]),
        _field("880", _6="700-05/$1", a=f"{name[1]}, {spoken[1]}"),
    )
    return record


def _title(number: int) -> tuple[str, str]:
    first, second, form = _of(NOUNS, number), _of(NOUNS, number // 13 + 1), _of(FORMS, number // 169)
    return f"{first[0]}と{second[0]}{form[0]}", f"{first[1]} ト {second[1]} {form[1]}"


def _of(words: tuple, number: int) -> tuple[str, str]:
    return words[number % len(words)]


def _field(tag: str, **values: str) -> Field:
    return Field(tag, Indicators(" ", " "), [Subfield(code.lstrip("_"), value) for code, value in values.items()])
