"""Kana as tables: hiragana and katakana, small and large; and the characters that are written but never read."""

import re

SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎ", "あいうえおつやゆよわ")
TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}

# Controls, joiners, direction marks, selectors, halves of surrogates.
UNREAD = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
                    "\ufeff\ufff9-\ufffb\U000e0000-\U000e01ef\ud800-\udfff]")  # fmt: skip
