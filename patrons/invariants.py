"""What must hold among accounts: each sentence with the SQL that returns the ids of rows that break it."""

QUERIES = {
    "a patron has an own password exactly when the gate is open": (
        "SELECT p.id FROM patrons_patron p JOIN patrons_user u ON u.id = p.user_id "
        "WHERE (p.own_password_set_at IS NULL) <> (u.password LIKE '!%')"
    ),
    "a patron logs in with the number of the card": (
        "SELECT p.id FROM patrons_patron p JOIN patrons_user u ON u.id = p.user_id WHERE p.card_number <> u.username"
    ),
    "a patron's login gives no access to the staff's site": (
        "SELECT p.id FROM patrons_patron p JOIN patrons_user u ON u.id = p.user_id WHERE u.is_staff OR u.is_superuser"
    ),
    "a patron without an own password has no passkey": (
        "SELECT k.id FROM patrons_passkey k JOIN patrons_patron p ON p.id = k.patron_id "
        "WHERE p.own_password_set_at IS NULL"
    ),
    "a mail to nobody has no address": ("SELECT id FROM patrons_mailrequest WHERE patron_id IS NULL AND address <> ''"),
    "there is one row of account rules": "SELECT count(*) FROM patrons_accountpolicy HAVING count(*) <> 1",
}
