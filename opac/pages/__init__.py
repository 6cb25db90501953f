"""Pages that cross rooms: start, My ライブラリ, 「わたしのデータ」, 「ご利用案内」, errors."""
