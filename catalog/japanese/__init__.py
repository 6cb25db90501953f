"""What knows Japanese and no catalogue: folding, variants, romaji, sort keys, furigana, words of a text."""
