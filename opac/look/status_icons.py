"""How a state looks: the colour, the shape and the icon that stand beside its word."""

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
