"""Names from a statement of responsibility (245 $c): who is named, without what they did."""

import re
import unicodedata

from catalog.marc.meaning.wording import bare

ROLE_LETTERS = "著編訳監修集作文絵画案校注選説写真原共解撮影調査執筆演出督奏朗読製他脚本構成協力指導歌詞曲責任者・"
KANA_ROLES = "さく|え|ぶん|やく|へん|ちょ|かんしゅう|しゃしん|さいわ|げんさく|ことば|はなし|構成|おはなし"
ONE_ROLE = f"(?:[{ROLE_LETTERS}]+|(?:{KANA_ROLES}))"
ROLES = rf"\[?{ONE_ROLE}(?:\s*[・と&,、/]\s*{ONE_ROLE})*\]?"
ROLE_WORD = re.compile(rf"(?:\s+|\s*/\s*){ROLES}(?=[\s,、]|$)")
CLOSELY = re.compile(
    r"(?<=\w\w)(?:作・絵|文・絵|絵・文|さく・え|ぶん・え|え・ぶん|編著|共著|監修|編集|編訳|共訳|監訳|原作|校注|[著編訳])\]?$"
    r"|(?<=[一-龠々]{2})(?:ぶん|さく|やく)$"
)
ROLE_FIRST = re.compile(rf"^(?:{ROLES}\s*[:=]\s*|[著作文絵訳編]・(?![作文絵]))")
OTHERS = re.compile(
    r"\s*(?:\[(?:ほか|他|外|et al\.?)[^\]]*\]"
    r"|(?:ほか|他)(?:\s*[0-9一二三四五六七八九十]+\s*[名人])?(?=\s|$|\]|[著編訳監共]))"
    r"|\s*外\s*[0-9一二三四五六七八九十]+\s*[名人]|[\s.…]*\bet al\b\.?"
)
BRACKETS = str.maketrans("〔〕［］【】／；，：＝", "[][][]/;,:=")


def responsible(statement: str) -> list[str]:
    """Return the names of a statement of responsibility.

    ``沢辺均 著 ; 林拓也, 森裕司 編`` names 沢辺均, 林拓也 and 森裕司; ``見本太郎／著 例花子／絵`` two people.
    """
    names: list[str] = []
    for group in bare(unicodedata.normalize("NFC", statement).translate(BRACKETS)).split(";"):
        for said in ROLE_WORD.split(OTHERS.sub(" ", ROLE_FIRST.sub("", group.strip(" ."))).strip()):
            plain = CLOSELY.sub("", said.strip())
            names += [name.strip(" []./") for name in re.split("[,、]", plain)]
    return list(dict.fromkeys(name for name in names if name))
