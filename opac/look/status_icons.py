"""How a state and a kind of material look: the colour, the shape and the icon that stand beside their words."""

# State by its word → its colour, its icon.
STATES = {
    "予約中": ("wait", "clock"),
    "配送中": ("move", "truck"),
    "取置／貸出可": ("good", "check"),
    "貸出済": ("", "book"),
    "取消": ("", "cross"),
    "取置期限切れ": ("stop", "calendar"),
    "在庫": ("good", "check"),
    "貸出中": ("", "minus"),
    "取置": ("move", "bell"),
    "整理中": ("", "gear"),
    "調査中": ("", "search"),
    "除籍": ("", "cross"),
    "延滞": ("stop", "warning"),
    "延長済": ("", "clock"),
    "休止中": ("", "pause"),
    "開館": ("good", "check"),
    "休館": ("", "minus"),
    "お知らせする": ("good", "mail"),
    "お知らせしない": ("", "pause"),
    "読みたい": ("wait", "flag"),
    "読んでいる": ("move", "book"),
    "読んだ": ("good", "check"),
    "達成": ("good", "success"),
}

# Material type by code and by its Japanese name → how its cover is drawn, and the icon in the corner.
COVERS = {
    "magazine": ("magazine", "magazine"),
    "雑誌": ("magazine", "magazine"),
    "children": ("children", "children"),
    "児童書": ("children", "children"),
    "cd": ("disc", "disc"),
    "CD": ("disc", "disc"),
    "spoken_cd": ("disc", "disc"),
    "朗読CD": ("disc", "disc"),
    "dvd": ("video", "film"),
    "DVD": ("video", "film"),
    "video": ("video", "film"),
    "ビデオ": ("video", "film"),
}
