"""What must hold among mails and notices: each sentence with the SQL that returns the ids of rows that break it."""

QUERIES = {
    "a notice in a mail is of the mail's patron and kind": (
        "SELECT n.id FROM notifications_notice n JOIN notifications_mail m ON m.id = n.mail_id "
        "WHERE n.patron_id <> m.patron_id OR n.kind <> m.kind"
    ),
    "a notice waits only in a mail that waits": (
        "SELECT n.id FROM notifications_notice n JOIN notifications_mail m ON m.id = n.mail_id "
        "WHERE n.state = 'pending' AND m.state <> 'pending'"
    ),
    "a mail of notices that waits has one that waits": (
        "SELECT m.id FROM notifications_mail m WHERE m.state = 'pending' AND m.kind <> 'account' "
        "AND EXISTS (SELECT 1 FROM notifications_notice n WHERE n.mail_id = m.id) "
        "AND NOT EXISTS (SELECT 1 FROM notifications_notice n WHERE n.mail_id = m.id AND n.state = 'pending')"
    ),
    "a told notice was in a mail that was sent": (
        "SELECT n.id FROM notifications_notice n JOIN notifications_mail m ON m.id = n.mail_id "
        "WHERE n.state = 'sent' AND m.state NOT IN ('sent', 'failed')"
    ),
    "what could not be told by mail is on the contact list": (
        "SELECT n.id FROM notifications_notice n JOIN reservations_reservation r ON r.id = n.reservation_id "
        "WHERE n.kind = 'ready' AND n.state = 'failed' AND r.state = 'ready' AND r.ready_at = n.episode "
        "AND r.contact_failed_at IS NULL AND r.contacted_at IS NULL"
    ),
    "a closed mail and a told notice keep no titles": (
        "SELECT id FROM notifications_mail WHERE state <> 'pending' AND body <> '' "
        "UNION ALL SELECT id FROM notifications_notice WHERE state <> 'pending' AND found IS NOT NULL"
    ),
}
