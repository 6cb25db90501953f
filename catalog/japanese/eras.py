"""The eras of Japan: which year stands before the first of each."""

ERA_BEFORE = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
