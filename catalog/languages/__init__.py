"""The languages of the pages, as rules of wording need them: days, spaces, words that differ by place."""
