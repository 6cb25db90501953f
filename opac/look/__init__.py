"""How pages look and read: language, typography, icons of states, form drawing."""
